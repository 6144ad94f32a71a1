"""Background work as people see it: what runs, how far it is, what failed and why."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

STATES = ("queued", "running", "done", "failed", "cancelled")


class Job(models.Model):
    """One piece of background work: a task by name with its ids. Chunks under 30 s; each holds a lease.

    `workspace_id` is a plain number, since jobs know no other slice.
    """

    workspace_id = models.BigIntegerField(null=True, db_index=True)
    task = models.CharField(max_length=80)
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=120, blank=True)
    asked_again = models.JSONField(null=True)  # arguments of the same work asked for while this ran: it runs once more
    state = models.CharField(max_length=9, default="queued", choices=[(s, s) for s in STATES])
    attempts = models.PositiveSmallIntegerField(default=0)
    claims = models.PositiveIntegerField(default=0)  # whoever holds another number than this has lost the job
    due_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=120, blank=True)  # whoever holds the lease, or held it last
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    note = models.CharField(max_length=300, blank=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="job_state"),
            # one open job a key: asking twice for the same work is asking once
            models.UniqueConstraint(
                fields=["task", "key"], condition=~Q(key="") & Q(state__in=["queued", "running"]), name="job_open_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "due_at"], name="job_due"),
            models.Index(fields=["workspace_id", "-id"], name="job_newest"),
        ]
