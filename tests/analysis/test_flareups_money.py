"""Money of a finding: beside the answers, of customers each once, from months or a year, or none."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa

from winback.analysis.flareups_money import with_revenue
from winback.tables import Tables

DAY = dt.date(2026, 3, 2)
ANSWERS = pa.table(
    {
        "local_date": [DAY, DAY, DAY + dt.timedelta(days=1), DAY, DAY + dt.timedelta(days=9)],
        "score": [1.0, 2.0, 9.0, 3.0, 3.0], "shop": ["A", "A", "A", "B", "A"], "customer": ["x", "x", "y", "z", "late"],
        "money": [10.0, 10.0, 5.5, 100.0, 1000.0],
    }
)  # fmt: skip
FOUND = pa.table(
    {
        "by": [["shop"]], "segment": [["A"]], "since": [DAY], "until": [DAY + dt.timedelta(days=6)],
        "revenue": pa.array([None], pa.string()),
    }
)  # fmt: skip


def _revenue(feedback: object, **columns: str) -> str | None:
    told: str | None = with_revenue(FOUND, feedback, ["shop"], columns).column("revenue")[0].as_py()  # type: ignore[arg-type]
    return told


def test_money_beside_answers_and_once_a_customer() -> None:
    assert _revenue(ANSWERS, money="money") == "25.50"
    assert _revenue(ANSWERS, money="money", money_of="customer") == "15.50"


def test_twelve_months_of_the_customers_or_their_year() -> None:
    months = [dt.date(2025, 1 + month, 1) for month in range(12)]
    periods = pa.table({"customer": ["x"] * 12, "month": months, "revenue": [2.5] * 12, "cost": [1.0] * 12})
    year = pa.table({"customer": ["x", "y", "z"], "revenue": [7.0, 8.0, 9.0]})
    assert _revenue(Tables(feedback=ANSWERS, customer_periods=periods)) == "30.00"  # revenue, not margin
    assert _revenue(Tables(feedback=ANSWERS, customers=year)) == "15.00"


def test_without_money_there_is_none() -> None:
    assert _revenue(ANSWERS) is None
    assert _revenue(Tables(feedback=ANSWERS)) is None
    nobody = Tables(feedback=ANSWERS, customers=pa.table({"customer": ["somebody else"], "revenue": [7.0]}))
    assert _revenue(nobody) is None
