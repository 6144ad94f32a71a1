"""What is known of a customer and of the people at it. Erased, the money and the months stay, as nobody's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Case, CharField, Model, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from winback.server.customers.models import (
    Contact,
    ContactBasis,
    ContactLog,
    ContactProfile,
    Customer,
    CustomerPeriod,
    CustomerProfile,
    Departure,
    Invitation,
    OpenComplaint,
    OptOut,
    Segmentation,
    StopReason,
    SuppressedAddress,
    SuppressionList,
)
from winback.server.customers.queries import attribute
from winback.server.database import atomic
from winback.server.redaction import Person
from winback.server.sources.actions import mark_dirty
from winback.server.workspaces.models import Workspace

MODELS: tuple[type[Model], ...] = (
    Contact, ContactBasis, ContactLog, ContactProfile, Customer, CustomerPeriod, CustomerProfile, Departure,
    Invitation, OpenComplaint, OptOut, Segmentation, StopReason, SuppressedAddress, SuppressionList,
)  # fmt: skip
PROFILE_WRITTEN = ("name", "renewal_date", "since_date", "acquired_by", "attributes", "updated_at")
ALIKE = 5  # others who share a value: with fewer, it could be told who it was


def names_of(workspace: Workspace, customer: Customer | None, contacts: QuerySet[Contact]) -> tuple[str, ...]:
    """Every name, address and number by which winback has ever known them."""
    told: set[str] = set()
    if customer is not None:
        told |= set(CustomerProfile.objects.filter(customer=customer).values_list("name", flat=True))
    for row in ContactProfile.objects.filter(contact__in=contacts).values_list("name", "email", "phone"):
        told |= set(row)
    return tuple(sorted(name.strip() for name in told if name.strip()))


def erase(*, person: Person) -> dict[str, int]:
    """Take away names, addresses, bases, refusals and reasons; the log of touches keeps its counts and loses its words."""
    workspace = Workspace.objects.get(pk=person.workspace_id)
    profiles = _profiles(workspace, person)
    mine = {"customer_id__in": person.customer_ids}
    with atomic():
        CustomerProfile.objects.bulk_update(profiles, PROFILE_WRITTEN, batch_size=200)
        counts = {
            "people": _contacts(person),
            "profiles": len(profiles),
            "touches": ContactLog.objects.filter(_whose(person)).update(detail="", message_id=None),
            "complaints": OpenComplaint.objects.filter(**mine).update(reference=""),
            "departures": Departure.objects.filter(**mine).update(stated_reason="", updated_at=timezone.now()),
            "invitations": _invitations(person),
        }
        StopReason.objects.filter(_whose(person)).delete()
        mark_dirty(workspace=workspace, table="contacts")
        if counts["invitations"]:
            mark_dirty(workspace=workspace, table="invitations")
        if person.customer_ids:
            Customer.objects.filter(pk__in=person.customer_ids).update(
                external_id=f"erased-{person.token}", erased_at=timezone.now()
            )
            mark_dirty(workspace=workspace, table="customers")
            mark_dirty(workspace=workspace, table="departures")
            months = CustomerPeriod.objects.filter(**mine).values_list("month", flat=True)
            mark_dirty(workspace=workspace, table="customer_periods", days=set(months))  # they stand under the id
    return counts


def _contacts(person: Person) -> int:
    mine = ContactProfile.objects.filter(contact_id__in=person.contact_ids)
    mine.update(name="", email="", phone="", language="", updated_at=timezone.now())
    ContactBasis.objects.filter(contact_id__in=person.contact_ids).delete()
    OptOut.objects.filter(contact_id__in=person.contact_ids).delete()
    for place, pk in enumerate(person.contact_ids):
        Contact.objects.filter(pk=pk).update(external_id=f"erased-{person.token}-{place}")
    return len(person.contact_ids)


def _asked(person: Person) -> QuerySet[Invitation]:
    """Every invitation of the person, in whatever version."""
    return Invitation.objects.filter(_sent_to(person), workspace_id=person.workspace_id)


def _sent_to(person: Person) -> Q:
    return Q(customer_id__in=person.customer_ids) | Q(contact__in=person.people)


def _invitations(person: Person) -> int:
    """Whoever was asked still counts, as nobody: the invitation's day stays, and whether it was answered."""
    whose = Case(When(contact="", then=Value("")), default=Value(f"erased-{person.token}"))
    told = Concat(Value(f"erased-{person.token}-"), Cast("pk", CharField()))
    return _asked(person).update(external_id=told, contact=whose, updated_at=timezone.now())


def _profiles(workspace: Workspace, person: Person) -> list[CustomerProfile]:
    """The customer's profiles without what tells who it was, not written yet."""
    rows = list(CustomerProfile.objects.filter(customer_id__in=person.customer_ids))
    shared: dict[tuple[str, str], bool] = {}
    for row in rows:
        row.name, row.renewal_date, row.since_date = "", None, None
        row.acquired_by = "" if person.holds(row.acquired_by) else row.acquired_by
        kept: dict[str, Any] = {}
        for name, value in row.attributes.items():
            if not person.holds([name, value]):
                key = (name, str(value))
                shared[key] = shared[key] if key in shared else _shared(workspace, name, value, person)
                kept |= {name: value} if shared[key] else {}
        row.attributes = kept
        row.updated_at = timezone.now()
    return rows


def _shared(workspace: Workspace, name: str, value: Any, person: Person) -> bool:
    """Whether several other customers have this value: then it says of which group somebody was, and not who."""
    others = (
        CustomerProfile.objects.visible(workspace)
        .exclude(customer_id__in=person.customer_ids)
        .annotate(told=attribute(name))
        .filter(told=str(value))
    )
    return len(others.values_list("pk")[:ALIKE]) == ALIKE


def _whose(person: Person) -> Q:
    return Q(customer_id__in=person.customer_ids) | Q(contact_id__in=person.contact_ids)


def export(*, person: Person) -> dict[str, list[dict[str, Any]]]:
    workspace = Workspace.objects.get(pk=person.workspace_id)
    customers, contacts = person.customer_ids, person.contact_ids
    visible = {"customer_id__in": customers}
    return {
        "customers": [
            {
                "id": row.customer.external_id, "name": row.name, "customer since": row.since_date,
                "came by": row.acquired_by, "parent": row.parent.external_id if row.parent else "",
                "looked after by": row.owner_name, "renewal": row.renewal_date, "revenue": row.revenue,
                "margin": row.margin, "counts": row.counts, "attributes": row.attributes,
            }
            for row in CustomerProfile.objects.visible(workspace).filter(**visible).select_related("customer", "parent")
        ],
        "people": [
            {
                "id": row.contact.external_id, "name": row.name, "role": row.role, "e-mail": row.email,
                "phone": row.phone, "language": row.language,
            }
            for row in ContactProfile.objects.visible(workspace).filter(contact_id__in=contacts).select_related("contact")
        ],
        "months": _rows(CustomerPeriod.objects.visible(workspace).filter(**visible).order_by("month")
            .values("month", "revenue", "cost", "discounts", "margin")
        ),
        "departures": _rows(Departure.objects.visible(workspace).filter(**visible)
            .values("kind", "notice_date", "end_date", "stated_reason", "annual_value")
        ),
        "invitations": _rows(Invitation.objects.visible(workspace).filter(_sent_to(person))
            .order_by("sent_at", "id").values("external_id", "contact", "survey", "channel", "sent_at", "delivered", "bounced", "answered_at", "reason_not_sent")
        ),
        "bases": _rows(ContactBasis.objects.filter(contact_id__in=contacts).values("purpose", "basis", "origin", "since")),
        "refusals": _rows(OptOut.objects.filter(contact_id__in=contacts).values("purpose", "channel", "origin", "since")),
        "reasons to leave alone": _rows(StopReason.objects.filter(_whose(person)).values("reason", "since", "until")),
        "complaints": _rows(OpenComplaint.objects.filter(customer_id__in=customers).values("reference", "opened_at", "closed_at")
        ),
        "touches": _rows(ContactLog.objects.filter(_whose(person)).order_by("at")
            .values("at", "touch", "purpose", "channel", "allowed", "reason", "detail")
        ),
    }  # fmt: skip


def _rows(found: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [dict(row) for row in found]


def forget(*, workspace_id: int, before: dt.datetime, most: int) -> int:
    """Delete touches older than a moment from the contact log."""
    old = ContactLog.objects.filter(workspace_id=workspace_id, at__lt=before)
    ids = list(old.values_list("pk", flat=True)[:most])
    ContactLog.objects.filter(pk__in=ids).delete()
    return len(ids)
