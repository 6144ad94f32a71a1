"""The search: one cause, siblings, two causes, and a cause that hides in a coarser one."""

from __future__ import annotations

import itertools

import numpy as np

from winback.stats.leaf_evidence import ODDS, ShareLeaves
from winback.stats.localising import localise
from winback.stats.zones import make_zones

CODES = np.array(list(itertools.product(range(5), range(4), range(3))))
ZONES = make_zones(CODES, depth=3)


def _found(burns: np.ndarray, answers: float = 60.0, odds: float = 4.0) -> set[tuple[tuple[int, int], ...]]:
    share = np.where(burns, odds * 0.15 / (0.85 + odds * 0.15), 0.15)
    n = np.full(len(CODES), answers)
    leaves = ShareLeaves(n * share, n, np.full(len(CODES), 0.15), np.ones(len(CODES)), ODDS)
    return {tuple(ZONES.named(cause.zone).items()) for cause in localise(ZONES, leaves, critical=0.0)}


def test_nothing_is_found_in_nothing() -> None:
    assert _found(np.zeros(len(CODES), dtype=bool)) == set()


def test_one_cause_in_the_shortest_description() -> None:
    assert _found(CODES[:, 0] == 2) == {((0, 2),)}
    assert _found((CODES[:, 0] == 2) & (CODES[:, 2] == 1)) == {((0, 2), (2, 1))}


def test_everything_is_one_zone_without_a_name() -> None:
    assert _found(np.ones(len(CODES), dtype=bool)) == {()}


def test_three_of_five_siblings_are_three_and_not_the_whole() -> None:
    assert _found(np.isin(CODES[:, 0], [0, 2, 4])) == {((0, 0),), ((0, 2),), ((0, 4),)}


def test_two_causes_of_different_kinds() -> None:
    burns = (CODES[:, 0] == 2) | ((CODES[:, 1] == 3) & (CODES[:, 2] == 0))
    assert _found(burns) == {((0, 2),), ((1, 3), (2, 0))}


def test_a_cause_stays_whole_beside_one_that_is_told_by_more_attributes() -> None:
    # Both lie in the combinations of the two attributes: sought there, the first would come in three parts.
    burns = (CODES[:, 0] == 2) | ((CODES[:, 0] == 4) & (CODES[:, 2] == 1))
    assert _found(burns, answers=200.0) == {((0, 2),), ((0, 4), (2, 1))}
