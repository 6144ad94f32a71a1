"""The codebook: themes, who read which comment as what, and every change with what it takes to undo it.

Two things keep changes of the codebook cheap and exact to undo. A merged theme only points at the one it went into, and
its codings follow at reading (docs/adr/0013-themes-by-pointer.md). A reading names its comment by source and external
id, not by row, so that it stays with the words when an import corrects a row, is undone, or comes again.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from winback.server.sources.models import Source
from winback.server.workspaces.models import User, Workspace

THEME_STATES = ("proposed", "accepted", "retired")
ORIGINS = ("found", "emerging", "person")
READING_KINDS = ("model", "person", "settled")
DOUBLES = ("", "waits", "done")
# what a comment turned out to be: sorted, something no theme fits, nothing ("n/a"), in a language the model does not know
OUTCOMES = ("assigned", "rejected", "nothing", "foreign")


class Theme(models.Model):
    """One reason that customers name. `parent` makes two levels.

    `words` are telling words. `examples` point at real words of customers ({source, external_id, start, end}), and never
    hold them, so that what is erased there is gone here.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="themes")
    key = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    definition = models.TextField(blank=True)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, related_name="children")
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, related_name="merged")
    state = models.CharField(max_length=8, default="proposed", choices=[(s, s) for s in THEME_STATES])
    origin = models.CharField(max_length=8, default="person", choices=[(o, o) for o in ORIGINS])
    words = models.JSONField(default=list)
    examples = models.JSONField(default=list)
    suggestion = models.JSONField(null=True)  # of a language model: by, name ("": none, or refused), definition, places
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["workspace", "key"], name="theme_key_once"),
            models.CheckConstraint(condition=Q(state__in=THEME_STATES), name="theme_state"),
            models.CheckConstraint(condition=Q(origin__in=ORIGINS), name="theme_origin"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), name="theme_not_into_itself"
            ),
            models.CheckConstraint(condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="theme_not_own_parent"),
        ]

    def __str__(self) -> str:
        return self.name


class CodebookVersion(models.Model):
    """The codebook as the engine keeps it, frozen: by it new comments are assigned until there is a later one."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="codebooks")
    number = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    model = models.CharField(max_length=80)
    comments = models.BigIntegerField(default=0)  # that it was made from
    book = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["workspace", "number"], name="codebook_number_once")
        ]


class CodebookChange(models.Model):
    """What somebody did to the codebook. `before` and `after` hold the changed fields of each theme, by its id.

    The greatest id of a workspace names the state of its codebook. An undoing is a change of its own (`undoes`).
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="codebook_changes")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    by_label = models.CharField(max_length=254, blank=True)
    verb = models.CharField(max_length=20)
    theme = models.ForeignKey(Theme, models.CASCADE, null=True, related_name="changes")
    other = models.ForeignKey(Theme, models.SET_NULL, null=True, related_name="+")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    undoes = models.OneToOneField("self", models.SET_NULL, null=True, related_name="undone_by")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["workspace", "-id"], name="codebook_newest")]


class Reading(models.Model):
    """What one coder found in one comment; without codings: none of the themes. Exactly one reading of a comment stands.

    `digest` is of the words that were read, `seen` the row's `updated_at` then: a comment whose words have changed is
    read again. `confidence` is the model's in its main theme; people are not asked how sure they are. `double`: a person's
    reading that waits for a second person's, or one of two.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", db_index=False)
    source = models.ForeignKey(Source, models.CASCADE, related_name="+", db_index=False)
    external_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=7, choices=[(k, k) for k in READING_KINDS])
    coder = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    model = models.CharField(max_length=80, blank=True)
    digest = models.BigIntegerField()
    seen = models.DateTimeField()
    confidence = models.FloatField(null=True)
    stands = models.BooleanField(default=True)
    double = models.CharField(max_length=5, default="", blank=True)
    outcome = models.CharField(max_length=8, default="assigned", choices=[(o, o) for o in OUTCOMES])
    version = models.PositiveIntegerField(default=0)  # of the codebook, for a model's reading
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(kind__in=READING_KINDS), name="reading_kind"),
            models.CheckConstraint(condition=Q(double__in=DOUBLES), name="reading_double"),
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="reading_outcome"),
            models.CheckConstraint(condition=~Q(kind="model") | ~Q(model=""), name="reading_names_its_model"),
            models.UniqueConstraint(
                fields=["source", "external_id"], condition=Q(stands=True), name="reading_stands_once"
            ),
            models.UniqueConstraint(
                fields=["source", "external_id", "kind"], condition=~Q(kind="person"), name="reading_once_a_kind"
            ),
            models.UniqueConstraint(
                fields=["source", "external_id", "coder"], condition=Q(kind="person"), name="reading_once_a_person"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["workspace", "kind", "stands", "confidence"], name="reading_least_sure"),
            models.Index(fields=["workspace", "-at"], condition=~Q(kind="model"), name="reading_by_people"),
            models.Index(fields=["workspace", "double", "-at"], condition=~Q(double=""), name="reading_of_two"),
        ]


class Coding(models.Model):
    """A theme found in a comment, the words that carry it as a place in the comment, main theme first (`place` 0)."""

    reading = models.ForeignKey(Reading, models.CASCADE, related_name="codings", db_index=False)
    theme = models.ForeignKey(Theme, models.CASCADE, related_name="codings")
    place = models.PositiveSmallIntegerField(default=0)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    confidence = models.FloatField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["reading", "theme"], name="coding_once"),
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True) | Q(start__lt=F("end")), name="coding_excerpt"
            ),
        ]


class MovedCoding(models.Model):
    """A coding that a splitting took from one theme to another, for its undoing."""

    change = models.ForeignKey(CodebookChange, models.CASCADE, related_name="moved")
    coding = models.ForeignKey(Coding, models.CASCADE, related_name="+")
    theme_before = models.ForeignKey(Theme, models.CASCADE, related_name="+")


class DeskLease(models.Model):
    """A comment that lies on somebody's desk. `seat` 0 is its first coder, 1 the second where two are asked."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    source = models.ForeignKey(Source, models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=200)
    seat = models.PositiveSmallIntegerField(default=0)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    until = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "external_id", "seat"], name="desk_seat_once"),
            models.UniqueConstraint(fields=["source", "external_id", "user"], name="desk_lease_once_a_person"),
        ]


class Skipped(models.Model):
    """A comment that somebody put aside: it comes to others, and to them at last."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    source = models.ForeignKey(Source, models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=200)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "external_id", "user"], name="skipped_once")
        ]
