"""Background work on the warehouse: every minute what is dirty is written, and at once after a publish."""

from __future__ import annotations

from winback.server.exports import vectors
from winback.server.exports.actions import behind, request, step
from winback.server.jobs.models import Job
from winback.server.jobs.rules import Again
from winback.server.workspaces.models import Workspace

CHUNK = 15.0  # seconds; what is begun then is still written, and takes some more


def watch(*, job: Job) -> None:
    """Scheduled: ask for a refresh wherever something is dirty."""
    for workspace in Workspace.objects.order_by("id"):
        if behind(workspace):
            request(workspace=workspace)
        elif vectors.missing(workspace):
            vectors.request(workspace=workspace)


def refresh(*, job: Job, workspace: int) -> Again | None:
    """Bring a workspace's Parquet up to date, in chunks."""
    found = Workspace.objects.filter(pk=workspace).first()
    if found is None:  # deleted meanwhile
        return None
    if not step(workspace=found, seconds=CHUNK):
        return Again()
    if vectors.missing(found):
        vectors.request(workspace=found)
    return None


def embed(*, job: Job, workspace: int) -> Again | None:
    """Turn the comments of the Parquet into vectors, in chunks."""
    found = Workspace.objects.filter(pk=workspace).first()
    if found is None:
        return None
    return None if vectors.step(workspace=found, seconds=CHUNK) else Again()
