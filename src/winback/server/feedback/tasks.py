"""Background work of feedback."""

from __future__ import annotations

import time

from django.utils import timezone

from winback.server.feedback import rezoning, telling
from winback.server.jobs.actions import progress
from winback.server.jobs.models import Job
from winback.server.jobs.rules import Again
from winback.server.workspaces.models import Workspace

SECONDS = 15.0


def tell(*, job: Job) -> None:
    """Scheduled: webhooks hear of what came in."""
    telling.tell(now=timezone.now())


def rezone(*, job: Job, workspace: int, after: int = 0) -> Again | None:
    """Reckon days again, in chunks; `after` is where the chunk before came to."""
    there = Workspace.objects.filter(pk=workspace).first()
    until, done = time.monotonic() + SECONDS, job.done if after else 0
    while there is not None and (came := rezoning.rezone(workspace=there, after=after)) is not None:
        after, done = came[0], done + came[1]
        progress(job=job, done=done, note="reckoning days in the new time zone")
        if time.monotonic() > until:
            return Again(arguments={"after": after})
    return None
