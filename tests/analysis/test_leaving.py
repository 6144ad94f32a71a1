"""Who left; and what detractors cost more in departures."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

import winback as wb
from winback.analysis.leaving import leavers, lost, present
from winback.analysis.tally import period_index
from winback.analysis.worth import Worth
from winback.tables import MONEY, Tables

DEPARTURES = pa.table(
    {
        "customer": ["a", "b", "c", "d", "a"],
        "departure_kind": ["cancelled", "unavoidable", "downgraded", None, "lapsed"],
        "end_date": pa.array(
            [dt.date(2026, 3, 31), dt.date(2026, 2, 28), dt.date(2026, 1, 1), None, dt.date(2026, 9, 1)]
        ),
        "notice_date": pa.array([None, None, None, dt.date(2026, 5, 2), None], pa.date32()),
    }
)


def test_lost_is_who_left_by_the_day_and_not_who_shrank_or_was_migrated() -> None:
    assert lost(DEPARTURES) == {"a", "b", "d"}
    assert lost(DEPARTURES, until=dt.date(2026, 3, 1)) == {"b"}, "notice for later"
    moved = pa.table({"customer": ["x", "y", "y"], "departure_kind": ["migrated", "migrated", "cancelled"], "end_date": [dt.date(2026, 1, 1), dt.date(2026, 1, 1), dt.date(2026, 2, 1)]})  # fmt: skip
    assert lost(moved) == {"y"}
    assert lost(pa.table({"customer": ["x"]})) == {"x"}, "no day is told"


def test_told_departures() -> None:
    found = leavers(Tables(departures=DEPARTURES))
    assert found is not None
    year = 2026 * 12
    assert found.month == {"a": year + 2, "b": year + 1, "d": year + 4}  # the one who shrank is still here
    assert found.by_choice == {"a": True, "b": False, "d": True}
    assert (found.end, found.derived) == (year + 4, False)


def test_who_was_migrated_is_still_a_customer_until_they_leave() -> None:
    """As the server's pages say: no lost customer, and in the tiers; followed until then under this id."""
    rows = [
        ("m", "migrated", 2),
        ("n", "migrated", 2),
        ("n", "cancelled", 4),
        ("o", "cancelled", 1),
        ("o", "migrated", 3),
    ]
    customers, kinds, months = zip(*rows, strict=True)
    days = [dt.date(2026, month, 1) for month in months]
    found = leavers(
        Tables(departures=pa.table({"customer": customers, "departure_kind": kinds, "end_date": pa.array(days)}))
    )
    assert found is not None and found.migrated == {"m"}
    assert {name: month - 2026 * 12 + 1 for name, month in found.month.items()} == {"m": 2, "n": 4, "o": 1}
    assert found.by_choice == {"m": False, "n": True, "o": True}
    known = Worth(np.array(["l", "m", "n", "o"], dtype=object), np.array([4, 3, 2, 1]), None, "margin")
    assert present(known, found).customers.tolist() == ["l", "m"]


def test_lapses_are_derived_by_the_printed_rule() -> None:
    months = [dt.date(2026, month, 1) for month in range(1, 9)]
    paid = {"a": 8, "b": 5, "c": 6, "d": 1}
    rows = [
        (customer, month, Decimal(5 if place < last else 0))
        for customer, last in paid.items()
        for place, month in enumerate(months)
    ]
    customer, month, revenue = zip(*rows, strict=True)
    periods = pa.table({"customer": customer, "month": pa.array(month), "revenue": pa.array(revenue, MONEY)})
    found = leavers(Tables(customer_periods=periods))
    assert found is not None
    assert found.derived
    # b last paid in May, three months before August: lapsed in June. c's two months are not three yet
    assert {name: index - 2026 * 12 + 1 for name, index in found.month.items()} == {"b": 6, "d": 2}
    assert found.end - 2026 * 12 + 1 == 6


def test_nobody_knows() -> None:
    assert leavers(Tables()) is None


def world(detractors_leave: float, passives_leave: float, size: int = 6000) -> Tables:
    """Everyone answers once in January 2025; half detractors, half passives; a monthly chance to leave."""
    dice = np.random.default_rng(11)
    band = np.arange(size) % 2
    chance = np.where(band == 0, detractors_leave, passives_leave)
    left = dice.geometric(chance)  # months after January 2025
    gone = left <= 18
    names = [f"c{i:05}" for i in range(size)]
    start = period_index(dt.date(2025, 1, 1), "month")
    ends = [dt.date((start + int(m)) // 12, (start + int(m)) % 12 + 1, 15) for m in left[gone]]
    feedback = pa.table(
        {
            "score": np.where(band == 0, 2.0, 8.0),
            "customer": names,
            "local_date": pa.array([dt.date(2025, 1, 9)] * size),
        }
    )
    departures = pa.table({"customer": [n for n, g in zip(names, gone, strict=True) if g], "end_date": pa.array(ends)})
    customers = pa.table({"customer": names, "margin": pa.array([Decimal(1000)] * size, MONEY)})
    return Tables(feedback=feedback, departures=departures, customers=customers, currency="EUR")


def test_the_contrast_is_near_its_truth_and_far_below_the_sum() -> None:
    found = wb.profit(world(0.04, 0.02))
    risk = found.document()["at_risk"]
    yearly = (1 - 0.96**12) - (1 - 0.98**12)
    staying = sum(1 for _ in range(3000)) * 0.96**18  # detractors still here after the 18 months watched
    assert risk["status"] == "measured"
    assert float(risk["money"]) == pytest.approx(1000 * staying * yearly, rel=0.15)
    assert risk["times_as_often"] == pytest.approx(2.0, abs=0.25)
    assert float(risk["low"]) < float(risk["money"]) < float(risk["high"])
    assert found.document()["from_detractors"]["sentence"] != risk["sentence"]


def test_equal_leavers_are_no_risk() -> None:
    risk = wb.profit(world(0.03, 0.03)).document()["at_risk"]
    assert float(risk["low"]) < 0 < float(risk["high"])
    assert "That could be chance." in risk["sentence"]


def test_too_few_departures_say_what_is_missing() -> None:
    risk = wb.profit(world(0.003, 0.002, size=200)).document()["at_risk"]
    assert (risk["status"], risk["money"]) == ("missing", None)
    assert "are too few" in risk["sentence"]


def test_notice_for_later_is_not_yet_a_departure() -> None:
    found = leavers(Tables(departures=DEPARTURES), until=dt.date(2026, 3, 1))
    assert found is not None
    assert set(found.month) == {"b"}


def test_customers_alike_have_been_customers_for_about_as_long() -> None:
    """The new leave five times as often as the old and are unhappier: without tenure the score takes their part."""
    dice = np.random.default_rng(5)
    size, start = 8000, period_index(dt.date(2025, 1, 1), "month")
    new = np.arange(size) % 2 == 0
    unhappy = dice.random(size) < np.where(new, 0.7, 0.3)
    left = dice.geometric(np.where(new, 0.04, 0.008) * np.where(unhappy, 1.7, 1.0))
    gone = left <= 12
    names = [f"c{i:05}" for i in range(size)]
    ends = [dt.date((start + int(m)) // 12, (start + int(m)) % 12 + 1, 15) for m in left[gone]]
    customers = pa.table({"customer": names, "margin": pa.array([Decimal(1000)] * size, MONEY)})
    tables = Tables(
        feedback=pa.table(
            {
                "score": np.where(unhappy, 2.0, 8.0),
                "customer": names,
                "local_date": pa.array([dt.date(2025, 1, 9)] * size),
            }
        ),
        departures=pa.table(
            {"customer": [n for n, g in zip(names, gone, strict=True) if g], "end_date": pa.array(ends)}
        ),
        customers=customers,
    )
    since = pa.array([dt.date(2024, 10, 1) if n else dt.date(2019, 1, 1) for n in new])
    crude = wb.profit(tables).document()["at_risk"]
    alike = wb.profit(replace(tables, customers=customers.append_column("since_date", since))).document()["at_risk"]
    assert crude["times_as_often"] > 2.2
    assert alike["times_as_often"] == pytest.approx(1.7, abs=0.15)
    assert float(alike["money"]) < 0.8 * float(crude["money"])
