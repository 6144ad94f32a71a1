"""Where rows come from, and the one switch that publishes them.

Rows are never overwritten by an import. An import (a `SyncRun`) writes new versions that carry `run`, and marks the
versions they replace with `superseded_by`; a row is visible when its run is published and the run that supersedes it
is not. So publishing, and undoing, an import of any size is one change of one state (docs/adr/0009-publish-by-switch.md).
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from winback.server.workspaces.models import User, Workspace

SOURCE_KINDS = ("file", "api", "by_hand")
RUN_STATES = ("draft", "queued", "staging", "staged", "published", "failed", "undone", "cancelled")


class Source(models.Model):
    """A place rows come from, with how its scores read."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="sources")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=7, choices=[(k, k) for k in SOURCE_KINDS])
    table = models.CharField(max_length=20, default="feedback")
    scale = models.CharField(max_length=40, default="0-10")
    detractors = models.CharField(max_length=40, default="0-6")
    promoters = models.CharField(max_length=40, default="9-10")
    mapping = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["workspace", "name"], name="source_once"),
            models.CheckConstraint(condition=Q(kind__in=SOURCE_KINDS), name="source_kind"),
        ]

    def __str__(self) -> str:
        return self.name


class SyncRun(models.Model):
    """One import, or the standing run that the API and pages write into (`live`; always published)."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="sync_runs")
    source = models.ForeignKey(Source, models.CASCADE, related_name="sync_runs")
    table = models.CharField(max_length=20)
    live = models.BooleanField(default=False)
    state = models.CharField(max_length=9, default="draft", choices=[(s, s) for s in RUN_STATES])
    file_name = models.CharField(max_length=255, blank=True)
    file_hash = models.CharField(max_length=64, blank=True)
    file_size = models.BigIntegerField(null=True)
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    read = models.BigIntegerField(default=0)
    new = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    same = models.BigIntegerField(default=0)
    rejected = models.JSONField(default=dict)
    staged = models.BigIntegerField(default=0)
    masked = models.JSONField(default=dict)  # how many comments had personal data, and how much of each kind
    warnings = models.JSONField(default=list)
    error = models.TextField(blank=True)
    started_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undoing = models.CharField(max_length=254, blank=True)  # who asked for it, while the run is being undone

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(state__in=RUN_STATES), name="sync_run_state"),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="sync_run_published_at"
            ),
            models.UniqueConstraint(fields=["source"], condition=Q(live=True), name="sync_run_live_once"),
            # versions replace versions one import at a time
            models.UniqueConstraint(
                fields=["workspace"], condition=Q(state__in=["staging", "staged"]), name="sync_run_one_staging"
            ),
            models.UniqueConstraint(fields=["workspace"], condition=~Q(undoing=""), name="sync_run_one_undoing"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["workspace", "-id"], name="sync_run_newest")]

    @property
    def rejected_total(self) -> int:
        return sum(self.rejected.values())


class RejectedRow(models.Model):
    """A row that was not taken: its line, why, what to do, and the row as it stood in the file."""

    run = models.ForeignKey(SyncRun, models.CASCADE, related_name="rejected_rows")
    line = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=60)
    message = models.CharField(max_length=500)
    row = models.JSONField(default=dict)


class VersionedRows(models.QuerySet[Any]):
    """Rows of which only one version is to be seen."""

    def visible(self, workspace: Workspace) -> Self:
        """The rows of this workspace that everybody sees: published, and not superseded by something published."""
        return self.filter(workspace=workspace, run__state="published").filter(
            Q(superseded_by__isnull=True) | ~Q(superseded_by__state="published")
        )


class Versioned(models.Model):
    """A row with versions: which run wrote it, and which run replaces it."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    run = models.ForeignKey(SyncRun, models.CASCADE, related_name="+")
    superseded_by = models.ForeignKey(SyncRun, models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now)

    objects = VersionedRows.as_manager()

    class Meta:
        abstract = True


class LateWrite(models.Model):
    """A customer, or a person, of whom pages or the API wrote while `run` was being read in or undone.

    `table` is "customers" or "contacts", `whose` the id there, `fields` what was changed ("attributes.region" for a part).
    """

    run = models.ForeignKey(SyncRun, models.CASCADE, related_name="late_writes")
    table = models.CharField(max_length=20)
    whose = models.BigIntegerField()
    fields = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "table", "whose"], name="late_write_once")
        ]


class DirtyDay(models.Model):
    """A (table, day) whose Parquet is to be written again; written in the transaction that made it so.

    `day` is null for a table that is written whole and for rows without a date. `run`: dirty once that run is published.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    table = models.CharField(max_length=20)
    day = models.DateField(null=True)
    run = models.ForeignKey(SyncRun, models.CASCADE, null=True, related_name="dirty_days")
    marked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["workspace", "table", "day"], name="dirty_day")]
