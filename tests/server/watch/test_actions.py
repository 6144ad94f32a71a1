"""The watch at work: every sort of survey and measure, and what is left behind."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests.server.exports.worlds import fresh, told
from tests.server.factories import Cast
from tests.server.watch.worlds import NOW, an_alarm, burning, watched
from winback.server.feedback.models import Feedback
from winback.server.outbox.models import OutboxMessage
from winback.server.runs.models import AnalysisRun
from winback.server.sources.actions import mark_dirty
from winback.server.watch import actions, planning
from winback.server.watch.models import Watch, WatchPlan

pytestmark = pytest.mark.django_db


def test_answers_without_dates(cast: Cast) -> None:
    from winback.server.feedback.rules import NewFeedback

    told(cast.larkspur, [NewFeedback(external_id=str(i), score=3) for i in range(20)])
    Feedback.objects.update(occurred_at=None, local_date=None)
    fresh(cast.larkspur)
    assert watched(cast.larkspur) == []
    assert Watch.objects.get().trouble == "no dates"


def test_a_workspace_without_answers_is_done_at_once(cast: Cast) -> None:
    fresh(cast.larkspur)
    assert planning.is_due(cast.larkspur, now=NOW)
    assert watched(cast.larkspur) == []
    assert not planning.is_due(cast.larkspur, now=NOW + dt.timedelta(hours=1))


def test_runs_that_nobody_points_to_go_after_a_week(cast: Cast) -> None:
    kept = an_alarm(cast.larkspur, region="North")
    loose = an_alarm(cast.larkspur, region="South")
    run = loose.run
    loose.delete()
    AnalysisRun.objects.update(made_at=timezone.now() - dt.timedelta(days=8))
    actions.finish(workspace=cast.larkspur, version="v")
    assert list(AnalysisRun.objects.values_list("pk", flat=True)) == [kept.run_id] and run.pk != kept.run_id


def test_what_is_no_longer_watched_is_over(cast: Cast) -> None:
    burning(cast.larkspur)
    WatchPlan.objects.create(workspace=cast.larkspur, measures=["detractors", "score"])
    watched(cast.larkspur)
    WatchPlan.objects.update(measures=["score"])
    assert [(one.measure, one.state, one.ending) for one in watched(cast.larkspur)] == [
        ("detractors", "ended", "unwatched"), ("score", "open", ""),
    ]  # fmt: skip


def test_answers_that_are_all_taken_back_leave_nothing_burning(cast: Cast) -> None:
    burning(cast.larkspur)
    watched(cast.larkspur)
    days = set(Feedback.objects.values_list("local_date", flat=True))
    Feedback.objects.update(score=None)
    mark_dirty(workspace=cast.larkspur, table="feedback", days=days)
    fresh(cast.larkspur)
    assert [(one.state, one.ending) for one in watched(cast.larkspur)] == [("ended", "withdrawn")]
    assert not Watch.objects.exists()


def test_another_period_goes_on_with_the_same_fire(cast: Cast) -> None:
    burning(cast.larkspur)
    (alarm,) = watched(cast.larkspur)
    planning.change_plan(by=cast.access("hanna"), measures=["detractors"], every="day")
    found = watched(cast.larkspur)
    assert [one.pk for one in found if one.segment == ["North", "A"]] == [alarm.pk]
    assert OutboxMessage.objects.count() == len(found), "told once each"
