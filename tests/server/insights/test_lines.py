from __future__ import annotations

import datetime as dt

import pytest

from tests.server.exports.worlds import answer, fresh, told
from tests.server.factories import Cast, make_customer
from tests.server.insights.worlds import basis, invited, year
from tests.server.watch.worlds import an_alarm
from winback.server.insights.lines import LINES, Line, Month, lines, silence
from winback.server.insights.month import month_of
from winback.server.jobs.models import Job
from winback.server.sources.actions import ensure_source
from winback.server.sources.models import SyncRun

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2025, 11, 22, 9, tzinfo=dt.UTC)


def said(cast: Cast, who: str = "hanna", month: dt.date | None = dt.date(2025, 8, 1)) -> dict[str, list[Line]]:
    document = month_of(basis(cast.access(who)), month) if month else None
    return {group["title"]: group["lines"] for group in lines(cast.access(who), document, NOW)}


def test_what_came_in_and_what_moved(cast: Cast) -> None:
    year(cast.larkspur)
    found = said(cast)
    assert [(line.figure, line.title) for line in found["Heard"]] == [
        ("24", "answered in Aug 2025"),
        ("12", "detractors among them"),
    ]
    assert (
        found["Heard"][0].text == "24 were usual."
        and found["Heard"][1].href == "/w/larkspur/feedback/?since=2025-08-01&until=2025-08-31&band=detractor"
    )
    score, segment = found["Moved"]
    assert (score.figure, score.text.startswith("+25 to 0, [")) == ("−25.0", True)
    assert (segment.title, segment.figure, segment.href) == ("North", "−25.0", "/w/larkspur/segments/?by=region")


def test_how_many_of_those_asked_answered(cast: Cast) -> None:
    year(cast.larkspur)
    invited(cast.larkspur, ["c-North-0", "c-North-1", "c-North-2", "c-North-3"], answered=1, day="2025-08-04")
    unsent = {"sent_at": None, "answered_at": None}
    invited(cast.larkspur, ["c-South-0", "c-South-1"], answered=0, day="2025-08-05", reason_not_sent="quota", **unsent)
    line = said(cast)["Heard"][2]
    assert (line.figure, line.title, line.href) == ("25 %", "of those asked answered", None)
    assert line.text == "1 of 4 who were asked."


def test_too_few_to_say_how_it_moved(cast: Cast) -> None:
    year(cast.larkspur)
    (line,) = said(cast, month=dt.date(2025, 11, 1))["Moved"]
    assert line.text == "0 answers: too few to say how the score moved (10 needed)."


def test_of_few_who_answered_the_unhappy_are_still_to_be_called(cast: Cast) -> None:
    told(cast.larkspur, [answer(str(n), n, "2025-08-04") for n in range(5, 10)])
    fresh(cast.larkspur)
    assert [line.figure for line in said(cast)["Heard"]] == ["5", "2"]


def test_silence_is_late_after_a_month(cast: Cast) -> None:
    year(cast.larkspur)
    document = month_of(basis(cast.access("hanna")))
    line = silence(Month(cast.access("hanna"), document, NOW))
    assert line is not None and (line.chip, line.late) == ("32 days", True)
    assert silence(Month(cast.access("hanna"), document, dt.datetime(2025, 10, 25, tzinfo=dt.UTC))) is None


def test_what_is_due_and_late(cast: Cast) -> None:
    source = ensure_source(workspace=cast.larkspur, name="answers.csv", kind="file")
    for state in ("staged", "failed"):
        SyncRun.objects.create(
            workspace=cast.larkspur,
            source=source,
            table="feedback",
            state=state,
            file_name=f"{state}.csv",
            error="line 3 is cut",
            created_at=NOW,
        )
    Job.objects.create(workspace_id=cast.larkspur.pk, task="exports.refresh", state="failed", ended_at=NOW)
    found = said(cast, month=None)["Due and late"]
    assert [(line.title, line.text, line.late) for line in found] == [
        ("An import failed", "failed.csv: line 3 is cut", True),
        ("An import waits to be published", "staged.csv: nobody sees its rows yet.", False),
        ("1 job failed this week", "Each says why.", True),
    ]  # fmt: skip
    assert [line.title for line in said(cast, "rafael", None)["Due and late"]] == [
        "An import failed",
        "An import waits to be published",
    ]
    assert said(cast, "norah", None)["Due and late"] == [], "files and jobs are of the whole workspace"


def test_every_line_may_have_nothing_to_say(cast: Cast) -> None:
    month = Month(cast.access("nell"), None, NOW)
    assert [line(month) for line in LINES] == [None] * len(LINES)
    assert month.href("no such page") is None


def test_renewals_in_silence(cast: Cast) -> None:
    for name, days in (("Dunmore", 30), ("Late", 200)):
        make_customer(
            cast.larkspur,
            name,
            name=f"{name} Ltd",
            renewal_date=NOW.date() + dt.timedelta(days=days),
            attributes={"region": "North"},
        )
    (line,) = said(cast, "norah", None)["Due and late"]
    assert (line.figure, line.title) == ("1", "customer renews in silence")
    assert (
        line.text == "Up within 120 days and not heard for a year; first Dunmore Ltd, 22 Dec."
        and line.href == "/w/larkspur/accounts/?silent=1#list"
    )


def test_what_burns_for_those_who_may_see_it(cast: Cast) -> None:
    year(cast.larkspur)
    an_alarm(cast.larkspur, region="South", more={"revenue": 10})
    an_alarm(cast.larkspur, region="North", more={"state": "acknowledged"})
    found = said(cast)["Moved"][2]
    assert (found.title, found.text, found.chip) == (
        "Twice as many detractors in South", "Since 7 Sep 2026; 1 flare-up more.", "nobody has 1",
    )  # fmt: skip
    assert found.href == "/w/larkspur/flareups/"
    north = said(cast, "norah")["Moved"]
    assert [(line.title, line.text, line.chip) for line in north if "as many detractors" in line.title] == [
        ("Twice as many detractors in North", "Since 7 Sep 2026.", "")
    ]
