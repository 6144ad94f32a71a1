"""What customers said: answers, reviews, tickets, calls, posts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from winback.server.customers.models import Customer
from winback.server.database import MoneyField
from winback.server.sources.models import Source, Versioned
from winback.server.workspaces.models import Workspace
from winback.tables import FEEDBACK_KINDS, SURVEY_KINDS


class Feedback(Versioned):
    """One thing said. Promoter, passive and detractor are computed, never stored; the raw score is kept for ever.

    `attributes` are the further columns of its row. `digest` tells a changed row from the same one.
    """

    # both stand first in a wider index below: one of their own would only slow every row down
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", db_index=False)
    source = models.ForeignKey(Source, models.CASCADE, related_name="feedback", db_index=False)
    external_id = models.CharField(max_length=200)
    row_number = models.BigIntegerField(null=True)
    occurred_at = models.DateTimeField(null=True)
    local_date = models.DateField(null=True)
    customer = models.ForeignKey(Customer, models.SET_NULL, null=True, related_name="feedback", db_index=False)
    respondent = models.CharField(max_length=200, blank=True)
    score = models.FloatField(null=True)
    kind = models.CharField(max_length=6, default="survey")
    survey = models.CharField(max_length=13, blank=True)
    channel = models.CharField(max_length=80, blank=True)
    touchpoint = models.CharField(max_length=120, blank=True)
    journey_stage = models.CharField(max_length=120, blank=True)
    product = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=8, blank=True)
    comment = models.TextField(blank=True)
    money = MoneyField(null=True)
    weight = models.FloatField(null=True)
    attributes = models.JSONField(default=dict)
    digest = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "external_id", "run"], name="feedback_once_a_run"),
            models.CheckConstraint(condition=Q(kind__in=FEEDBACK_KINDS), name="feedback_kind"),
            models.CheckConstraint(condition=Q(survey__in=("", *SURVEY_KINDS)), name="feedback_survey"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["workspace", "occurred_at", "id"], name="feedback_newest"),
            models.Index(fields=["workspace", "local_date"], name="feedback_by_day"),
            models.Index(fields=["customer", "occurred_at", "id"], name="feedback_of_customer"),
        ]


class FeedbackTold(models.Model):
    """How far webhooks have been told of feedback that came row by row: `told` is the last id of which they were, `seen` the
    newest there was at the look before. What lies between is told at the next look, when all of it is surely written.
    """

    workspace = models.OneToOneField(Workspace, models.CASCADE, related_name="+")
    told = models.BigIntegerField()
    seen = models.BigIntegerField()
    looked_at = models.DateTimeField()
