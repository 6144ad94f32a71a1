from __future__ import annotations

import pytest

from tests.server.factories import Cast
from tests.server.insights.worlds import basis, paid, year
from winback.server.insights.tier import customers_of

pytestmark = pytest.mark.django_db


def test_a_tiers_customers_those_who_bring_most_first(cast: Cast) -> None:
    year(cast.larkspur)
    paid(cast.larkspur, [(f"c-North-{i}", str(100 * (i + 1))) for i in range(12)])
    at = basis(cast.access("hanna"), minimum=1)  # else tiers of so few do not say how many are detractors
    rows = {row["tier"]: row for row in at.profit().document()["tiers"]}
    best = customers_of(at, 1)
    # margin is half of the revenue
    assert best[:2] == [("c-North-11", 600.0), ("c-North-10", 550.0)] and len(best) == rows[1]["customers"]
    assert sum(money for _, money in best) == float(rows[1]["money"])
    # of the North the first nine are detractors, by their latest answers
    assert customers_of(at, 5, "promoter") == []
    assert {name for name, _ in customers_of(at, 5, "detractor")} == {name for name, _ in customers_of(at, 5, "heard")}
    for tier, row in rows.items():
        assert len(customers_of(at, tier, "detractor")) == row["detractors"]


def test_without_money_there_is_nobody(cast: Cast) -> None:
    year(cast.larkspur)
    assert customers_of(basis(cast.access("hanna")), 1) == []
