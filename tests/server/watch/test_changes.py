"""What changed around the time: imports, how people were asked, and the words of those who are unhappy."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests.server.exports.worlds import answer, fresh, told
from tests.server.factories import Cast
from tests.server.watch.worlds import an_alarm, burning
from winback.server.feedback.queries import chosen
from winback.server.sources.actions import ensure_source
from winback.server.sources.models import SyncRun
from winback.server.watch.changes import choice_of, imports_around, mix, words
from winback.server.watch.models import Alarm
from winback.server.workspaces.models import Workspace

pytestmark = pytest.mark.django_db


def hot(workspace: Workspace, **more: object) -> Alarm:
    days = {"since": dt.date(2026, 9, 14), "until": dt.date(2026, 9, 27)}
    return an_alarm(workspace, region="North", plan="A", more={**days, **more})


def test_the_answers_behind_an_alarm_are_those_it_counted(cast: Cast) -> None:
    burning(cast.larkspur)
    access = cast.access("hanna")
    assert chosen(access, choice_of(hot(cast.larkspur))).count() == 40
    assert chosen(access, choice_of(hot(cast.larkspur), band="detractor")).count() == 34
    asked = choice_of(
        an_alarm(cast.larkspur, channel="web", **{"region (customers)": "North"}, more={"survey": "relationship"})
    )
    assert (asked.fields, asked.attributes) == ({"channel": "web", "survey": "relationship"}, {"region": "North"})


def test_words_that_its_detractors_did_not_write_before(cast: Cast) -> None:
    burning(cast.larkspur)
    told(cast.larkspur, [
        answer(f"old-{i}", 2, "2026-08-20", customer=f"c-{i}", comment="the bill is hard to read", attributes={"region": "North", "plan": "A"})
        for i in range(12)
    ])  # fmt: skip
    alarm = hot(cast.larkspur)
    assert {word.text for word in words(cast.access("hanna"), alarm)} == {"appointment", "came", "nobody"}
    assert words(cast.access("nell"), alarm) == []


def test_words_of_praise_are_no_complaint(cast: Cast) -> None:
    alarm = hot(cast.larkspur)
    for key, day, text in (
        ("now", "2026-09-15", "The fitter was friendly, but nobody came"),
        ("then", "2026-08-20", "The bill is hard to read"),
    ):
        told(cast.larkspur, [
            answer(f"{key}-{i}", 2, day, customer=f"c-{i}", comment=text, attributes={"region": "North", "plan": "A"})
            for i in range(9)
        ])  # fmt: skip
    assert {word.text for word in words(cast.access("hanna"), alarm)} == {"came", "nobody"}


def test_how_people_were_asked(cast: Cast) -> None:
    burning(cast.larkspur)
    rows = []
    for week, channel in [(day, "mail") for day in range(1, 15)] + [(16, "phone")]:
        day = dt.date(2026, 6, 1) + dt.timedelta(days=7 * week)
        rows += [
            answer(
                f"x{week}-{i}",
                9,
                day.isoformat(),
                channel=channel,
                touchpoint="bill",
                attributes={"region": "North", "plan": "A"},
            )
            for i in range(10)
        ]
    told(cast.larkspur, rows)
    fresh(cast.larkspur)
    alarm = hot(cast.larkspur, sort="all.0-10")
    moved = mix(cast.access("hanna"), alarm)
    assert {(one["value"], one["now"], one["before"]) for one in moved} == {("phone", 1.0, 0.0), ("mail", 0.0, 1.0)}
    assert mix(cast.access("hanna"), hot(cast.larkspur, sort="gone.1-5")) == []


def test_imports_around_that_time_for_who_sees_everything(cast: Cast) -> None:
    alarm = hot(cast.larkspur, began=dt.date(2026, 9, 14), found_at=dt.datetime(2026, 9, 28, tzinfo=dt.UTC))
    source = ensure_source(workspace=cast.larkspur, name="answers.csv", kind="file")
    for name, month, day in (("before.csv", 8, 30), ("near.csv", 9, 2), ("in.csv", 9, 20), ("after.csv", 9, 29)):
        SyncRun.objects.create(
            workspace=cast.larkspur, source=source, table="feedback", state="published", file_name=name,
            published_at=dt.datetime(2026, month, day, tzinfo=dt.UTC), created_at=timezone.now(),
        )  # fmt: skip
    SyncRun.objects.filter(file_name="near.csv").update(table="customers")
    SyncRun.objects.create(
        workspace=cast.larkspur, source=source, table="invitations", state="published", file_name="asked.csv",
        published_at=dt.datetime(2026, 9, 20, tzinfo=dt.UTC),
    )  # fmt: skip
    assert [run.file_name for run in imports_around(cast.access("amara"), alarm)] == ["in.csv", "near.csv"]
    assert imports_around(cast.access("norah"), alarm) == []
