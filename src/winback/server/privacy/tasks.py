"""Background work for people's rights."""

from __future__ import annotations

import time

from winback.server.exports.actions import request
from winback.server.feedback.masking import Masking
from winback.server.jobs.actions import enqueue, progress
from winback.server.jobs.models import Job
from winback.server.jobs.rules import Again
from winback.server.privacy import actions, masking
from winback.server.privacy.models import Erasure, RetentionRule
from winback.server.workspaces.models import Workspace

CHUNK = 15.0  # seconds


def finish(*, job: Job, erasure: int) -> None:
    """Write the Parquet again without somebody erased, where that was not done at once."""
    found = Erasure.objects.select_related("workspace").filter(pk=erasure, done_at=None).first()
    if found is not None:
        actions.finish(erasure=found)


def nightly(*, job: Job) -> None:
    """Scheduled: end erasures that a crash cut short, and apply the rules of every workspace that has any."""
    actions.replay_journal()
    for pk in RetentionRule.objects.order_by("workspace_id").values_list("workspace_id", flat=True).distinct():
        enqueue(task="privacy.retention", workspace_id=pk, key=str(pk), workspace=pk)


def mask(
    *, job: Job, workspace: int, write: bool, after: int = 0, counts: dict[str, int] | None = None, rows: int = 0
) -> Again | None:
    """Count the personal data in comments that are here, or mask them, in chunks; the counts stand in the job."""
    found = Workspace.objects.filter(pk=workspace).first()
    if found is None:
        return None
    until, came, work = time.monotonic() + CHUNK, masking.Came(after, rows, counts or {}), Masking(found)
    total = job.total or masking.comments_of(found).count()
    while (further := masking.some(workspace=found, masking=work, came=came, write=write)) is not None:
        came = further
        progress(job=job, done=came.rows, total=total, note=masking.worded(came.counts))
        if time.monotonic() > until:
            return Again(arguments={"after": came.after, "counts": dict(came.counts), "rows": came.rows})
    progress(job=job, done=came.rows, total=total, note=masking.worded(came.counts))
    if write:
        masking.rejected(workspace=found, masking=work)
        masking.end(workspace=found, counts=came.counts, rows=came.rows)
        request(workspace=found)
    return None


def retention(*, job: Job, workspace: int) -> Again | None:
    """Forget what a workspace keeps no longer, in chunks."""
    found = Workspace.objects.filter(pk=workspace).first()
    if found is None:
        return None
    until, done = time.monotonic() + CHUNK, job.done
    while counts := actions.apply_rules(workspace=found):
        done += sum(counts.values())
        progress(job=job, done=done)
        if time.monotonic() > until:
            return Again()
    if done:
        request(workspace=found)
    return None
