"""What a manager may do about background work."""

from __future__ import annotations

from django.http import Http404

from winback.server.database import atomic
from winback.server.jobs import actions
from winback.server.jobs.models import Job
from winback.server.workspaces import audit
from winback.server.workspaces.access import Access


def retry(*, by: Access, pk: int) -> Job:
    """Have a job of the workspace tried again. Raises Http404, or UserError where there is nothing to retry."""
    with atomic():
        job = _job(by, pk)
        actions.retry(job=job)
        audit.record(verb="job retried", target=job.task, by=by, job=job.pk)
    return job


def cancel(*, by: Access, pk: int) -> Job:
    """Stop a job of the workspace. Raises Http404, or UserError where it has ended."""
    with atomic():
        job = _job(by, pk)
        actions.cancel(job=job)
        audit.record(verb="job cancelled", target=job.task, by=by, job=job.pk)
    return job


def _job(by: Access, pk: int) -> Job:
    job = Job.objects.filter(workspace_id=by.workspace.pk, pk=pk).first()
    if job is None:
        raise Http404("There is no such job.")
    return job
