"""Folding: a parent and a child of the same fire are one finding; two fires stay two."""

from __future__ import annotations

import numpy as np

from winback.analysis.flareups_fold import KNOWN, Burning, fold
from winback.stats.families import Share

SIZE = np.full((4, 8), 50.0)
EXPECTED = np.full((4, 8), 0.2)
LAST = slice(6, 8)


def _total(burns: list[int]) -> np.ndarray:
    total = SIZE * 0.2
    for leaf in burns:
        total[leaf, LAST] = 25
    return total


def _alarm(leaves: list[int], score: float) -> Burning:
    return Burning(np.isin(np.arange(4), leaves), LAST, score, 0.05, 0.0)


def test_a_parent_that_burns_only_in_its_child_is_folded_into_it() -> None:
    assert fold([_alarm([0, 1, 2], 5.0), _alarm([0], 12.0)], _total([0]), SIZE, EXPECTED, family=Share()) == [1, 1]


def test_a_child_that_burns_no_more_than_its_parent_is_folded_into_it() -> None:
    assert fold([_alarm([0], 12.0), _alarm([0, 1, 2], 10.0)], _total([0, 1, 2]), SIZE, EXPECTED, family=Share()) == [
        1,
        1,
    ]


def test_two_fires_stay_two() -> None:
    assert fold([_alarm([0], 12.0), _alarm([3], 10.0)], _total([0, 3]), SIZE, EXPECTED, family=Share()) == [0, 1]


def test_nothing_is_folded_where_nothing_is() -> None:
    assert fold([], _total([]), SIZE, EXPECTED, family=Share()) == []


def test_what_an_acknowledged_fire_explains_is_told_no_more() -> None:
    known = [np.array([True, False, False, False])]
    around, itself, other = _alarm([0, 1, 2], 5.0), _alarm([0], 12.0), _alarm([3], 10.0)
    told = fold([around, itself, other], _total([0, 3]), SIZE, EXPECTED, family=Share(), known=known)
    assert told == [KNOWN, 1, 2]  # burning again in just the same leaves is news
    wider = fold([around], _total([0, 1, 2]), SIZE, EXPECTED, family=Share(), known=known)
    assert wider == [0]  # it has spread
