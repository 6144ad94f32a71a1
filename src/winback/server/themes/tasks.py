"""Background work on the codebook: themes look for new feedback, assign it, learn, and say what comes up."""

from __future__ import annotations

from winback.server.jobs.actions import at_length, enqueue, progress
from winback.server.jobs.models import Job
from winback.server.jobs.rules import Again
from winback.server.themes import assigning, proposing, suggesting, teaching, versions
from winback.server.themes.models import Reading
from winback.server.workspaces.models import Workspace

CHUNK = 10.0  # seconds
ASKING = 5.0  # seconds after which no further question is begun


def watch(*, job: Job) -> None:
    """Scheduled: wherever there is a codebook and comments wait to be read, ask for them to be assigned.

    Where people have coded since, those that the model read are among them: a new version says so.
    """
    for workspace in Workspace.objects.filter(removing_at__isnull=True).order_by("id"):
        due = teaching.due(workspace)
        if due and versions.latest(workspace) is not None:
            versions.learn(workspace=workspace)
        newest = versions.latest(workspace)
        if newest is None:  # of a codebook made by hand the first version is made as soon as people have coded enough
            if due:
                enqueue(task="themes.learn", workspace_id=workspace.pk, key=str(workspace.pk), workspace=workspace.pk)
            continue
        old = Reading.objects.filter(workspace=workspace, kind="model", stands=True, version__lt=newest.number)
        if assigning.unread(workspace)[:1].exists() or old.exists():
            enqueue(task="themes.assign", workspace_id=workspace.pk, key=str(workspace.pk), workspace=workspace.pk)


def assign(*, job: Job, workspace: int) -> Again | None:
    """Assign a workspace's new comments to its codebook, in chunks."""
    found = Workspace.objects.filter(pk=workspace, removing_at__isnull=True).first()
    if found is None:
        return None
    at_length(job=job)
    done = assigning.assign_chunk(workspace=found, seconds=CHUNK)
    so_far, every = assigning.sorted_so_far(found)
    progress(job=job, done=so_far, total=every)
    return None if done else Again()


def propose(*, job: Job, workspace: int) -> Again | None:
    """Propose a codebook from a workspace's comments, then assign them to it."""
    found = Workspace.objects.filter(pk=workspace, removing_at__isnull=True).first()
    if found is None:
        return None
    at_length(job=job)
    try:
        proposing.propose_codebook(workspace=found)
    except proposing.Gone:
        return Again()
    enqueue(task="themes.assign", workspace_id=found.pk, key=str(found.pk), workspace=found.pk)
    return None


def suggest(*, job: Job, workspace: int) -> Again | None:
    """Have the language model suggest names for a workspace's themes, in chunks."""
    found = Workspace.objects.filter(pk=workspace, removing_at__isnull=True).first()
    if found is None:
        return None
    return None if suggesting.suggest_chunk(workspace=found, seconds=ASKING) else Again()


def nightly(*, job: Job) -> None:
    """Scheduled: have what was learned be applied to all, and propose what comes up."""
    for workspace in Workspace.objects.filter(removing_at__isnull=True).order_by("id"):
        enqueue(task="themes.learn", workspace_id=workspace.pk, key=str(workspace.pk), workspace=workspace.pk)


def learn(*, job: Job, workspace: int, least: int = versions.FIRST) -> Again | None:
    """One workspace's part of the night; or, of a codebook made by hand, its first version, from `least` codings on."""
    found = Workspace.objects.filter(pk=workspace, removing_at__isnull=True).first()
    if found is None:
        return None
    at_length(job=job)
    versions.learn(workspace=found, least=least)
    try:
        proposing.emerge(workspace=found)
    except proposing.Gone:
        return Again()
    return None
