from __future__ import annotations

import datetime as dt

import pytest

from tests.server.exports.worlds import answer, fresh, told
from tests.server.factories import Cast
from tests.server.insights.worlds import basis, paid, year
from winback.server.insights import figures, showing
from winback.server.insights.month import month_of
from winback.server.insights.ready import ready
from winback.server.insights.rules import Asked

pytestmark = pytest.mark.django_db


def test_greetings() -> None:
    assert [showing.greeting(hour, "Hanna Lindqvist") for hour in (8, 14, 22, 1)] == [
        "Good morning, Hanna",
        "Good afternoon, Hanna",
        "Good evening, Hanna",
        "Good evening, Hanna",
    ]
    assert showing.greeting(8, "") == "Good morning"


def test_moments_in_the_zone() -> None:
    assert showing.moment(dt.datetime(2026, 7, 19, 13, 5, tzinfo=dt.UTC), "Europe/Lisbon") == "Sun 19 Jul 2026, 14:05"


@pytest.mark.parametrize(
    ("moved", "said"),
    [
        (None, "How are we, what moved, and what it costs."),
        ({"change": 0.2, "low": -1, "high": 1}, "The score is where it was before."),
        ({"change": -3.0, "low": -7.5, "high": 1.5}, "The score is a little lower than before, perhaps by chance."),
        ({"change": 12.0, "low": 4.0, "high": 20.0}, "The score is higher than before, and that is more than chance."),
    ],
)
def test_the_first_sentence(moved: dict[str, float] | None, said: str) -> None:
    assert showing.lead(moved) == said


def test_pulse_links_to_its_answers(cast: Cast) -> None:
    year(cast.larkspur)
    at = basis(cast.access("hanna"), usual=3)
    found = showing.pulse(figures.pulse(at), at)
    assert dict(found["bands"])["detractor"] == "?since=2025-08-01&until=2025-10-31&band=detractor"
    assert [row["name"] for row in found["lowest"]] == ["North"]
    assert found["lowest"][0]["unhappy"].endswith("band=detractor") and found["all_query"] == "?last=all"
    assert (found["trend"]["title"], found["money_later"], found["moved"]["change"]) == ("Month by month", False, -25.0)
    assert showing.is_quick(at)


def test_segments_are_ranked_and_linked(cast: Cast) -> None:
    year(cast.larkspur)
    paid(cast.larkspur, [("c-North-0", "1200")])
    at = basis(cast.access("hanna"), Asked(by=("region",)), usual=3)
    document = figures.segments_of(at, ("region",))
    found = showing.segments(document, at)
    assert [(row["name"], row["href"]) for row in found["rows"]] == [
        ("North", "?region=North&since=2025-08-01&until=2025-10-31"), ("South", "?region=South&since=2025-08-01&until=2025-10-31"),
    ]  # fmt: skip
    assert (found["by"], [one["name"] for one in found["addable"]]) == ([{"name": "region", "href": "?"}], ["plan"])
    assert (found["has_money"], found["has_change"], found["hidden"]) == (True, True, 0)
    assert found["heat"]["rows"][0]["name"] == "North"


def test_many_segments_are_shown_bit_by_bit(cast: Cast) -> None:
    told(cast.larkspur, [answer(str(i), 9, attributes={"shop": f"s{i:03}"}) for i in range(230)])
    fresh(cast.larkspur)
    shown = []
    for choice in (Asked(), Asked(everything=True)):
        at = basis(cast.access("hanna"), choice, minimum=1)
        found = showing.segments(figures.segments_of(at, ("shop",)), at)
        shown.append((len(found["rows"]), found["hidden"], found["too_many"]))
    assert shown == [(12, 218, False), (200, 30, True)]


def test_profit_journey_month_and_readiness(cast: Cast) -> None:
    year(cast.larkspur, touchpoint="bill", journey_stage="using")
    paid(cast.larkspur, [(f"c-{region}-{i}", str(100 * (i + 1))) for region in ("North", "South") for i in range(12)])
    at = basis(cast.access("hanna"))
    found = showing.profit(figures.profit_of(at), at)
    assert found["basis"] == "margin" and found["tiers"]["description"] == "No tier has enough answers to show its mix."
    journey = showing.journey(figures.journey(at, {}), at)
    assert [part["title"] for part in journey["parts"]] == ["By stage", "By touchpoint"]
    assert journey["grid"]["points"] == ["bill"] and journey["grid"]["rows"][0]["cells"][0]["answers"] == 192
    month = showing.month(month_of(at, dt.date(2025, 8, 1)), at)
    assert (month["name"], month["before_name"], month["month_unhappy"]) == (
        "Aug 2025",
        "Jul 2025",
        "?since=2025-08-01&until=2025-08-31&band=detractor",
    )
    assert {item["analysis"]: item["href"] for item in showing.ready(ready(at, 10), "larkspur")}[
        "profit"
    ] == "/w/larkspur/profit/"
    assert dict(showing.made(figures.frame(at), at))["Minimum"] == "10 answers to show a score"
