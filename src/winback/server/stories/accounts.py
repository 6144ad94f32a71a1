"""Accounts: customers with several people, or under a parent. Who is heard, who is silent, where opinions are split."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from winback.server.customers.models import ContactProfile, CustomerPeriod, CustomerProfile, Departure
from winback.server.customers.queries import profiles_for
from winback.server.feedback.queries import band_name, bands_of, feedback_for
from winback.server.workspaces.access import Access

HEARD_DAYS = 365
RENEWAL_DAYS = 120


@dataclass(frozen=True)
class Coverage:
    """Shares heard in twelve months, with the counts they are made of; a share is None where there is nothing to share."""

    accounts: int
    accounts_heard: int
    revenue: Decimal
    revenue_heard: Decimal
    deciders: int
    deciders_heard: int

    @property
    def of_accounts(self) -> float | None:
        return self.accounts_heard / self.accounts if self.accounts else None

    @property
    def of_revenue(self) -> float | None:
        return float(self.revenue_heard / self.revenue) if self.revenue > 0 else None

    @property
    def of_deciders(self) -> float | None:
        return self.deciders_heard / self.deciders if self.deciders else None


def coverage(access: Access, *, today: dt.date) -> Coverage:
    """How much of the customers, of what they bring, and of those who decide was heard in the last twelve months."""
    heard = set(_heard(access, today).values_list("customer_id", flat=True))
    persons = set(_heard(access, today).exclude(respondent="").values_list("respondent", flat=True))
    everyone = set(profiles_for(access).values_list("customer_id", flat=True))
    money = {pk: value for pk, value in _revenue(access, today).items() if pk in everyone}
    deciders = list(
        ContactProfile.objects.visible(access.workspace)
        .filter(role="decision maker")
        .values_list("contact__external_id", "customer_id")
    )
    mine = [name for name, customer in deciders if customer in everyone]
    return Coverage(
        accounts=len(everyone),
        accounts_heard=len(everyone & heard),
        revenue=sum(money.values(), Decimal(0)),
        revenue_heard=sum((value for pk, value in money.items() if pk in heard), Decimal(0)),
        deciders=len(mine),
        deciders_heard=sum(name in persons for name in mine),
    )


def _heard(access: Access, today: dt.date) -> Any:
    since = today - dt.timedelta(days=HEARD_DAYS)
    return feedback_for(access).filter(
        score__isnull=False, customer__isnull=False, local_date__gt=since, local_date__lte=today
    )


def _revenue(access: Access, today: dt.date) -> Mapping[int, Decimal]:
    """Revenue of twelve months by customer: summed from months, else as the profile says."""
    first = dt.date(today.year - 1, today.month, 1)
    summed = (
        CustomerPeriod.objects.visible(access.workspace)
        .filter(month__gt=first, month__lte=today)
        .values_list("customer_id")
        .annotate(total=Sum("revenue"))
    )
    told = profiles_for(access).filter(revenue__isnull=False).values_list("customer_id", "revenue")
    return {**{pk: value for pk, value in told if value}, **{pk: value for pk, value in summed if value}}


def renewing_in_silence(access: Access, *, today: dt.date, most: int = 50) -> list[CustomerProfile]:
    """Customers still with us whose renewal comes in 120 days, unheard for twelve months, soonest first."""
    heard = _heard(access, today).values("customer_id")
    soon = profiles_for(access).filter(
        renewal_date__gte=today, renewal_date__lte=today + dt.timedelta(days=RENEWAL_DAYS)
    )
    gone = Departure.objects.visible(access.workspace).exclude(kind__in=("downgraded", "migrated"))
    soon = soon.exclude(customer_id__in=gone.values("customer_id"))
    return list(soon.exclude(customer_id__in=heard).select_related("customer").order_by("renewal_date", "id")[:most])


def split_opinions(access: Access, *, today: dt.date, most: int = 50) -> list[dict[str, Any]]:
    """Customers at which one person is a promoter and another a detractor, each by the last answer in twelve months."""
    several = (
        _heard(access, today)
        .exclude(respondent="")
        .values("customer_id")
        .annotate(people=Count("respondent", distinct=True))
        .filter(people__gt=1)
    )
    rows = (
        _heard(access, today)
        .filter(customer_id__in=several.values("customer_id"))
        .exclude(respondent="")
        .select_related("source")
        .order_by("customer_id", "respondent", "-occurred_at", "-id")
    )
    latest: dict[int, dict[str, tuple[float | None, str]]] = {}
    for row in rows.iterator(chunk_size=2000):
        people = latest.setdefault(row.customer_id, {})
        people.setdefault(row.respondent, (row.score, band_name(row.score, bands_of(row.source))))
    split = {
        customer: sorted(people.values(), key=lambda given: given[0] or 0)
        for customer, people in latest.items()
        if {"detractor", "promoter"} <= {band for _, band in people.values()}
    }
    profiles = profiles_for(access).filter(customer_id__in=list(split)[: 10 * most]).select_related("customer")
    listed: list[dict[str, Any]] = [{"profile": profile, "given": split[profile.customer_id]} for profile in profiles]
    return sorted(listed, key=lambda item: (-len(item["given"]), item["profile"].name))[:most]


def accounts(access: Access) -> Any:
    """Profiles of accounts: customers that have people, a parent, children, an owner or a renewal date."""
    with_people = ContactProfile.objects.visible(access.workspace).values("customer_id")
    parents = CustomerProfile.objects.visible(access.workspace).filter(parent__isnull=False).values("parent_id")
    return profiles_for(access).filter(
        Q(customer_id__in=with_people)
        | Q(parent__isnull=False)
        | Q(customer_id__in=parents)
        | ~Q(owner_name="")
        | Q(renewal_date__isnull=False)
    )


def family(access: Access, profile: CustomerProfile) -> dict[str, Any]:
    """The parent of an account and its children, as profiles."""
    seen = profiles_for(access).select_related("customer")
    return {
        "parent": seen.filter(customer_id=profile.parent_id).first() if profile.parent_id else None,
        "children": list(seen.filter(parent_id=profile.customer_id).order_by("name", "id")[:100]),
    }
