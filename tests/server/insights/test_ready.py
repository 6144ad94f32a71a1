from __future__ import annotations

import pytest

from tests.server.factories import Cast
from tests.server.insights.worlds import basis, paid, year
from winback.server.insights.ready import PAGES, facts_of, ready

pytestmark = pytest.mark.django_db


def test_what_the_data_allow(cast: Cast) -> None:
    year(cast.larkspur, comment="fine")
    facts = facts_of(basis(cast.access("hanna")), 10)
    assert (facts.answers, facts.months, facts.attributes, facts.comments, facts.money, facts.departures) == (
        192,
        8,
        2,
        192,
        False,
        None,
    )
    found = {item["analysis"]: item for item in ready(basis(cast.access("hanna")), 10)}
    assert found["segments"]["possible"] and found["segments"]["page"] == "segments"
    assert not found["profit"]["possible"]
    assert found["profit"]["opens"] == "revenue or margin, by customer and month or by customer"
    assert found["journey"]["opens"] == "a column that says at which touchpoint or stage the customer was asked"
    assert found["flareups"]["possible"] and found["flareups"]["page"] == "flareups"
    assert found["themes"]["opens"] == "a codebook: have one proposed on Reasons, and accept it"
    assert (
        ready(basis(cast.access("hanna")), 10, themes=3)[-1]["sentence"] == "3 themes accepted, 192 comments to sort."
    )


def test_money_opens_the_next_page(cast: Cast) -> None:
    year(cast.larkspur, touchpoint="bill")
    paid(cast.larkspur, [("c-North-0", "1200")])
    found = {item["analysis"]: item for item in ready(basis(cast.access("hanna")), 10)}
    assert found["profit"]["possible"] and found["journey"]["possible"]
    assert found["earned_growth"]["opens"] == "24 months of revenue by customer"


def test_without_answers_everything_says_what_would_open_it(cast: Cast) -> None:
    found = ready(None, 10)
    assert not any(item["possible"] for item in found) and all(item["opens"] for item in found)
    assert not any("--" in item["opens"] or "FILE" in item["opens"] for item in found)  # no command line on a page
    assert {item["analysis"] for item in found} == set(PAGES)
