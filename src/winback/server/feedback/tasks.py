"""Background work of feedback."""

from __future__ import annotations

from django.utils import timezone

from winback.server.feedback import telling
from winback.server.jobs.models import Job


def tell(*, job: Job) -> None:
    """Scheduled: webhooks hear of what came in."""
    telling.tell(now=timezone.now())
