"""Everything that is to leave the house waits here first."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from winback.server.workspaces.models import User, Workspace

KINDS = ("mail", "message", "webhook")
STATES = ("waiting", "sending", "sent", "failed", "withdrawn")


class OutboxMessage(models.Model):
    """A mail, message or webhook. It is sent only when the workspace's `sending` allows its address."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="outbox")
    kind = models.CharField(max_length=7, choices=[(k, k) for k in KINDS])
    address = models.CharField(max_length=500)
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    body_html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    about = models.CharField(max_length=100, blank=True)
    customer_id = models.BigIntegerField(null=True, db_index=True)
    state = models.CharField(max_length=9, default="waiting", choices=[(s, s) for s in STATES])
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now)
    error = models.CharField(max_length=500, blank=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="outbox_kind"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="outbox_state"),
            models.CheckConstraint(condition=~Q(state="sent") | Q(sent_at__isnull=False), name="outbox_sent_at"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "next_at"], name="outbox_due"),
            models.Index(fields=["workspace", "-id"], name="outbox_newest"),
        ]
