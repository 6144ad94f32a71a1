"""What jobs may hold of a person: their arguments and what was told of them. Tasks take ids, so mostly nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from winback.server.jobs.models import Job
from winback.server.redaction import GONE, Person

MODELS = (Job,)


def erase(*, person: Person) -> dict[str, int]:
    """Take the person out of jobs; a job that was still to run with their data is cancelled."""
    count = 0
    for job in _holding(person):
        open_still = job.state in ("queued", "running")
        Job.objects.filter(pk=job.pk).update(
            arguments=person.without(job.arguments),
            asked_again=person.without(job.asked_again),
            note=person.without(job.note),
            error=person.without(job.error),
            key=GONE if person.holds(job.key) else job.key,
            **({"state": "cancelled", "lease_until": None, "ended_at": timezone.now()} if open_still else {}),
        )
        count += 1
    return {"jobs": count}


def export(*, person: Person) -> dict[str, list[dict[str, Any]]]:
    return {
        "jobs": [{"task": job.task, "asked": job.created_at, "arguments": job.arguments} for job in _holding(person)]
    }


def _holding(person: Person) -> Iterator[Job]:
    for job in Job.objects.filter(workspace_id=person.workspace_id).iterator(chunk_size=2000):
        if person.holds([job.arguments, job.asked_again, job.note, job.error, job.key]):
            yield job
