"""Whom a finding concerns, and what they bring."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from tests.server.factories import Cast
from tests.server.insights.worlds import paid
from tests.server.watch.worlds import burning
from winback.server.exports.queries import holding
from winback.server.watch import planning
from winback.server.watch.money import money_of

pytestmark = pytest.mark.django_db


def test_what_those_who_answered_bring_in_twelve_months(cast: Cast) -> None:
    burning(cast.larkspur)
    held = holding(planning.whole(cast.larkspur))
    assert held is not None
    row = {
        "by": ["region", "plan"],
        "segment": ["North", "A"],
        "since": dt.date(2026, 9, 14),
        "until": dt.date(2026, 9, 27),
    }
    assert money_of(held, row) == {"customers": 20, "revenue": None, "money_kind": ""}, "no money is known"
    assert money_of(held, {**row, "segment": ["East", "A"]})["customers"] == 0
    paid(cast.larkspur, [(f"c-North-A-{i}", "100.50") for i in range(10)])
    held = holding(planning.whole(cast.larkspur))
    assert held is not None
    assert money_of(held, row) == {"customers": 20, "revenue": Decimal("1005"), "money_kind": "revenue"}
    assert money_of(held, {**row, "segment": ["South", "A"]}) == {
        "customers": 20,
        "revenue": Decimal(0),
        "money_kind": "revenue",
    }
