"""People's rights: what was erased (hashed), and who was given their data."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from winback.server.workspaces.models import User, Workspace


class Erasure(models.Model):
    """That somebody was erased: the hash of who, never who. The same line stands in a journal outside backups."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="erasures")
    digest = models.CharField(max_length=64)
    counts = models.JSONField(default=dict)
    asked_on = models.DateField()
    done_at = models.DateTimeField(null=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")


class AccessExport(models.Model):
    """That a person's data was handed out: when, by whom, as what."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="access_exports")
    digest = models.CharField(max_length=64)
    format = models.CharField(max_length=4)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")


class RetentionRule(models.Model):
    """How long a kind of thing is kept; what is older is deleted by a nightly job."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="retention_rules")
    what = models.CharField(max_length=40)
    days = models.PositiveIntegerField()
