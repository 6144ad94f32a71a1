"""What stands on the page, in which order."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests.server.factories import Cast
from winback.server.jobs.models import Job
from winback.server.operations import queries

pytestmark = pytest.mark.django_db


def test_what_runs_comes_first_and_each_workspace_sees_its_own(cast: Cast) -> None:
    now = timezone.now()
    for name, state, due in (("late", "queued", 2), ("soon", "queued", 1), ("runs", "running", 3), ("over", "done", 0)):
        Job.objects.create(
            task=name, state=state, workspace_id=cast.larkspur.pk, due_at=now + dt.timedelta(minutes=due)
        )
    Job.objects.create(task="other", workspace_id=cast.merritt.pk)
    assert [job.task for job in queries.open_jobs(cast.larkspur)] == ["runs", "soon", "late"]
    assert [job.task for job in queries.ended(cast.larkspur, "all")] == ["over"]
    assert not queries.nobody_works()
    Job.objects.update(due_at=now - dt.timedelta(minutes=3))
    assert queries.nobody_works()
    assert list(queries.by_the_clock()) == []
