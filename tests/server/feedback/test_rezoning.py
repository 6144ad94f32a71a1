from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests.server.factories import Cast, make_feedback
from tests.server.imports.bringing import brought
from winback.server.feedback import rezoning
from winback.server.feedback.models import Feedback
from winback.server.jobs.actions import run_due
from winback.server.sources.models import DirtyDay
from winback.server.workspaces.actions import change_settings

pytestmark = pytest.mark.django_db


def days(cast: Cast) -> dict[str, str]:
    rows = Feedback.objects.visible(cast.larkspur).values_list("external_id", "local_date")
    return {key: day.isoformat() for key, day in rows}


def test_days_follow_the_workspace_and_days_of_a_file_are_as_it_said(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rezoning, "AT_ONCE", 1)
    for key, hour in (("late", 23), ("noon", 12)):
        make_feedback(cast.larkspur, key, occurred_at=dt.datetime(2026, 11, 19, hour, tzinfo=dt.UTC))
    brought(cast.larkspur, "id,date,score\nf,2026-10-01,9\n")
    assert days(cast) == {"late": "2026-11-19", "noon": "2026-11-19", "f": "2026-10-01"}
    DirtyDay.objects.filter(run=None).delete()
    change_settings(by=cast.access("ingrid"), wanted={"zone": "Asia/Tokyo"})
    assert days(cast)["late"] == "2026-11-19", "requests under way come first"
    ran = run_due(now=timezone.now() + dt.timedelta(minutes=1))
    assert [job.state for job in ran if job.task == "feedback.rezone"] == ["done"]
    assert days(cast) == {"late": "2026-11-20", "noon": "2026-11-19", "f": "2026-10-01"}
    cast.larkspur.refresh_from_db()
    change_settings(by=cast.access("ingrid"), wanted={"zone": "America/Los_Angeles", "name": "Larkspur"})
    run_due(now=timezone.now() + dt.timedelta(minutes=1))
    assert days(cast) == {"late": "2026-11-19", "noon": "2026-11-19", "f": "2026-10-01"}


def test_both_days_are_exported_again(cast: Cast) -> None:
    make_feedback(cast.larkspur, "late", occurred_at=dt.datetime(2026, 11, 19, 23, tzinfo=dt.UTC))
    DirtyDay.objects.all().delete()
    cast.larkspur.zone = "Asia/Tokyo"
    came = rezoning.rezone(workspace=cast.larkspur, after=0)
    assert came == (Feedback.objects.get().pk, 1)
    assert rezoning.rezone(workspace=cast.larkspur, after=came[0]) is None
    marked = set(DirtyDay.objects.filter(table="feedback").values_list("day", flat=True))
    assert marked == {dt.date(2026, 11, 19), dt.date(2026, 11, 20)}
