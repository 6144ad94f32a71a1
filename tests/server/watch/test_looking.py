"""One look at a company."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from tests.server.factories import Cast
from tests.server.insights.worlds import paid
from tests.server.watch.worlds import TODAY, burning
from winback.server.exports.queries import holding
from winback.server.watch import planning
from winback.server.watch.looking import look

pytestmark = pytest.mark.django_db


def test_a_look_at_a_company_and_the_money_of_who_answered(cast: Cast) -> None:
    burning(cast.larkspur)
    paid(cast.larkspur, [(f"c-North-A-{i}", "100.50") for i in range(10)])
    held = holding(planning.whole(cast.larkspur))
    assert held is not None
    seen = look(held, measure="detractors", every="week", last=1, false_rate=0.1, today=TODAY)
    (row,) = seen.findings
    assert (row["segment"], row["customers"], row["revenue"], row["money_kind"]) == (
        ["North", "A"],
        20,
        Decimal("1005"),
        "revenue",
    )
    assert seen.periods == 17 and np.array_equal(seen.leaves.answers.sum(axis=0), np.full(17, 80.0))
