from __future__ import annotations

import datetime as dt

import pytest

from tests.server.exports.worlds import answer, fresh, known, told
from tests.server.factories import Cast
from tests.server.insights.worlds import basis, counts, invited, paid, year
from winback.server.insights.rules import Asked
from winback.server.insights.ways import by_customer, by_money, response_of

pytestmark = pytest.mark.django_db
EVERYBODY = [f"c-{region}-{i}" for region in ("North", "South") for i in range(12)]


def test_each_customer_once_by_the_latest_answer(cast: Cast) -> None:
    year(cast.larkspur)
    found = by_customer(basis(cast.access("hanna"), usual=3))
    assert found is not None
    assert counts(found) == {"answers": 24, "promoters": 12, "passives": 0, "detractors": 12, "nps": 0.0}
    # before August six of the North's twelve were content
    early = by_customer(basis(cast.access("hanna"), Asked(until=dt.date(2025, 7, 31))))
    assert early is not None and (early["promoters"], early["detractors"]) == (15, 9)


def test_answers_that_name_no_customer_count_for_none(cast: Cast) -> None:
    told(cast.larkspur, [answer("1", 9), answer("2", 2, customer="c"), answer("3", 9, "2026-09-02", customer="c")])
    fresh(cast.larkspur)
    found = by_customer(basis(cast.access("hanna"), minimum=1))
    assert found is not None and (found["answers"], found["nps"]) == (1, 100.0)


def test_each_customer_by_what_it_brings(cast: Cast) -> None:
    year(cast.larkspur)
    assert by_money(basis(cast.access("hanna"))) is None
    # a detractor who brings 300, a promoter who brings 100, and one who brings nothing and has no weight
    paid(cast.larkspur, [("c-North-0", "300"), ("c-South-11", "100"), ("c-South-10", "0")])
    found = by_money(basis(cast.access("hanna"), usual=3, minimum=1))
    assert found is not None
    assert (found["answers"], found["nps"], found["kind"]) == (2, -50.0, "revenue")
    assert found["n_eff"] == pytest.approx(1.6)  # 400² / (300² + 100²)
    few = by_money(basis(cast.access("hanna"), usual=3))
    assert few is not None and few["nps"] is None


def test_how_many_of_those_asked_answered(cast: Cast) -> None:
    year(cast.larkspur)
    assert response_of(basis(cast.access("hanna"))) is None
    invited(cast.larkspur, EVERYBODY[:10], answered=4, day="2025-10-01")
    invited(cast.larkspur, EVERYBODY[:2], answered=0, day="2025-10-05", bounced=True)
    invited(cast.larkspur, EVERYBODY[:3], answered=0, day="2025-10-06", sent_at=None, reason_not_sent="quota")
    invited(cast.larkspur, EVERYBODY[:5], answered=5, day="2025-05-01")
    quarter = response_of(basis(cast.access("hanna"), usual=3))
    assert quarter is not None
    assert (quarter["asked"], quarter["bounced"], quarter["answered"], quarter["rate"]) == (12, 2, 4, 0.4)
    assert quarter["not_sent"] == {}  # what was not sent has no day
    everything = response_of(basis(cast.access("hanna")))
    assert everything is not None and (everything["asked"], everything["answered"]) == (17, 9)
    assert everything["not_sent"] == {"quota": 3}


def test_a_rate_under_filters_is_that_of_the_same_people_or_none(cast: Cast) -> None:
    year(cast.larkspur)
    invited(cast.larkspur, EVERYBODY, answered=6)
    # the answers name their region, the customers do not: whom of those asked it holds for is not known
    assert response_of(basis(cast.access("hanna"), Asked(filters=(("region", "North"),)))) is None
    for name in EVERYBODY:
        known(cast.larkspur, name, size="small" if name.endswith("1") else "large")
    fresh(cast.larkspur)
    cast.larkspur.attributes = ["region", "size"]
    cast.larkspur.save()
    found = response_of(basis(cast.access("hanna"), Asked(filters=(("size", "small"),))))
    assert found is not None and (found["asked"], found["answered"]) == (4, 1)
