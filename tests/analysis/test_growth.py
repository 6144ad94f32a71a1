"""Earned growth and the cost of the mix, in words and figures."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from winback.analysis.growth import earned_growth, mix_cost
from winback.analysis.tiers import Standing
from winback.tables import MONEY, Tables


def tables(months: int = 24) -> Tables:
    """Last year a brings 100 a month; this year a brings 85, b (referred) 25 and c (advert) 20."""
    rows = []
    for month in range(months):
        day = dt.date(2024 + (10 + month) // 12, (10 + month) % 12 + 1, 1)
        rows += [("a", day, "100")] if month < months - 12 else [("a", day, "85"), ("b", day, "25"), ("c", day, "20")]
    customer, day, revenue = zip(*rows, strict=True)
    periods = pa.table(
        {"customer": customer, "month": pa.array(day), "revenue": pa.array([Decimal(r) for r in revenue], MONEY)}
    )
    customers = pa.table({"customer": ["a", "b", "c"], "acquired_by": [None, "Recommended by a friend", "advert"]})
    return Tables(customer_periods=periods, customers=customers)


def test_the_published_example() -> None:
    found = earned_growth(tables())
    assert found is not None
    assert found["rate"] == pytest.approx(0.10)
    assert (found["net_revenue_retention"], found["earned_new"]) == (pytest.approx(0.85), pytest.approx(0.25))
    assert found["total_growth"] == pytest.approx(0.30)
    assert "Earned growth is +10 %" in found["sentence"]


def test_it_takes_two_years_and_referrals() -> None:
    assert earned_growth(tables(months=23)) is None
    assert earned_growth(Tables(customer_periods=tables().customer_periods)) is None


def test_the_cost_of_the_mix() -> None:
    worth = np.array([1_000_000] * 200 + [3_000_000] * 200 + [9_000_000] * 50)
    band = np.array([0] * 200 + [1] * 200 + [2] * 50)
    found = mix_cost(Standing(worth, band), level=0.95).document("EUR")
    assert found is not None
    assert (found["money"], found["low"], found["high"]) == ("40000.00", "40000.00", "40000.00")
    assert (
        found["sentence"]
        == "The 200 detractors bring €40,000 [€40,000, €40,000] a year less than as many passives like them."
    )
    other = mix_cost(Standing(worth[::-1].copy(), np.array([0] * 200 + [1] * 250)), level=0.95).document("EUR")
    assert other is not None
    assert "worth winning back" in other["sentence"]


def test_nobody_to_compare_with() -> None:
    assert mix_cost(Standing(np.array([1]), np.array([0])), level=0.95).document("EUR") is None
