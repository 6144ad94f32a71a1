"""Planted groups are found again, with their number."""

from __future__ import annotations

import numpy as np
import pytest

from winback.stats.grouping import LONGEST, diffused, group, joined, nearest, rand_index, refined


def planted(groups: int, each: int, noise: float = 0.05) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    centres = rng.standard_normal((groups, 24))
    truth = np.repeat(np.arange(groups), each)
    rows = centres[truth] + noise * 24**0.5 * rng.standard_normal((len(truth), 24))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32), truth


def test_the_number_of_groups_is_found() -> None:
    rows, truth = planted(12, 40)
    found = group(rows)
    assert rand_index(truth, found.labels) > 0.9
    assert 11 <= len(found.centres) <= 14
    assert found.stability is not None and found.stability > 0.85


def test_of_a_hundred_rows_groups_of_a_dozen_are_found() -> None:
    rows, truth = planted(8, 12)
    found = group(rows)
    assert len(found.centres) == 8
    assert rand_index(truth, found.labels) > 0.95


def test_what_points_one_way_is_one_group() -> None:
    rows, _ = planted(1, 24, noise=0.02)
    assert len(group(rows).centres) == 1


def test_the_number_asked_for_and_the_same_again() -> None:
    rows, _ = planted(8, 30)
    first, second = group(rows, number=5), group(rows, number=5)
    assert len(first.centres) == 5
    np.testing.assert_array_equal(first.labels, second.labels)
    np.testing.assert_array_equal(first.centres, second.centres)


@pytest.mark.parametrize(("rows", "asked", "found"), [(2, 4, 2), (3, 3, 3), (8, 5, 5), (1, 4, 1)])
def test_of_few_rows_as_many_groups_as_can_be(rows: int, asked: int, found: int) -> None:
    assert len(group(np.eye(8, dtype=np.float32)[:rows], number=asked).centres) == found


def test_few_rows_are_one_group() -> None:
    rows, _ = planted(2, 3)
    assert group(rows).labels.tolist() == [0] * 6


def test_ward_joins_what_costs_least() -> None:
    means = np.array([[0.0], [1.0], [10.0], [11.5]])
    assert joined(means, np.array([1, 1, 1, 1])) == [(0, 1), (2, 3), (0, 2)]


def test_drawn_rows_lie_nearer_to_their_own() -> None:
    rows, truth = planted(4, 30, noise=0.2)
    drawn = diffused(rows)
    own = truth[:, None] == truth[None]
    assert (drawn @ drawn.T)[own].mean() > (rows @ rows.T)[own].mean()


def test_nearest_and_refined() -> None:
    rows = np.eye(3, dtype=np.float32)
    assert nearest(rows, rows[::-1].copy()).tolist() == [2, 1, 0]
    assert refined(np.repeat(rows, 4, axis=0), np.repeat([0, 1, 2], 4)).tolist() == [0] * 4 + [1] * 4 + [2] * 4


def test_rand_index_by_hand() -> None:
    assert rand_index([0, 0, 1, 1], [1, 1, 0, 0]) == 1.0
    # pairs together in both 1, in the first 2, in the second 3, of 6: (1 - 1) / (2.5 - 1)
    assert rand_index([0, 0, 1, 1], [0, 0, 0, 1]) == pytest.approx(0.0)


def test_no_list_longer_than_people_read_unless_it_is_asked_for() -> None:
    rows, _ = planted(104, 26, noise=0.02)
    assert len(group(rows).centres) <= LONGEST < round(2 * len(rows) ** 0.5)
    assert len(group(rows, number=104).centres) > LONGEST
