"""Background work of imports: reading, staging, undoing, sweeping. Each ends within its time and may be killed at any."""

from __future__ import annotations

import datetime as dt
import shutil
import time

from django.utils import timezone

from winback.server.imports import actions, files, undoing
from winback.server.imports.rules import DRAFTS_KEPT_DAYS, GONE, OPEN
from winback.server.jobs.actions import enqueue, progress
from winback.server.jobs.models import Job
from winback.server.jobs.rules import Again
from winback.server.sources.models import SyncRun

SECONDS = 20.0  # of work before the job gives way to others
LIFE = 1.0  # between two signs of life


class _Signs:
    """Tells of progress about once a second."""

    def __init__(self, job: Job, note: str) -> None:
        self._job, self._note, self._next = job, note, 0.0

    def __call__(self, done: int = 0, total: int | None = None) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + LIFE
            progress(job=self._job, done=done, total=total, note=self._note)


def look(*, job: Job, run_id: int) -> Again | None:
    """Read a draft's file. A file that takes longer than a chunk is waited for by the next ones."""
    run = SyncRun.objects.filter(pk=run_id, state="draft").first()
    if run is None:
        return None
    found = actions.look(run=run, seconds=SECONDS, tell=_Signs(job, f"reading {run.file_name}"))
    return Again() if found is None else None


def stage(*, job: Job, run_id: int) -> Again | None:
    """Stage and publish an import."""
    run = SyncRun.objects.select_related("workspace", "source").filter(pk=run_id).first()
    if run is None:
        return None
    outcome = actions.work(run=run, seconds=SECONDS, tell=_Signs(job, f"importing {run.file_name}"))
    if outcome == "waiting":
        other = undoing.waiting(run)
        progress(job=job, done=0, note=f"waits for {other.file_name}" if other else "waits")
        return Again(due_at=timezone.now() + dt.timedelta(seconds=1))
    return Again() if outcome == "more" else None


def undo(*, job: Job, run_id: int, at: list[int] | None = None) -> Again | None:
    """Undo an import; `at` is where the chunk before came to."""
    run = SyncRun.objects.select_related("workspace", "source").filter(pk=run_id).first()
    if run is None:
        return None
    more = undoing.undo(run=run, tell=_Signs(job, f"undoing {run.file_name}"), seconds=SECONDS, at=at or (0, 0))
    return None if more is None else Again(arguments={"at": list(more)})


def sweep(*, job: Job, run_id: int) -> Again | None:
    """Delete what an import that came to nothing has written."""
    run = SyncRun.objects.select_related("workspace").filter(pk=run_id).first()
    if run is None or undoing.sweep(run=run, tell=_Signs(job, f"sweeping {run.file_name}")):
        return None
    return Again()


def tidy(*, job: Job) -> None:
    """Scheduled: imports that nobody is at go on, drafts nobody came back to go, and so do files of nobody."""
    old = timezone.now() - dt.timedelta(days=DRAFTS_KEPT_DAYS)
    for run in SyncRun.objects.filter(state="draft", live=False, created_at__lt=old).select_related("workspace"):
        actions.cancel(run=run)
    for run in SyncRun.objects.filter(state__in=OPEN):
        with files.held(actions.folder(run)) as free:
            pass
        if free is not None or not actions.folder(run).exists():
            enqueue(task="imports.stage", workspace_id=run.workspace_id, key=f"run {run.pk}", run_id=run.pk)
    for run in SyncRun.objects.filter(state="published").exclude(undoing=""):
        enqueue(task="imports.undo", workspace_id=run.workspace_id, key=f"run {run.pk}", run_id=run.pk)
    for run in SyncRun.objects.filter(state__in=GONE).exclude(options__has_key="swept"):
        enqueue(task="imports.sweep", workspace_id=run.workspace_id, key=f"run {run.pk}", run_id=run.pk)
    known = set(SyncRun.objects.filter(options__has_key="upload").values_list("options__upload", flat=True))
    for place in files.places():
        young = time.time() - place.stat().st_mtime < 3600
        if place.name not in known and not young:
            shutil.rmtree(place, ignore_errors=True)
