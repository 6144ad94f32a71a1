"""Customers and the people at them: what is known, what they bring, how they left, and whether we may speak to them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from winback.server.database import MoneyField
from winback.server.sources.models import Versioned
from winback.server.workspaces.models import User, Workspace
from winback.tables import DEPARTURE_KINDS, SURVEY_KINDS

CONTACT_ROLES = ("decision maker", "influencer", "user")
PURPOSES = ("service", "complaint", "research", "marketing")
CHANNELS = ("mail", "phone", "message", "letter")
BASES = ("contract", "legal duty", "legitimate interest", "consent", "none")
STOP_REASONS = ("deceased", "insolvent", "in collections", "fraud", "legal dispute", "minor", "employee", "needs care")
TOUCHES = ("survey", "reminder", "call", "case mail", "follow-up question", "thanks", "you said, we did", "offer")


class Customer(models.Model):
    """A customer's identity: an account or a person, by the company's own id. What is known of it is its profile."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="customers")
    external_id = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["workspace", "external_id"], name="customer_once")
        ]

    def __str__(self) -> str:
        return self.external_id


class CustomerProfile(Versioned):
    """What is known of a customer. One version is visible; `bare` where only the id is known, from feedback."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="profiles")
    name = models.CharField(max_length=200, blank=True)
    since_date = models.DateField(null=True)
    acquired_by = models.CharField(max_length=120, blank=True)
    parent = models.ForeignKey(Customer, models.SET_NULL, null=True, related_name="+")
    owner_name = models.CharField(max_length=120, blank=True)
    renewal_date = models.DateField(null=True)
    revenue = MoneyField(null=True)
    margin = MoneyField(null=True)
    counts = models.JSONField(default=dict)
    attributes = models.JSONField(default=dict)
    bare = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["customer", "run"], name="profile_once_a_run")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["workspace", "name", "id"], name="profile_by_name"),
            models.Index(fields=["workspace", "renewal_date"], name="profile_by_renewal"),
        ]


class Contact(models.Model):
    """A person at a customer, by the company's own id. What is known of the person is its profile."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="contacts")
    external_id = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["workspace", "external_id"], name="contact_once")
        ]


class ContactProfile(Versioned):
    """What is known of a person: name, role, how to reach, which language."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="profiles")
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="contact_profiles")
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=40, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=8, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["contact", "run"], name="contact_profile_once_a_run")
        ]


class CustomerPeriod(Versioned):
    """One customer and month: what came in and what it cost."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="periods")
    month = models.DateField()
    revenue = MoneyField(null=True)
    cost = MoneyField(null=True)
    discounts = MoneyField(null=True)
    margin = MoneyField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["customer", "month", "run"], name="period_once_a_run")
        ]


class Departure(Versioned):
    """A customer who left or shrank: how, when, why as told, and what was lost."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="departures")
    kind = models.CharField(max_length=20, blank=True)
    notice_date = models.DateField(null=True)
    end_date = models.DateField(null=True)
    stated_reason = models.TextField(blank=True)
    annual_value = MoneyField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(kind__in=("", *DEPARTURE_KINDS)), name="departure_kind"),
            models.UniqueConstraint(fields=["customer", "end_date", "run"], name="departure_once_a_run"),
        ]


class Invitation(Versioned):
    """A request to answer as another tool sent it, or why it did not. `contact` is the person's own id, as in answers."""

    external_id = models.CharField(max_length=200)
    customer = models.ForeignKey(Customer, models.SET_NULL, null=True, related_name="invitations")
    contact = models.CharField(max_length=200, blank=True)
    survey = models.CharField(max_length=13, blank=True)
    channel = models.CharField(max_length=80, blank=True)
    sent_at = models.DateTimeField(null=True)
    delivered = models.BooleanField(null=True)
    bounced = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)
    reason_not_sent = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(survey__in=("", *SURVEY_KINDS)), name="invitation_survey"),
            models.UniqueConstraint(fields=["workspace", "external_id", "run"], name="invitation_once_a_run"),
        ]
        indexes: ClassVar[list[models.Index]] = [  # the gate asks when somebody was last asked
            models.Index(fields=["workspace", "contact", "sent_at"], name="invitation_by_contact")
        ]


class Segmentation(models.Model):
    """An attribute people split by, or a measure with bands; `position` is its place on the pages."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="segmentations")
    attribute = models.CharField(max_length=120)
    title = models.CharField(max_length=120, blank=True)
    bands = models.JSONField(default=list)
    hidden = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["workspace", "attribute"], name="segmentation_once")
        ]


class ContactBasis(models.Model):
    """The legal basis on which a person may be spoken to for a purpose, and where it comes from."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="bases")
    purpose = models.CharField(max_length=9, choices=[(p, p) for p in PURPOSES])
    basis = models.CharField(max_length=20, choices=[(b, b) for b in BASES])
    origin = models.CharField(max_length=200, blank=True)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["contact", "purpose"], name="basis_once"),
            models.CheckConstraint(condition=Q(purpose__in=PURPOSES), name="basis_purpose"),
            models.CheckConstraint(condition=Q(basis__in=BASES), name="basis_basis"),
        ]


class OptOut(models.Model):
    """A person's no: to a purpose on a channel; blank means every purpose, or every channel. An import never undoes it."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="opt_outs")
    purpose = models.CharField(max_length=9, blank=True)
    channel = models.CharField(max_length=7, blank=True)
    origin = models.CharField(max_length=200, blank=True)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["contact", "purpose", "channel"], name="opt_out_once"),
            models.CheckConstraint(condition=Q(purpose__in=("", *PURPOSES)), name="opt_out_purpose"),
            models.CheckConstraint(condition=Q(channel__in=("", *CHANNELS)), name="opt_out_channel"),
        ]


class StopReason(models.Model):
    """Why nobody here is to be spoken to, or not without care. Holds for the customer, or for one contact of it."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="stop_reasons")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="stop_reasons")
    reason = models.CharField(max_length=20, choices=[(r, r) for r in STOP_REASONS])
    since = models.DateField()
    until = models.DateField(null=True)
    noted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(reason__in=STOP_REASONS), name="stop_reason_reason"),
            models.CheckConstraint(
                condition=Q(customer__isnull=False) | Q(contact__isnull=False), name="stop_reason_whose"
            ),
        ]


class OpenComplaint(models.Model):
    """A complaint that runs its own clock elsewhere: no survey, no offer until it is closed."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="complaints")
    reference = models.CharField(max_length=120, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)


class SuppressionList(models.Model):
    """A do-not-call or suppression list as it came in, with the day it was screened on."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="suppression_lists")
    name = models.CharField(max_length=120)
    channel = models.CharField(max_length=7, blank=True)
    screened_on = models.DateField()
    valid_days = models.PositiveSmallIntegerField(default=30)
    loaded_at = models.DateTimeField(default=timezone.now)
    loaded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["workspace", "name"], name="suppression_list_once")
        ]


class SuppressedAddress(models.Model):
    """An address on a list, as SHA-256 of its normal form: a list of people who want to be left alone is not kept in clear."""

    list = models.ForeignKey(SuppressionList, models.CASCADE, related_name="addresses")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["list", "digest"], name="suppressed_once")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["digest"], name="suppressed_digest")]


class ContactLog(models.Model):
    """Every touch that was asked for: whether it was allowed, else the stated reason it was not."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="log")
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="contact_log")
    touch = models.CharField(max_length=20, choices=[(t, t) for t in TOUCHES])
    purpose = models.CharField(max_length=9, choices=[(p, p) for p in PURPOSES])
    channel = models.CharField(max_length=7, choices=[(c, c) for c in CHANNELS])
    at = models.DateTimeField()
    allowed = models.BooleanField()
    reason = models.CharField(max_length=60, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    survey = models.CharField(max_length=13, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    message_id = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(allowed=True, reason="") | (Q(allowed=False) & ~Q(reason="")), name="contact_log_reason"
            ),
            models.CheckConstraint(condition=Q(touch__in=TOUCHES), name="contact_log_touch"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["contact", "-at"], name="contact_log_newest"),
            models.Index(fields=["workspace", "-at"], name="contact_log_by_time"),
        ]
