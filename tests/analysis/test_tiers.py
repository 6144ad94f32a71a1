"""Tiers of customers."""

from __future__ import annotations

import numpy as np

from winback.analysis.tiers import NEGATIVE, UNHEARD, Standing, tier_rows, tiers_of


def test_fifths_from_the_top_and_those_who_cost_money_apart() -> None:
    assert tiers_of(np.arange(10) * 10).tolist() == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
    assert tiers_of(np.array([-1, 0, 5])).tolist() == [NEGATIVE, 4, 2]


def test_equal_worth_is_an_equal_tier() -> None:
    assert set(tiers_of(np.array([7] * 9)).tolist()) == {3}
    assert tiers_of(np.array([1, 1, 1, 1, 9])).tolist() == [3, 3, 3, 3, 1]


def test_some_are_placed_by_the_fifths_of_others() -> None:
    others = np.arange(10) * 10
    assert tiers_of(np.array([0, 25, 90, 500, -1]), others).tolist() == [5, 4, 1, 1, NEGATIVE]
    assert tiers_of(np.array([1, 1, 1, 1, 9]), np.array([-5])).tolist() == [3, 3, 3, 3, 1], "no fifths but their own"


def test_rows_of_tiers() -> None:
    standing = Standing(np.array([100_000, 50_000, -10_000]), np.array([2, UNHEARD, 0]))
    rows = tier_rows(standing, level=0.95, minimum=1)
    assert [(row["label"], row["customers"], row["heard"], row["money"], row["share_of_money"]) for row in rows] == [
        ("2 (most profitable)", 1, 1, "10.00", 10 / 14),
        ("4 (least profitable)", 1, 0, "5.00", 5 / 14),
        ("negative", 1, 1, "-1.00", -1 / 14),
    ]
