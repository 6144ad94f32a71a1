"""Reads of background work."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.utils import timezone

from winback.server.jobs.actions import BY_THE_CLOCK, OPEN
from winback.server.jobs.models import Job
from winback.server.workspaces.models import Workspace

SHELVES = {
    "all": ("done", "failed", "cancelled"),
    "failed": ("failed",),
    "done": ("done",),
    "cancelled": ("cancelled",),
}
LATE = dt.timedelta(minutes=2)
SHOWN = 50  # open jobs on a page; more are counted


def open_jobs(workspace: Workspace) -> QuerySet[Job]:
    """What runs or waits in a workspace: what runs first, then by when it is due."""
    return Job.objects.filter(workspace_id=workspace.pk, state__in=OPEN).order_by("-state", "due_at", "id")


def ended(workspace: Workspace, shelf: str) -> QuerySet[Job]:
    """What has ended in a workspace, newest first."""
    return Job.objects.filter(workspace_id=workspace.pk, state__in=SHELVES[shelf]).order_by("-id")


def by_the_clock() -> QuerySet[Job]:
    """What the whole installation repeats, and how it went the last time."""
    return Job.objects.filter(key=BY_THE_CLOCK, state__in=OPEN).order_by("task")


def nobody_works() -> bool:
    """Whether something has been due for so long that no worker can be there."""
    return Job.objects.filter(state="queued", due_at__lt=timezone.now() - LATE).exists()
