"""Score against money, on every engine: tiers, sums and contrasts from tiny tables, to the cent."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

import winback as wb
from tests.peers.engines import Backend
from tests.spec.answers import answers
from winback.tables import MONEY, Tables

FEEDBACK = answers("""
    score  customer  respondent  local_date
    10     c01       p1          2026-01-05
    0      c01       p2          2026-02-05
    9      c02       p3          2026-02-01
    8      c03       p4          2026-02-03
    2      c04       p5          2026-02-03
    10     c05       p6          2026-02-09
    6      c06       p7          2026-03-01
    9      unknown   p8          2026-03-01
    .      c07       p9          2026-03-02
    7      .         p10         2026-03-02
""")


def money(amounts: dict[str, str]) -> pa.Table:
    return pa.table(
        {
            "customer": pa.array(list(amounts)),
            "margin": pa.array([Decimal(amount) for amount in amounts.values()], MONEY),
        }
    )


MARGINS = {"c01": "1000.10", "c02": "500", "c03": "400", "c04": "300", "c05": "0.01", "c06": "-20", "c07": "250"}


def test_tiers_by_margin_with_the_latest_answer_of_each_customer(backend: Backend) -> None:
    tables = Tables(
        feedback=backend(FEEDBACK, "feedback"), customers=backend(money(MARGINS), "customers"), currency="EUR"
    )
    found = wb.profit(tables, minimum=1)
    rows = [
        (row["label"], row["customers"], row["heard"], row["money"], row["promoters"], row["passives"], row["detractors"], row["money_from_detractors"])
        for row in found.rows()
    ]  # fmt: skip
    # six customers bring nought or more: fifths of six are 1, 1, 2, 1, 1 from the top; c01's latest word is a 0
    assert rows == [
        ("1 (most profitable)", 1, 1, "1000.10", 0, 0, 1, "1000.10"),
        ("2", 1, 1, "500.00", 1, 0, 0, "0.00"),
        ("3", 2, 2, "700.00", 0, 1, 1, "300.00"),
        ("4", 1, 0, "250.00", 0, 0, 0, None),
        ("5 (least profitable)", 1, 1, "0.01", 1, 0, 0, "0.00"),
        ("negative", 1, 1, "-20.00", 0, 0, 1, "-20.00"),
    ]
    assert found.basis == "margin"
    told = found.document()["from_detractors"]
    assert (told["money"], told["kind"], told["customers"]) == ("1280.10", "margin", 3)
    assert told["share"] == pytest.approx(1280.10 / 2180.11)
    assert found.document()["at_risk"]["status"] == "missing"


def test_margin_of_twelve_months_from_periods(backend: Backend) -> None:
    months = [dt.date(2025 + (m + 1) // 12, (m + 1) % 12 + 1, 1) for m in range(14)]  # February 2025 to March 2026
    periods = pa.table(
        {
            "customer": pa.array(["c01"] * 14 + ["c02"]),
            "month": pa.array([*months, months[-1]], pa.date32()),
            "revenue": pa.array([Decimal("10.01")] * 14 + [Decimal("7")], MONEY),
            "cost": pa.array([Decimal("3")] * 14 + [Decimal("9")], MONEY),
            "discounts": pa.array([Decimal("0.005")] * 14 + [None], MONEY),
        }
    )
    tables = Tables(feedback=backend(FEEDBACK, "feedback"), customer_periods=backend(periods, "periods"))
    found = wb.profit(tables, minimum=1)
    assert found.worth is not None
    # twelve of the fourteen months: 12 (10.01 - 3 - 0.005) = 84.06
    assert dict(zip(found.worth.customers, found.worth.worth.tolist(), strict=True)) == {"c01": 840_600, "c02": -20_000}
    assert found.document()["from_detractors"]["money"] == "120.12"


def test_an_estimated_cost_to_serve_is_marked_and_tried_at_half_and_double(backend: Backend) -> None:
    customers = pa.table(
        {
            "customer": pa.array(["c01", "c02", "c03"]),
            "revenue": pa.array([Decimal(100), Decimal(90), Decimal(50)], MONEY),
            "count_calls": pa.array([10.0, 0.0, None]),
        }
    )
    tables = Tables(feedback=backend(FEEDBACK, "feedback"), customers=backend(customers, "customers"))
    found = wb.profit(tables, unit_costs={"call": Decimal("4.5")}, minimum=1)
    assert found.basis == "estimated_margin"
    assert found.worth is not None
    assert found.worth.worth.tolist() == [550_000, 900_000, 500_000]
    doc = found.document()
    assert doc["unit_costs"] == {"call": "4.5"}
    top = {row["unit_costs"]: (row["moved"], row["tiers"][0]["money"]) for row in doc["sensitivity"]}
    assert top == {"half": (0, "90.00"), "as given": (0, "90.00"), "double": (2, "90.00")}


def test_money_beside_the_answers(backend: Backend) -> None:
    orders = answers("""
        score  money
        10     100.10
        0      50.05
        8      20
        2      .
    """)
    found = wb.profit(Tables(feedback=backend(orders, "orders")), value="value", minimum=1)
    told: dict[str, Any] = found.document()["from_detractors"]
    assert (told["money"], told["kind"], told["customers"]) == ("50.05", "value", 1)
    assert (found.basis, found.customers) == ("revenue", 3)


def test_rates_the_user_enters_are_an_assumption(backend: Backend) -> None:
    tables = Tables(feedback=backend(FEEDBACK, "feedback"), customers=backend(money(MARGINS), "customers"))
    risk = wb.profit(tables, leave=(0.3, 0.1), minimum=1).document()["at_risk"]
    assert (risk["status"], risk["money"]) == ("assumed", "256.02")  # 1,280.10 x (0.3 - 0.1)
    assert "assumption" in risk["sentence"]


def test_without_money_it_says_what_to_add(backend: Backend) -> None:
    found = wb.profit(Tables(feedback=backend(FEEDBACK, "feedback")))
    assert found.why_not is not None
    assert "--value COL" in found.why_not
    assert found.document()["tiers"] == []
