"""Themes are watched once a codebook is accepted and its comments are read; an alarm names its theme, and is one."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.test import Client

from tests.server.exports.worlds import fresh
from tests.server.factories import Cast
from tests.server.watch.worlds import NOW, an_alarm, named
from winback.server.exports.queries import manifest_of
from winback.server.feedback.models import Feedback
from winback.server.outbox.models import OutboxMessage
from winback.server.runs.models import AnalysisRun
from winback.server.sources.actions import mark_dirty
from winback.server.themes.actions import change, merge, retire
from winback.server.themes.models import CodebookVersion, Reading, Theme
from winback.server.watch import actions, planning, themed
from winback.server.watch.deciding import take
from winback.server.watch.models import Alarm, Watch, WatchPlan
from winback.server.watch.queries import lead_of, listed
from winback.server.watch.reduced import decided, input_hash
from winback.server.watch.saying import headline, sentence
from winback.server.watch.showing import elsewhere, small
from winback.server.workspaces.models import Workspace

pytestmark = pytest.mark.django_db


def watched(workspace: Workspace) -> list[Alarm]:
    actions.watch_now(workspace=workspace, now=NOW)
    return list(Alarm.objects.order_by("id"))


def test_a_theme_that_rises_is_one_alarm_that_names_it(cast: Cast, client: Client) -> None:
    named(cast.larkspur)
    (alarm,) = watched(cast.larkspur)
    assert (alarm.measure, alarm.by, alarm.segment, alarm.answers, alarm.bad) == (
        "themes",
        ["region"],
        ["North"],
        40,
        28.0,
    )
    assert (alarm.since, alarm.until, alarm.customers) == (dt.date(2026, 9, 14), dt.date(2026, 9, 27), 14)
    assert headline(alarm) == "Queue is named 10 times as often in North"
    assert "28 of 40 answers that say why name it where 3 were expected" in sentence(alarm)
    (mail,) = OutboxMessage.objects.filter(kind="mail")
    assert mail.subject == headline(alarm)

    run = AnalysisRun.objects.get(pk=alarm.found_run_id)
    kept = json.loads(json.dumps(run.result["counts"]))
    again = decided(kept, run.params).table.to_pylist()
    assert input_hash(kept) == run.input_hash
    assert [(row["theme"], row["segment"], row["q"], row["score"]) for row in again] == [
        ("queue", ["North"], alarm.q, alarm.score)
    ]

    # What is known already is told nobody twice, whatever it is called meanwhile.
    take(by=cast.access("hanna"), alarm=alarm, seen=0)
    change(access=cast.access("hanna"), pk=alarm.theme_id or 0, name="Waiting at the desk")
    manifest = manifest_of(planning.whole(cast.larkspur))
    assert manifest is not None and WatchPlan.objects.get().version != themed.state_of(cast.larkspur, manifest.id)
    assert [one.pk for one in watched(cast.larkspur)] == [alarm.pk]
    assert OutboxMessage.objects.filter(kind="mail").count() == 1
    names = [row["theme"] for row in listed(cast.access("hanna"), Watch.objects.get(measure="themes"))]
    assert set(names) == {"Waiting at the desk", "Bill"}

    alarm = Alarm.objects.get(pk=alarm.pk)
    beside = an_alarm(cast.larkspur, region="North", more={"beside": alarm.pk})
    assert elsewhere(alarm, beside) == "a rise of the share of detractors"
    assert elsewhere(beside, alarm) == "the theme Waiting at the desk"
    assert lead_of(cast.access("hanna"), beside) == alarm and lead_of(cast.access("hanna"), alarm) is None
    assert lead_of(cast.access("nell"), beside) is None
    assert (small(0.0004), small(1e-12)) == ("0.0004", "under 0.0001")

    client.force_login(cast.people["hanna"])
    page = client.get(f"/w/larkspur/flareups/{alarm.pk}/").content.decode()
    assert "Waiting at the desk is named 10 times as often in North" in page
    assert f"/w/larkspur/reasons/{alarm.theme_id}/comments/?region=North" in page, "to the comments"


def test_an_alarm_follows_its_theme(cast: Cast) -> None:
    themes = named(cast.larkspur)
    (alarm,) = watched(cast.larkspur)
    other = Theme.objects.create(workspace=cast.larkspur, key="desk", name="Desk", state="accepted")
    merge(access=cast.access("hanna"), pk=themes["Queue"].pk, into=other.pk)
    (alarm,) = watched(cast.larkspur)
    assert (alarm.theme, alarm.state) == (other, "open")
    retire(access=cast.access("hanna"), pk=other.pk)
    (alarm,) = watched(cast.larkspur)
    assert (alarm.state, alarm.ending) == ("ended", "unwatched")


def test_nothing_is_looked_at_before_it_is_read(cast: Cast) -> None:
    named(cast.larkspur)
    CodebookVersion.objects.create(workspace=cast.larkspur, number=2, model="test 2")
    assert themed.reading(cast.larkspur), "by the second version nothing has been read yet"
    assert watched(cast.larkspur) == []
    Reading.objects.update(version=2)
    assert len(watched(cast.larkspur)) == 1
    CodebookVersion.objects.all().delete()
    assert actions.parts_of(cast.larkspur) == [("all.0-10", "detractors")]
    actions.finish(workspace=cast.larkspur, version="", now=NOW)
    assert Alarm.objects.get().ending == "unwatched"


def test_praise_alarms_nobody(cast: Cast) -> None:
    named(cast.larkspur)
    Feedback.objects.update(score=10)
    mark_dirty(
        workspace=cast.larkspur, table="feedback", days=set(Feedback.objects.values_list("local_date", flat=True))
    )
    fresh(cast.larkspur)
    assert watched(cast.larkspur) == []
