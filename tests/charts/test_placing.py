"""Names of points stand where nothing else does."""

from __future__ import annotations

from winback.charts.placing import sides


def test_a_point_alone_has_its_name_on_the_right() -> None:
    assert sides([(0.4, 0.5)], ["support"], height=300) == ["right"]


def test_at_the_right_edge_it_stands_on_the_left() -> None:
    assert sides([(0.99, 0.5)], ["support"], height=300) == ["left"]


def test_of_two_at_one_height_the_second_gives_way() -> None:
    assert sides([(0.4, 0.5), (0.43, 0.5)], ["support", "billing"], height=300) == ["left", "right"]


def test_a_name_without_a_free_side_is_left_out() -> None:
    found = sides([(0.5, 0.5)] * 5, ["name"] * 5, height=300)
    assert found == ["right", "left", "above", "below", None]


def test_far_points_do_not_care() -> None:
    assert sides([(0.1, 0.1), (0.1, 0.9)], ["a", "b"], height=300) == ["right", "right"]
