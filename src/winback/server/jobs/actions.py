"""Asking for background work."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from winback.server.database import atomic
from winback.server.jobs.models import Job


def enqueue(
    *, task: str, workspace_id: int | None = None, key: str = "", due_at: dt.datetime | None = None, **arguments: Any
) -> Job:
    """Ask for a task of winback.server.tasks.TASKS by name, with ids as arguments; it begins when this transaction ends.

    With a `key`, asking again while the same work waits or runs gives the job there is.
    """
    with atomic():
        if key:
            there = Job.objects.filter(task=task, key=key, state__in=["queued", "running"]).first()
            if there is not None:
                return there
        return Job.objects.create(
            task=task, workspace_id=workspace_id, key=key, due_at=due_at or timezone.now(), arguments=arguments
        )
