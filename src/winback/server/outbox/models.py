"""Everything that is to leave the house waits here first."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from winback.server.sealed import SealedField
from winback.server.workspaces.models import User, Workspace

KINDS = ("mail", "message", "webhook")
STATES = ("waiting", "sending", "sent", "failed", "withdrawn")


class WebhookTarget(models.Model):
    """A place that is told what happens here: its address, and the secret both sides sign with (Standard Webhooks)."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="webhook_targets")
    url = models.CharField(max_length=500)
    secret = SealedField()  # blank where it was sealed under another secret key
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    off_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["workspace", "url"], name="webhook_target_once")
        ]


class OutboxMessage(models.Model):
    """A mail, message or webhook. It is sent only when the workspace's `sending` allows its address.

    `token` is the id that leaves the house (Message-ID, webhook-id): the same at each attempt, so that a receiver can
    tell a repetition. `secret`: its body lets somebody in, so it is shown to nobody and emptied once it is sent.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="outbox")
    token = models.CharField(max_length=32, unique=True)
    target = models.ForeignKey(WebhookTarget, models.CASCADE, null=True, related_name="messages")
    secret = models.BooleanField(default=False)
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


class Delivery(models.Model):
    """One attempt to send a message: when, how long it took, and what came back."""

    message = models.ForeignKey(OutboxMessage, models.CASCADE, related_name="deliveries")
    at = models.DateTimeField(default=timezone.now)
    took_ms = models.PositiveIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True)  # of HTTP or SMTP; null where nobody answered
    outcome = models.CharField(max_length=500, blank=True)
    well = models.BooleanField(default=False)
