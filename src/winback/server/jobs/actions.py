"""Asking for background work, doing it, and what people may do about it.

The table of jobs is the queue. A worker claims a job with one conditional UPDATE and holds a lease on it; the number of
the claim is its token: whoever finishes with another number than the row has was taken for dead, and writes nothing. A
job whose lease has run out is claimed again, so that work survives a killed worker. Tasks may therefore run twice and
are idempotent.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.module_loading import import_string

from winback.errors import UserError
from winback.server.database import atomic
from winback.server.jobs.hanging import not_before
from winback.server.jobs.models import Job
from winback.server.jobs.rules import (
    LEASE,
    LONGEST,
    LONGEST_WAIT,
    MOST_ATTEMPTS,
    Again,
    JobStopped,
    reason,
    wait_before,
    worth_another_attempt,
)

log = logging.getLogger("winback.jobs")
OPEN = ("queued", "running")
BY_THE_CLOCK = "by the clock"  # the key of the one job that repeats a scheduled task
KEPT = dt.timedelta(days=30)


def enqueue(
    *, task: str, workspace_id: int | None = None, key: str = "", due_at: dt.datetime | None = None, **arguments: Any
) -> Job:
    """Ask for a task of winback.server.tasks.TASKS by name, with ids as arguments; it begins when this transaction ends.

    With a `key`, asking again while the same work waits gives the job there is; while it runs, has it run once more
    after, since it may have passed by what is new.
    """
    due_at = due_at or timezone.now()
    with atomic():
        if key and (there := _open(task, key, arguments)) is not None:
            return there
        try:
            with transaction.atomic():  # a savepoint: the outer transaction goes on if this fails
                return Job.objects.create(
                    task=task, workspace_id=workspace_id, key=key, due_at=due_at, arguments=arguments
                )
        except IntegrityError:  # another asked for the same in this moment
            there = _open(task, key, arguments)
            if there is None:
                raise
            return there


def progress(*, job: Job, done: int, total: int | None = None, note: str = "") -> None:
    """Say how far a task is, and renew its lease. Raises JobStopped where it was cancelled or given to another."""
    with atomic():
        held = _held(job).update(
            done=done,
            total=job.total if total is None else total,
            note=note[:300],
            lease_until=timezone.now() + LEASE,
        )
    if not held:
        raise JobStopped
    job.done, job.note = done, note[:300]
    job.total = job.total if total is None else total


def at_length(*, job: Job) -> None:
    """Say that what follows cannot be divided: it may take LONGEST, and nobody else takes the job meanwhile.

    Raises JobStopped where it was cancelled or given to another.
    """
    with atomic():
        held = _held(job).update(lease_until=timezone.now() + LONGEST + LEASE)
    if not held:
        raise JobStopped
    not_before(LONGEST)


def claim(*, worker: str = "", now: dt.datetime | None = None) -> Job | None:
    """Take the job that has been due longest, or None. Two workers never hold the same claim."""
    now = now or timezone.now()
    free = Q(state="queued", due_at__lte=now) | Q(state="running", lease_until__lt=now)
    for seen in Job.objects.filter(free).order_by("due_at", "id")[:10]:
        worn_out = seen.state == "running" and seen.attempts >= MOST_ATTEMPTS
        with atomic():
            mine = Job.objects.filter(free, pk=seen.pk, claims=seen.claims).update(
                state="running",
                claims=F("claims") + 1,
                attempts=F("attempts") + (0 if worn_out else 1),
                lease_until=timezone.now() + LEASE,
                worker=worker,
                started_at=Coalesce("started_at", timezone.now()),
            )
        if not mine:
            continue
        job = Job.objects.get(pk=seen.pk)
        if worn_out:
            _fail(job, f"The worker ended {seen.attempts} times in the middle of this task, so it is not tried again.")
            continue
        return job
    return None


def run_due(*, now: dt.datetime | None = None, most: int = 10_000) -> list[Job]:
    """Do everything that is due, here and one after another, with what it enqueues; return the jobs as they ended.

    A job that answers `Again`, or failed and is tried once more, stands in the list once for each time. `now` is for
    tests: what is due by then.
    """
    ran: list[Job] = []
    while len(ran) < most and (job := claim(now=now)) is not None:
        perform(job=job)
        job.refresh_from_db()
        ran.append(job)
    return ran


def perform(*, job: Job) -> None:
    """Run the claimed job's task, and write down how it went."""
    try:
        answer = _function(job.task)(job=job, **job.arguments)
    except JobStopped:
        log.info("job %s (%s) was stopped", job.pk, job.task)
    except Exception as error:
        _failed(job, error)
    else:
        _done(job, answer)


def retry(*, job: Job) -> None:
    """Have a job that failed or was cancelled tried again, now. Raises UserError where there is nothing to retry."""
    with atomic():
        if job.key and Job.objects.filter(task=job.task, key=job.key, state__in=OPEN).exclude(pk=job.pk).exists():
            raise UserError("The same work is waiting or running already.")
        again = Job.objects.filter(pk=job.pk, state__in=["failed", "cancelled"]).update(
            state="queued", attempts=0, due_at=timezone.now(), lease_until=None, ended_at=None, error=""
        )
    if not again:
        raise UserError("Only a job that failed or was cancelled can be tried again.")


def cancel(*, job: Job) -> None:
    """Take a job out of the queue; one that runs ends at its next sign of life. Raises UserError where it has ended."""
    with atomic():
        stopped = Job.objects.filter(pk=job.pk, state__in=OPEN).update(
            state="cancelled", lease_until=None, ended_at=timezone.now()
        )
    if not stopped:
        raise UserError("This job has ended already.")


def keep_the_clock(*, now: dt.datetime | None = None) -> None:
    """See to it that every scheduled task has a job waiting; workers call this every minute.

    One that waits longer than it ever would was put off by a clock that has been set back since: it is due now.
    """
    now = now or timezone.now()
    kept = dict(Job.objects.filter(key=BY_THE_CLOCK, state__in=OPEN).values_list("task", "due_at"))
    for task, seconds in _schedules():
        if task not in kept:
            enqueue(task=task, key=BY_THE_CLOCK, due_at=now)
        elif kept[task] > now + max(dt.timedelta(seconds=seconds), LONGEST_WAIT):
            with atomic():
                Job.objects.filter(task=task, key=BY_THE_CLOCK, state="queued").update(due_at=now)


def release(*, worker: str) -> int:
    """Let go of what a worker held that is known to be dead, so that it runs again at once. Returns how many jobs."""
    with atomic():
        return Job.objects.filter(state="running", worker=worker).update(
            lease_until=timezone.now() - dt.timedelta(seconds=1)
        )


def tidy(*, job: Job) -> None:
    """Scheduled: forget jobs that ended long ago."""
    with atomic():
        Job.objects.filter(ended_at__lt=timezone.now() - KEPT).exclude(state__in=OPEN).delete()


def _function(name: str) -> Callable[..., Again | None]:
    tasks: dict[str, str] = import_string(f"{settings.TASKS_MODULE}.TASKS")
    if name not in tasks:
        raise UserError(f"There is no task {name}; this winback is older or newer than the one that asked for it.")
    function: Callable[..., Again | None] = import_string(tasks[name].replace(":", "."))
    return function


def _schedules() -> tuple[tuple[str, int], ...]:
    schedules: tuple[tuple[str, int], ...] = import_string(f"{settings.TASKS_MODULE}.SCHEDULES")
    return schedules


def _open(task: str, key: str, arguments: dict[str, Any]) -> Job | None:
    """The open job of this key, told that it was asked for again where it runs.

    One that waits is kept from beginning until this transaction ends (PostgreSQL): it would pass by what is written here.
    """
    there = Job.objects.filter(task=task, key=key, state__in=OPEN).first()
    if there is not None and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT state FROM winback_job WHERE id = %s FOR SHARE", [there.pk])
            held = cursor.fetchone()
        if held is None or held[0] not in OPEN:  # it has ended in this moment
            return None
    if there is not None:
        Job.objects.filter(pk=there.pk, state="running").update(asked_again=arguments)
    return there


def _held(job: Job) -> Any:
    """The job's row while this claim of it stands."""
    return Job.objects.filter(pk=job.pk, state="running", claims=job.claims)


def _done(job: Job, answer: Again | None) -> None:
    now = timezone.now()
    every = dict(_schedules()).get(job.task) if job.key == BY_THE_CLOCK else None
    fields: dict[str, Any] = {"lease_until": None, "error": "", "ended_at": now}
    if answer is not None:
        fields |= {"state": "queued", "attempts": 0, "due_at": answer.due_at or now, "ended_at": None}
        fields |= {"arguments": {**job.arguments, **answer.arguments}}
    elif every is not None:
        fields |= {"state": "queued", "attempts": 0, "due_at": now + dt.timedelta(seconds=every)}
    else:
        fields |= {"state": "done"}
    with atomic():
        asked = _held(job).select_for_update().values_list("asked_again", flat=True).first()
        if fields.get("state") == "done" and asked is not None:
            fields |= {"state": "queued", "attempts": 0, "due_at": now, "done": 0, "total": None, "note": ""}
            fields |= {"arguments": asked, "asked_again": None}
        _held(job).update(**fields)


def _failed(job: Job, error: Exception) -> None:
    """Queue the job again after a wait, or give it up. The audit of it is the row itself."""
    why = reason(error)
    if job.attempts >= MOST_ATTEMPTS or not worth_another_attempt(error):
        _fail(job, why)
        return
    log.warning("job %s (%s), attempt %s: %s", job.pk, job.task, job.attempts, why)
    due = timezone.now() + wait_before(job.attempts + 1)
    with atomic():
        _held(job).update(state="queued", due_at=due, lease_until=None, error=why)


def _fail(job: Job, why: str) -> None:
    log.error("job %s (%s) failed: %s", job.pk, job.task, why)
    with atomic():
        asked = _held(job).select_for_update().values_list("asked_again", flat=True).first()
        _held(job).update(state="failed", lease_until=None, ended_at=timezone.now(), error=why, asked_again=None)
        if asked is not None:
            enqueue(task=job.task, workspace_id=job.workspace_id, key=job.key, **asked)
