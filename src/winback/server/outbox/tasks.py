"""Background work of the outbox."""

from __future__ import annotations

from winback.server.jobs.models import Job
from winback.server.jobs.rules import Again
from winback.server.outbox import sending

SECONDS = 15.0  # an attempt takes 20 at most, so that a chunk stays far below its limit


def send(*, job: Job) -> Again | None:
    """Send what is due; scheduled each minute, and asked for when something is put in."""
    return Again() if sending.send_due(seconds=SECONDS) else None
