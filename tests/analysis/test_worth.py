"""What each customer is worth, from the best data at hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest

from winback.analysis.worth import worth
from winback.errors import UserError
from winback.tables import MONEY, Tables


def money(*amounts: str | None) -> pa.Array:
    return pa.array([None if amount is None else Decimal(amount) for amount in amounts], MONEY)


PERIODS = pa.table(
    {
        "customer": ["a", "a", "b"],
        "month": pa.array([dt.date(2026, 1, 1), dt.date(2026, 2, 1), dt.date(2026, 2, 1)]),
        "revenue": money("10.50", "10.50", "3"),
        "margin": money("1", "2.25", None),
    }
)
CUSTOMERS = pa.table(
    {"customer": ["a", "b"], "revenue": money("100", "50"), "count_calls": [2.0, 3.0], "count_visits": [0.0, 1.0]}
)


def test_months_come_before_yearly_figures() -> None:
    found = worth(Tables(customer_periods=PERIODS, customers=CUSTOMERS))
    assert found is not None
    assert (found.basis, found.months, found.customers.tolist(), found.worth.tolist()) == (
        "margin",
        2,
        ["a", "b"],
        [32_500, 0],
    )
    assert found.revenue is not None
    assert found.revenue.tolist() == [210_000, 30_000]


def test_months_after_the_window_do_not_count() -> None:
    found = worth(Tables(customer_periods=PERIODS), as_of=dt.date(2026, 1, 31))
    assert found is not None
    assert (found.customers.tolist(), found.worth.tolist(), found.months) == (["a"], [10_000], 1)


def test_revenue_is_called_revenue() -> None:
    found = worth(Tables(customers=CUSTOMERS))
    assert found is not None
    assert (found.basis, found.worth.tolist()) == ("revenue", [1_000_000, 500_000])
    assert worth(Tables(customers=CUSTOMERS.select(["customer"]))) is None
    assert worth(Tables()) is None


def test_unit_costs_times_counts() -> None:
    found = worth(
        Tables(customers=CUSTOMERS), unit_costs={"call": Decimal("4.25"), "visit": Decimal(60), "credit": Decimal(5)}
    )
    assert found is not None
    assert (found.basis, found.worth.tolist()) == (
        "estimated_margin",
        [1_000_000 - 85_000, 500_000 - 127_500 - 600_000],
    )
    assert found.unit_costs == {"call": Decimal("4.25"), "visit": Decimal(60)}


def test_unit_costs_without_counts_are_refused() -> None:
    with pytest.raises(UserError, match="counts none of them"):
        worth(Tables(customers=CUSTOMERS), unit_costs={"return": Decimal(1)})
    with pytest.raises(UserError, match="need counts per customer"):
        worth(Tables(customer_periods=PERIODS), unit_costs={"call": Decimal(1)})
    with pytest.raises(UserError, match="need revenue"):
        worth(Tables(customers=CUSTOMERS.select(["customer", "count_calls"])), unit_costs={"call": Decimal(1)})
