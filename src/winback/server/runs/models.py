"""What was decided on which figures: exploring is computed live, deciding is stored."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from winback.server.workspaces.models import User, Workspace


class AnalysisRun(models.Model):
    """An analysis as it was when something was decided on it: recomputed exactly from `result` and `seed`."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="runs")
    name = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    seed = models.BigIntegerField(null=True)
    as_of = models.DateTimeField()
    version = models.CharField(max_length=40)
    input_hash = models.CharField(max_length=64)
    result = models.JSONField(default=dict)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["workspace", "name", "-made_at"], name="run_newest")
        ]
