"""A customer's story: everything that happened, from every slice, in one timeline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, OuterRef, Subquery

from winback.server.customers.models import (
    Contact,
    ContactLog,
    ContactProfile,
    Customer,
    CustomerPeriod,
    CustomerProfile,
    Departure,
    StopReason,
)
from winback.server.customers.queries import money_of
from winback.server.feedback.models import Feedback
from winback.server.feedback.queries import band_name, bands_of, feedback_for
from winback.server.workspaces.access import Access
from winback.tables import STAYED

NEWEST = (F("occurred_at").desc(nulls_last=True), "-id")  # PostgreSQL would put what has no time first
MOST = 300  # lines of one kind in a story; a customer with more is read on the Feedback page


@dataclass(frozen=True)
class Line:
    """One event of a story. `what` names the template that shows it (stories/lines/<what>.html)."""

    at: dt.datetime
    what: str
    row: Any
    more: dict[str, Any] = field(default_factory=dict)


def answers(access: Access, customer: Customer) -> list[Line]:
    rows = list(feedback_for(access).filter(customer=customer).select_related("source").order_by(*NEWEST)[:MOST])
    names = _names(access, [row.respondent for row in rows if row.respondent])
    return [
        Line(
            row.occurred_at or _midnight(row.local_date),
            "answer",
            row,
            {"band": band_name(row.score, bands_of(row.source)), "who": names.get(row.respondent, row.respondent)},
        )
        for row in rows
    ]


def _names(access: Access, respondents: Sequence[str]) -> dict[str, str]:
    """What to call the people who answered, where they are known."""
    rows = ContactProfile.objects.visible(access.workspace).filter(contact__external_id__in=set(respondents))
    return {key: name for key, name in rows.values_list("contact__external_id", "name") if name}


def departures(access: Access, customer: Customer) -> list[Line]:
    rows = Departure.objects.visible(access.workspace).filter(customer=customer)[:MOST]
    return [Line(_midnight(row.notice_date or row.end_date), "departure", row) for row in rows]


def touches(access: Access, customer: Customer) -> list[Line]:
    rows = ContactLog.objects.filter(customer=customer).select_related("by", "contact").order_by("-at")[:MOST]
    return [Line(row.at, "touch", row) for row in rows]


def beginnings(access: Access, customer: Customer) -> list[Line]:
    rows = CustomerProfile.objects.visible(access.workspace).filter(customer=customer, since_date__isnull=False)
    return [Line(_midnight(row.since_date), "beginning", row) for row in rows]


LINES: tuple[Callable[[Access, Customer], list[Line]], ...] = (answers, departures, touches, beginnings)


def story(access: Access, customer: Customer) -> list[Line]:
    """Every event of a customer, newest first. A query for each kind of line."""
    return sorted((line for lines in LINES for line in lines(access, customer)), key=lambda line: line.at, reverse=True)


def _midnight(day: dt.date | None) -> dt.datetime:
    return dt.datetime.combine(day or dt.date.min, dt.time(), tzinfo=dt.UTC)


@dataclass(frozen=True)
class Months:
    """What a customer brought by month: exact amounts, and bars as shares of the largest."""

    rows: list[dict[str, Any]]
    measure: str


def months(access: Access, customer: Customer, *, most: int = 24) -> Months | None:
    """The last months' margin (revenue where no margin is known), oldest first; None where no money is known."""
    found = CustomerPeriod.objects.visible(access.workspace).filter(customer=customer).order_by("-month")[:most]
    rows = list(reversed(found))
    measure = "margin" if any(row.margin is not None for row in rows) else "revenue"
    values = [getattr(row, measure) for row in rows]
    largest = max((abs(value) for value in values if value is not None), default=None)
    if not largest:
        return None
    return Months(
        [
            {"month": row.month, "value": value, "share": float(value / largest) if value is not None else 0.0}
            for row, value in zip(rows, values, strict=True)
        ],
        measure,
    )


def people_at(access: Access, customers: Sequence[int]) -> list[dict[str, Any]]:
    """The people at customers: who, role, how to reach, what they refused, and their last score."""
    profiles = list(
        ContactProfile.objects.visible(access.workspace)
        .filter(customer_id__in=customers)
        .select_related("contact")
        .prefetch_related("contact__opt_outs", "contact__bases")
        .order_by("name", "id")[:MOST]
    )
    last = last_answers(access, respondents=[profile.contact.external_id for profile in profiles])
    return [{"profile": profile, "last": last.get(profile.contact.external_id)} for profile in profiles]


def last_answers(access: Access, *, respondents: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The last score of each respondent."""
    rows = (
        feedback_for(access)
        .filter(respondent__in=[name for name in respondents if name], score__isnull=False)
        .select_related("source")
        .order_by("respondent", *NEWEST)
    )
    last: dict[str, dict[str, Any]] = {}
    for row in rows:
        last.setdefault(row.respondent, _given(row))
    return last


def last_of_customers(access: Access, customers: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The last score of each customer."""
    newest = (
        feedback_for(access).filter(customer=OuterRef("pk"), score__isnull=False).order_by(*NEWEST).values("pk")[:1]
    )
    chosen = (
        Customer.objects.filter(pk__in=customers).annotate(newest=Subquery(newest)).values_list("newest", flat=True)
    )
    rows = Feedback.objects.filter(pk__in=[pk for pk in chosen if pk]).select_related("source")
    return {row.customer_id: _given(row) for row in rows if row.customer_id}


def _given(row: Feedback) -> dict[str, Any]:
    return {"score": row.score, "band": band_name(row.score, bands_of(row.source)), "day": row.local_date}


def with_figures(access: Access, profiles: Sequence[CustomerProfile], *, today: dt.date) -> list[dict[str, Any]]:
    """Profiles as a list shows them: last score, money of twelve months, whether they left. Three queries for all."""
    ids = [profile.customer_id for profile in profiles]
    last = last_of_customers(access, ids)
    money = money_of(access.workspace, ids, until=today)
    left = Departure.objects.visible(access.workspace).filter(customer_id__in=ids).order_by("end_date")
    gone = dict(left.exclude(kind__in=STAYED).values_list("customer_id", "end_date"))
    return [
        {
            "profile": profile,
            "name": profile.name or profile.customer.external_id,
            "last": last.get(profile.customer_id),
            "revenue": money.get(profile.customer_id, {}).get("revenue", profile.revenue),
            "left": gone.get(profile.customer_id),
            "leaving": (gone.get(profile.customer_id) or today) > today,
        }
        for profile in profiles
    ]


def contact_for(access: Access, customer: Customer, pk: int) -> Contact:
    """One person at this customer. Raises Http404 where there is none."""
    from django.shortcuts import get_object_or_404

    seen = ContactProfile.objects.visible(access.workspace).filter(customer=customer, contact_id=pk)
    return get_object_or_404(Contact, pk__in=seen.values("contact_id"), workspace=access.workspace)


def stops_of(customer: Customer) -> list[StopReason]:
    return list(StopReason.objects.filter(customer=customer).select_related("noted_by").order_by("-since"))
