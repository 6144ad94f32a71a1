"""When a look is due, and what is watched."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.server.exports.worlds import fresh
from tests.server.factories import Cast
from tests.server.watch.worlds import NOW, TODAY, WEEKS, burning, more, watched
from winback.errors import UserError
from winback.server.exports.queries import manifest_of
from winback.server.jobs.models import Job
from winback.server.runs.models import AnalysisRun
from winback.server.watch import planning
from winback.server.watch.models import Alarm, Watch, WatchPlan

pytestmark = pytest.mark.django_db


def test_the_same_state_is_looked_at_once(cast: Cast) -> None:
    burning(cast.larkspur)
    watched(cast.larkspur)
    watched(cast.larkspur)
    assert AnalysisRun.objects.count() == 1 and Alarm.objects.count() == 1
    plan = WatchPlan.objects.get()
    manifest = manifest_of(planning.whole(cast.larkspur))
    assert manifest is not None and plan.version == manifest.id and plan.day == TODAY
    assert not planning.is_due(cast.larkspur, now=NOW + dt.timedelta(hours=2))
    more(cast.larkspur, WEEKS, 4)
    fresh(cast.larkspur)
    assert not planning.is_due(cast.larkspur, now=NOW + dt.timedelta(minutes=14))
    assert planning.is_due(cast.larkspur, now=NOW + dt.timedelta(minutes=15))


def test_a_new_day_is_looked_at_too_since_a_week_may_be_over(cast: Cast) -> None:
    burning(cast.larkspur)
    watched(cast.larkspur)
    assert planning.is_due(cast.larkspur, now=NOW + dt.timedelta(days=1))
    assert not planning.is_due(cast.merritt, now=NOW + dt.timedelta(days=1)), "nothing was ever written there"


def test_what_is_watched_can_be_changed(cast: Cast) -> None:
    burning(cast.larkspur)
    watched(cast.larkspur)
    planning.change_plan(by=cast.access("hanna"), measures=["silence", "detractors"], every="month")
    plan = WatchPlan.objects.get()
    assert (planning.measures_of(plan), plan.every, plan.version) == (["detractors", "silence"], "month", "")
    assert Watch.objects.get().version == ""
    assert Job.objects.get(task="watch.run").workspace_id == cast.larkspur.pk
    for measures, every in (([], "week"), (["mood"], "week"), (["score"], "year")):
        with pytest.raises(UserError):
            planning.change_plan(by=cast.access("hanna"), measures=measures, every=every)
