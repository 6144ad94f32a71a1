"""Accounts: customers with several people, or under a parent. Who is heard, who is silent, where opinions are split."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import Q

from winback.server.customers.models import ContactProfile, CustomerProfile, Departure
from winback.server.customers.queries import profiles_for
from winback.server.stories.heard import Heard
from winback.server.workspaces.access import Access
from winback.tables import STAYED

RENEWAL_DAYS = 120
MOST = 500  # renewals in silence that are told one by one


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


def coverage(known: Heard) -> Coverage:
    """How much of the customers, of what they bring, and of those who decide was heard in the last twelve months."""
    revenue = {pk: value for pk, value in known.revenue.items() if pk in known.everyone}
    deciders = [person for person, customer in known.deciders if customer in known.everyone]
    return Coverage(
        accounts=len(known.everyone),
        accounts_heard=len(known.everyone & known.customers),
        revenue=sum(revenue.values(), Decimal(0)),
        revenue_heard=sum((value for pk, value in revenue.items() if pk in known.customers), Decimal(0)),
        deciders=len(deciders),
        deciders_heard=sum(person in known.persons for person in deciders),
    )


def renewing_in_silence(access: Access, known: Heard, *, today: dt.date, most: int = MOST) -> list[CustomerProfile]:
    """Customers still with us whose renewal comes in 120 days, unheard for twelve months, soonest first."""
    gone = Departure.objects.visible(access.workspace).exclude(kind__in=STAYED)
    until = today + dt.timedelta(days=RENEWAL_DAYS)
    soon = profiles_for(access).filter(renewal_date__gte=today, renewal_date__lte=until)
    soon = soon.exclude(customer_id__in=gone.values("customer_id")).select_related("customer")
    rows = soon.order_by("renewal_date", "id").iterator(chunk_size=500)
    return list(islice((row for row in rows if row.customer.external_id not in known.customers), most))


def split_opinions(access: Access, known: Heard) -> list[dict[str, Any]]:
    """Customers at whom one person is a promoter and another a detractor, most people first, with their profiles."""
    profiles = profiles_for(access).filter(customer__external_id__in=[customer for customer, _ in known.split])
    by_id = {profile.customer.external_id: profile for profile in profiles.select_related("customer")}
    return [{"profile": by_id[customer], "given": given} for customer, given in known.split if customer in by_id]


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
