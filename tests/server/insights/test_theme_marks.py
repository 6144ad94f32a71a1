from __future__ import annotations

from winback.server.insights.theme_marks import meter, months_mark, shade, share_head, share_mark, top_of


def test_shares_stand_on_one_scale_that_holds_every_interval() -> None:
    rows = [{"low": 0.1, "high": 0.23, "share": 0.15}, {"low": 0.0, "high": 0.05, "share": 0.02}]
    assert (top_of(rows), top_of([])) == (0.3, 0.1)
    assert "30 %" in share_head(0.3) and "15 %" in share_head(0.3)
    mark = share_mark(rows[0], 0.3, "detractor", 0.2)
    assert "cx=50.00%" in mark and "x1=33.33% x2=76.67%" in mark and "f-d" in mark and "x1=66.67%" in mark
    assert "f-ink" in share_mark(rows[1], 0.3, "all")


def test_a_meter_is_a_part_of_a_whole() -> None:
    assert 'width="79.0%"' in meter(0.79) and 'width="100.0%"' in meter(1.2)


def test_months_are_a_line_with_words_for_who_does_not_see_it() -> None:
    line = months_mark([{"share": 0.0}, {"share": None}, {"share": 0.5}], 0.5)
    assert 'points="2.0,20.0 58.0,3.0"' in line and "0 % in the first month, 50 % in the last" in line
    assert months_mark([{"share": 0.1}], 0.5) == ""


def test_cells_are_deeper_the_greater_the_share() -> None:
    assert [shade(share, "detractor") for share in (None, 0.01, 0.06, 0.2, 0.9)] == ["few", "n", "d1", "d2", "d2"]
    assert shade(0.2, "promoter") == "p2"
