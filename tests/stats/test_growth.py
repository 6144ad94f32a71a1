"""Earned growth as Bain publishes it, and the cost of the mix by hand and by simulation."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winback.stats.growth import earned_growth, mix_cost

MONEY = st.decimals(min_value=0, max_value=10**9, places=4, allow_nan=False, allow_infinity=False)


def test_the_published_example():
    growth = earned_growth(last_year=100, retained=85, earned_new=25, other_new=20)
    assert (growth.retention, growth.earned_new, growth.rate, growth.total) == (0.85, 0.25, 0.10, 0.30)
    assert growth.ratio == pytest.approx(1 / 3)


@given(MONEY, MONEY, MONEY)
@settings(deadline=None)
def test_a_decimal_of_any_size_gives_exact_shares(retained, earned, other):
    growth = earned_growth(last_year=Decimal("0.0003"), retained=retained, earned_new=earned, other_new=other)
    assert growth.retention == float(retained / Decimal("0.0003"))
    assert growth.total >= growth.rate


def test_growth_that_is_none_has_no_ratio():
    growth = earned_growth(last_year=100, retained=80, earned_new=5, other_new=5)
    assert growth.ratio is None
    assert growth.rate == -0.15


def test_floats_and_an_empty_year_are_refused():
    with pytest.raises(TypeError, match="Decimal"):
        earned_growth(last_year=100.0, retained=85, earned_new=25, other_new=20)
    with pytest.raises(ValueError, match="last year"):
        earned_growth(last_year=0, retained=85, earned_new=25, other_new=20)


def test_each_cell_is_compared_with_itself():
    # big customers: 2 detractors at 90, passives at 100; small ones: 1 detractor at 8, passives at 10
    margins = [90, 90, 100, 100, 8, 10, 10, 10, 500]
    bands = [0, 0, 1, 1, 0, 1, 1, 1, 2]
    cells = [0, 0, 0, 0, 1, 1, 1, 1, 1]
    cost = mix_cost(margins, bands, cells)
    assert cost.amount == pytest.approx(2 * 10 + 1 * 2)
    assert cost.per_detractor == pytest.approx(22 / 3)
    assert (cost.detractors, cost.passives, cost.covered) == (3, 5, 1.0)


def test_profitable_detractors_make_it_negative():
    assert mix_cost([50, 60, 10, 20], [0, 0, 1, 1], [0, 0, 0, 0]).amount == pytest.approx(-80)


def test_detractors_without_passives_like_them_get_the_mean():
    cost = mix_cost([5, 10, 7], [0, 1, 0], [0, 0, 1])
    assert cost.amount == pytest.approx(10)
    assert cost.covered == 0.5
    assert np.isnan(mix_cost([5, 10], [0, 1], [0, 1]).amount)
    alone = mix_cost([5, 10], [0, 2], [0, 0])
    assert np.isnan(alone.amount)
    assert alone.detractors == 1


def test_the_interval_covers_and_is_deterministic():
    world = np.random.default_rng(5)
    level, unhappy, gap = np.exp(world.normal(5, 1, 12)), world.uniform(0.1, 0.6, 12), world.uniform(0.6, 1.1, 12)
    covered = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        cell = rng.integers(0, 12, 800)
        band = np.where(rng.random(800) < unhappy[cell], 0, 1)
        margin = level[cell] * np.where(band == 0, gap[cell], 1) * rng.lognormal(-0.5, 1, 800)
        truth = (np.bincount(cell[band == 0], minlength=12) * level * (1 - gap)).sum()
        cost = mix_cost(margin, band, cell, seed=seed, replicates=200)
        covered += cost.low <= truth <= cost.high
    assert covered >= 52  # 57 expected
    assert cost == mix_cost(margin, band, cell, seed=seed, replicates=200)


def test_wrong_customers_are_refused():
    for arguments, words in (
        (([1.0], [0, 1], [0]), "one shape"),
        (([np.nan], [0], [0]), "finite"),
        (([1], [0], [-1]), "cells"),
    ):
        with pytest.raises(ValueError, match=words):
            mix_cost(*arguments)
