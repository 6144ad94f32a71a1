from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pyarrow.compute as pc
import pytest

from winback.datasets import Truths
from winback.tables import DEPARTURE_KINDS, Tables


def test_periods_are_exact(tables: Tables) -> None:
    rows = tables.customer_periods.slice(0, 20_000).to_pylist()
    assert all(row["margin"] == row["revenue"] - row["cost"] - row["discounts"] for row in rows)
    assert all(row["revenue"] == round(row["revenue"], 2) for row in rows)
    assert sum(row["revenue"] for row in rows) > Decimal(0)
    assert {row["month"].day for row in rows} == {1}
    assert len({row["month"] for row in rows}) == 24


def test_counts_of_twelve_months_explain_the_cost_to_serve(tables: Tables, truths: Truths) -> None:
    """Cost less the line itself is counts at their unit costs: for Home the line costs 14.50 a month."""
    periods = tables.customer_periods
    recent = periods.filter(pc.greater_equal(periods["month"], dt.date(2025, 11, 1)))
    sums = {
        row["customer"]: (row["cost_sum"], row["month_count"])
        for row in recent.group_by("customer").aggregate([("cost", "sum"), ("month", "count")]).to_pylist()
    }
    home = tables.customers.filter(pc.equal(tables.customers["plan"], "Home")).to_pylist()
    checked = 0
    for row in home:
        if row["customer"] in sums:
            cost, months = sums[row["customer"]]
            counted = sum(Decimal(int(row[f"count_{kind}"])) * unit for kind, unit in truths.unit_costs.items())
            assert cost == counted + Decimal("14.50") * months
            checked += 1
    assert checked > 1000


def test_households_and_companies(tables: Tables) -> None:
    customers = tables.customers
    for row in customers.to_pylist():
        business = row["plan"] in ("Business", "Enterprise")
        assert (row["industry"] != "Household") == business
        assert (row["owner_name"] is not None) == business
        assert (row["renewal_date"] is None) == (row["plan"] == "Home")
        assert row["renewal_date"] is None or dt.date(2026, 10, 31) <= row["renewal_date"] <= dt.date(2027, 10, 31)
    parents = customers.filter(customers["parent"].is_valid())
    large = customers.filter(pc.equal(customers["plan"], "Enterprise"))
    assert parents.num_rows > 20
    assert pc.is_in(parents["parent"], large["customer"]).to_numpy().all()


def test_new_customers_come_by_referral_too(tables: Tables) -> None:
    customers = tables.customers
    new = customers.filter(pc.greater_equal(customers["since_date"], dt.date(2025, 11, 1)))
    shares = {row["values"]: row["counts"] / new.num_rows for row in new["acquired_by"].value_counts().to_pylist()}
    assert set(shares) == {"referral", "advert", "shop", "web search", "partner"}
    assert shares["referral"] == pytest.approx(0.22, abs=0.06)


def test_departures(tables: Tables, truths: Truths) -> None:
    rows = tables.departures.to_pylist()
    assert {row["departure_kind"] for row in rows} == set(DEPARTURE_KINDS)
    assert 700 < len(rows) < 1200
    ends = [row["end_date"] for row in rows]
    assert ends == sorted(ends)
    since = dict(zip(tables.customers["customer"].to_pylist(), tables.customers["since_date"].to_pylist(), strict=True))
    for row in rows:
        untold = row["departure_kind"] in ("lapsed", "migrated")
        assert (row["notice_date"] is None) == untold
        assert row["notice_date"] is None or since[row["customer"]] <= row["notice_date"] <= row["end_date"]
        assert row["notice_date"] is None or row["notice_date"] <= truths.until
        assert row["annual_value"] >= 0
    left = [row["customer"] for row in rows if row["departure_kind"] != "downgraded"]
    assert len(left) == len(set(left))
    blank = np.mean([row["stated_reason"] is None for row in rows if row["departure_kind"] == "cancelled"])
    assert blank == pytest.approx(0.22, abs=0.05)
    assert not any("{" in row["stated_reason"] for row in rows if row["stated_reason"])
    # Notice may have been given by the last day and the end still lie ahead: somebody to save.
    assert sum(end > truths.until for end in ends) > 10


def test_no_money_after_the_end(tables: Tables) -> None:
    last: dict[str, dt.date] = {}
    for row in tables.customer_periods.select(["customer", "month"]).to_pylist():
        last[row["customer"]] = max(row["month"], last.get(row["customer"], row["month"]))
    for row in tables.departures.to_pylist():
        if row["departure_kind"] != "downgraded" and row["customer"] in last:
            assert last[row["customer"]] <= row["end_date"]


def test_contacts(tables: Tables) -> None:
    rows = tables.contacts.to_pylist()
    deciding = {row["customer"] for row in rows if row["contact_role"] == "decision maker"}
    assert len(deciding) == 4000
    assert np.mean([row["opted_out"] for row in rows]) == pytest.approx(0.03, abs=0.01)
    assert {row["language"] for row in rows} == {"en", "de"}
