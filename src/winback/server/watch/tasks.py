"""Background work of the watch: every five minutes what is new is looked at, one sort of survey a chunk; digests go out."""

from __future__ import annotations

from django.utils import timezone

from winback.server.exports.queries import manifest_of
from winback.server.jobs.actions import progress
from winback.server.jobs.models import Job
from winback.server.jobs.rules import Again
from winback.server.watch import actions, planning, telling, themed
from winback.server.workspaces.models import Workspace


def look(*, job: Job) -> None:
    """Scheduled: have every workspace watched in which something is new, and send the day's digests."""
    now = timezone.now()
    for workspace in Workspace.objects.filter(removing_at=None).order_by("id"):
        if planning.is_due(workspace, now=now):
            planning.request(workspace=workspace)
        if telling.digest_due(workspace, now=now):
            telling.digest(workspace=workspace, now=now)


def run(*, job: Job, workspace: int, at: int = 0, version: str = "") -> Again | None:
    """Watch a workspace; `at` is the part to look at next, `version` the state it began with.

    A part that was kept before the worker was killed is passed by when it is looked at again.
    """
    found = Workspace.objects.filter(pk=workspace, removing_at=None).first()
    if found is None:
        return None
    if at == 0 or not version:
        manifest = manifest_of(planning.whole(found))
        version = themed.state_of(found, manifest.id) if manifest else ""
    parts = actions.parts_of(found)
    if at < len(parts):
        sort, measure = parts[at]
        progress(job=job, done=at, total=len(parts), note=f"looking at {measure}, {sort}")
        actions.look(workspace=found, sort=sort, measure=measure)
        progress(job=job, done=at + 1, total=len(parts), note=f"looked at {measure}, {sort}")
    if at + 1 < len(parts):
        return Again(arguments={"at": at + 1, "version": version})
    actions.finish(workspace=found, version=version)
    return None
