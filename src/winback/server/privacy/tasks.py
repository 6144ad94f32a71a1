"""Background work for people's rights."""

from __future__ import annotations

import time

from winback.server.exports.actions import request
from winback.server.jobs.actions import enqueue, progress
from winback.server.jobs.models import Job
from winback.server.jobs.rules import Again
from winback.server.privacy import actions
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
