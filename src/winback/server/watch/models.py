"""What is watched, what was found, who is told of it, and what people made of it. Counts of segments, never of persons."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from winback.server.database import MoneyField
from winback.server.runs.models import AnalysisRun
from winback.server.themes.models import Theme
from winback.server.workspaces.models import User, Workspace

MEASURES = ("detractors", "score", "volume", "silence", "themes")
SHARES = ("detractors", "themes")  # a share of answers that rises
EVERY = ("day", "week", "month")
STATES = ("open", "acknowledged", "snoozed", "dismissed", "ended")
BURNING = ("open", "acknowledged", "snoozed")
REASONS = ("chance", "known cause", "wrong data", "too small")
ENDINGS = ("cooled", "silent", "withdrawn", "unwatched")
VERDICTS = ("real", "not real", "can't tell")
TELLING = ("at once", "digest", "never")


class WatchPlan(models.Model):
    """How a workspace is watched, and which state of its warehouse was watched last (`version`, on `day`)."""

    workspace = models.OneToOneField(Workspace, models.CASCADE, related_name="watch_plan")
    measures = models.JSONField(default=list)  # none said: a rise of detractors, and of themes once there are any
    every = models.CharField(max_length=5, default="week", choices=[(e, e) for e in EVERY])
    false_rate = models.FloatField(default=0.1)
    version = models.CharField(max_length=40, blank=True)
    day = models.DateField(null=True)
    watched_at = models.DateTimeField(null=True)
    digest_on = models.DateField(null=True)  # the last day on which the day's alarms were gathered into one mail

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(every__in=EVERY), name="watch_plan_every"),
            models.CheckConstraint(condition=Q(false_rate__gt=0, false_rate__lt=1), name="watch_plan_false_rate"),
        ]


class Watch(models.Model):
    """One sort of survey watched for one thing, as it stood when it was looked at last.

    `trouble` says why nothing could be watched. `listed` are the watched segments with their answers a period and the
    smallest rise they could have shown; `segments` and `thin` count those watched and those too thin to be.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="watches")
    sort = models.CharField(max_length=120)
    title = models.CharField(max_length=160)
    survey = models.CharField(max_length=13, blank=True)
    measure = models.CharField(max_length=10, choices=[(m, m) for m in MEASURES])
    every = models.CharField(max_length=5, default="week")
    version = models.CharField(max_length=40, blank=True)
    day = models.DateField(null=True)
    as_of = models.DateTimeField(null=True)
    run = models.ForeignKey(AnalysisRun, models.SET_NULL, null=True, related_name="+")
    trouble = models.CharField(max_length=20, blank=True)
    periods = models.PositiveIntegerField(default=0)
    through = models.DateField(null=True)
    segments = models.PositiveIntegerField(default=0)
    thin = models.PositiveIntegerField(default=0)
    typical = models.FloatField(null=True)  # half of the segments would have shown a rise of so many times the odds
    listed = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["workspace", "sort", "measure"], name="watch_once")
        ]


class Alarm(models.Model):
    """A flare-up: where, since when, how much, how sure, and what is being done about it.

    `since` to `until` is the window it was called on, `through` the last day that is known since; `later_…` count what
    came after the window. Of a `theme`, `bad` are those who name it and `answers` those who say why. `share` and `expected_share` are null for volume and silence. `known_until`: up to here its
    evidence is known to people, and new evidence begins anew. `changes` counts what people did, so that two who do
    something at once notice. `beside`: the same fire in another sort of survey, or by another measure.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="alarms")
    sort = models.CharField(max_length=120)
    title = models.CharField(max_length=160)
    survey = models.CharField(max_length=13, blank=True)
    measure = models.CharField(max_length=10, choices=[(m, m) for m in MEASURES])
    every = models.CharField(max_length=5, default="week")
    by = models.JSONField(default=list)
    segment = models.JSONField(default=list)
    theme = models.ForeignKey(Theme, models.SET_NULL, null=True, related_name="+")
    began = models.DateField()  # the first day of its first window; `since` moves on with a fire that burns for long
    since = models.DateField()
    until = models.DateField()
    period = models.DateField()
    through = models.DateField()
    answers = models.PositiveIntegerField()
    bad = models.FloatField()
    expected = models.FloatField()
    share = models.FloatField(null=True)
    expected_share = models.FloatField(null=True)
    effect = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    p = models.FloatField()
    q = models.FloatField()
    score = models.FloatField()
    folded = models.PositiveIntegerField(default=0)
    provisional = models.BooleanField(default=False)
    later_answers = models.PositiveIntegerField(default=0)
    later_bad = models.FloatField(default=0)
    customers = models.PositiveIntegerField(null=True)
    revenue = MoneyField(null=True)
    money_kind = models.CharField(max_length=20, blank=True)
    course = models.JSONField(default=list)
    causes = models.JSONField(default=dict)
    found_run = models.ForeignKey(AnalysisRun, models.RESTRICT, related_name="+")
    run = models.ForeignKey(AnalysisRun, models.RESTRICT, related_name="+")
    beside = models.BigIntegerField(null=True)  # that alarm's number; no key, so that a workspace goes chunk by chunk
    state = models.CharField(max_length=12, default="open", choices=[(s, s) for s in STATES])
    found_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=9, blank=True, choices=[(e, e) for e in ENDINGS])
    state_before = models.CharField(max_length=12, blank=True)  # of one that ended: what it was until then
    known_until = models.DateField(null=True)
    snoozed_until = models.DateField(null=True)
    reason = models.CharField(max_length=12, blank=True, choices=[(r, r) for r in REASONS])
    owner = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    assigned_to = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    taken_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    verdict = models.CharField(max_length=10, blank=True, choices=[(v, v) for v in VERDICTS])
    changes = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="alarm_state"),
            models.CheckConstraint(condition=~Q(state="ended") | Q(ended_at__isnull=False), name="alarm_ended_at"),
            models.CheckConstraint(
                condition=~Q(state="snoozed") | Q(snoozed_until__isnull=False), name="alarm_snoozed_until"
            ),
            models.CheckConstraint(condition=Q(theme=None) | Q(measure="themes"), name="alarm_theme"),
            models.CheckConstraint(condition=~Q(state="dismissed") | ~Q(reason=""), name="alarm_dismissed_reason"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["workspace", "state"], name="alarm_by_state"),
            models.Index(fields=["workspace", "-found_at"], name="alarm_newest"),
        ]

    @property
    def is_share(self) -> bool:
        """Whether it is a share of answers that rose: they can be counted, one by one."""
        return self.measure in SHARES


class AlarmEvent(models.Model):
    """What happened to an alarm: by a person, or by the watch itself (`by` is null). `before` is what undoing restores."""

    alarm = models.ForeignKey(Alarm, models.CASCADE, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    verb = models.CharField(max_length=40)
    note = models.CharField(max_length=500, blank=True)
    before = models.JSONField(null=True)
    undone_at = models.DateTimeField(null=True)


class SegmentOwner(models.Model):
    """Who owns a segment: alarms of an attribute's value go to them."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="segment_owners")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    attribute = models.CharField(max_length=120)
    value = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["workspace", "attribute", "value", "user"], name="segment_owner_once")
        ]


class TellingChoice(models.Model):
    """How somebody wants to hear of alarms here: at once, once a day, or never."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    how = models.CharField(max_length=8, default="at once", choices=[(t, t) for t in TELLING])

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["workspace", "user"], name="telling_choice_once"),
            models.CheckConstraint(condition=Q(how__in=TELLING), name="telling_choice_how"),
        ]


class Telling(models.Model):
    """That somebody is, or was, told of an alarm: once, whatever runs twice. `sent_at` is null while it waits for the digest."""

    alarm = models.ForeignKey(Alarm, models.CASCADE, related_name="tellings")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["alarm", "user"], name="telling_once")
        ]
