"""Revenue at risk: the fit against a direct search, the contrast against a world whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from tests.stats.worlds import company
from winback.errors import UserError
from winback.stats.exposure import Exposure
from winback.stats.hazard import _fit, assumed_contrast, months_missing, revenue_at_risk


def made(table, cells=1):
    """An exposure of one customer a row: (band, cell, months, left, how many such customers)."""
    rows = np.array([row[:4] for row in table for _ in range(row[4])], dtype=np.int64).reshape(-1, 4)
    return Exposure(np.arange(len(rows)), *rows.T, cells=cells, same_month=0)


def test_the_fit_is_that_of_a_direct_search():
    rng = np.random.default_rng(3)
    months = rng.integers(50, 900, (3, 5)).astype(float)
    left = rng.binomial(months.astype(int), 0.03 * np.array([[2.0], [1.0], [0.6]])).astype(float)

    def loss(point):
        bands, cells = point[:3], point[3:]
        logit = bands[:, None] + cells
        fit = (left * logit - months * np.logaddexp(0, logit)).sum()
        return -fit + 0.5 * (cells**2).sum() + 0.05 * ((bands[0] - bands[1]) ** 2 + (bands[2] - bands[1]) ** 2)

    found = minimize(loss, np.full(8, -1.0), method="BFGS", options={"gtol": 1e-8}).x
    bands, cells = _fit(months[None], left[None])
    assert np.allclose(np.append(bands[0], cells[0]), found, atol=1e-5)


def test_one_cell_gives_the_rates_as_they_stand():
    exposure = made(
        [(0, 0, 10, 0, 2700), (0, 0, 10, 1, 300), (1, 0, 10, 0, 4850), (1, 0, 10, 1, 150), (2, 0, 10, 0, 900)]
    )
    found = revenue_at_risk(exposure, [100.0, 300.0], [0, 0])
    detractor, passive = 1 - 0.99**12, 1 - 0.997**12  # 300 of 30,000 months, 150 of 50,000
    assert found.state == "measured"
    assert found.leave_detractor == pytest.approx(detractor, rel=0.01)
    assert found.leave_passive == pytest.approx(passive, rel=0.02)
    assert found.amount == pytest.approx(400 * (detractor - passive), rel=0.02)
    assert found.low < found.amount < found.high
    assert found.hazard_ratio == pytest.approx(10 / 3, rel=0.02)
    assert found.ratio_low < found.hazard_ratio < found.ratio_high
    assert found.revenue_from_detractors == 400.0
    assert (found.departures, found.months) == ((300, 150, 0), (30_000, 50_000, 9_000))


def test_the_contrast_finds_the_truth_where_the_sum_is_far_off():
    world = company(seed=5, customers=30_000)
    found = revenue_at_risk(world.exposure, world.margins, world.cells)
    assert found.amount == pytest.approx(world.truth, rel=0.10)
    assert found.low < world.truth < found.high
    assert found.revenue_from_detractors > 4 * world.truth


def test_the_interval_covers():
    covered = 0
    for seed in range(40):
        world = company(seed, customers=1200)
        found = revenue_at_risk(world.exposure, world.margins, world.cells, seed=seed, replicates=300)
        covered += found.low <= world.truth <= found.high
    assert covered >= 34  # 38 expected, 34 the lowest in 99 of 100 such runs


def test_it_is_deterministic():
    world = company(seed=2, customers=2000)
    first, second = (revenue_at_risk(world.exposure, world.margins, world.cells, seed=4) for _ in range(2))
    assert first == second


def test_with_few_departures_it_says_so():
    exposure = made([(0, 0, 10, 0, 100), (0, 0, 10, 1, 4), (1, 0, 10, 0, 100), (1, 0, 10, 1, 30)])
    found = revenue_at_risk(exposure, [100.0], [0])
    assert found.state == "too_few_departures"
    assert np.isnan([found.amount, found.low, found.hazard_ratio]).all()
    assert found.departures == (4, 30, 0)
    assert found.revenue_from_detractors == 100.0
    assert months_missing(found.departures, observed_months=12) == 18
    assert months_missing((0, 30, 0), observed_months=12) is None
    assert months_missing((10, 30, 0), observed_months=12) == 0


def test_a_book_without_detractors_says_so():
    exposure = made([(0, 0, 10, 1, 50), (1, 0, 10, 1, 50)])
    found = revenue_at_risk(exposure, [], [])
    assert found.state == "no_detractors"
    assert found.revenue_from_detractors == 0.0
    empty = made([])
    assert revenue_at_risk(empty, [5.0], [0]).state == "too_few_departures"


def test_a_cell_never_seen_gets_an_average_rate_and_is_named():
    exposure = made([(0, 0, 10, 0, 900), (0, 0, 10, 1, 90), (1, 0, 10, 0, 900), (1, 0, 10, 1, 30)])
    seen, unseen = revenue_at_risk(exposure, [100.0], [0]), revenue_at_risk(exposure, [100.0, -300.0], [0, 7])
    assert (seen.unseen_margin, unseen.unseen_margin) == (0.0, 0.75)
    assert unseen.leave_detractor == pytest.approx(seen.leave_detractor, rel=0.05)


def test_customers_who_cost_money_count_against():
    exposure = made([(0, 0, 10, 0, 900), (0, 0, 10, 1, 90), (1, 0, 10, 0, 900), (1, 0, 10, 1, 30)])
    assert revenue_at_risk(exposure, [-100.0], [0]).amount < 0


def test_rates_a_user_enters():
    assert assumed_contrast([1000.0, 500.0], 0.3, 0.1) == pytest.approx(300.0)
    with pytest.raises(UserError, match="between 0 and 1"):
        assumed_contrast([1.0], 15, 0.1)


def test_wrong_margins_are_refused():
    exposure = made([(0, 0, 10, 1, 50), (1, 0, 10, 1, 50)])
    for margins, cells in (([1.0, 2.0], [0]), ([np.nan], [0])):
        with pytest.raises(ValueError, match="margins"):
            revenue_at_risk(exposure, margins, cells)
