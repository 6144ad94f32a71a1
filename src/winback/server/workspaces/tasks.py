"""Background work on workspaces and accounts."""

from __future__ import annotations

import time

from winback.server.jobs.actions import progress
from winback.server.jobs.models import Job
from winback.server.jobs.rules import Again
from winback.server.workspaces import removal, sign_in
from winback.server.workspaces.models import User

LONGEST = 20.0  # seconds a chunk may take


def remove(*, job: Job, workspace: int) -> Again | None:
    """Delete a workspace on its way out, files first: a row says where the files are as long as it stands."""
    began = time.monotonic()
    removal.remove_folders(workspace)
    gone = job.done
    for count in removal.remove_rows(workspace, keep_job=job.pk):
        gone += count
        progress(job=job, done=gone)
        if time.monotonic() - began > LONGEST:
            return Again()
    return None


def send_reset(*, job: Job, user: int) -> None:
    """Mail somebody the link that sets a new password."""
    person = User.objects.filter(pk=user, is_active=True).first()
    if person is not None:
        sign_in.send_reset(person)
