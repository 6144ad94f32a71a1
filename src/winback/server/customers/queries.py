"""Reads of customers, within what the asker may see."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from winback.server.customers.models import ContactLog, Customer, CustomerPeriod, CustomerProfile, SuppressionList
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Workspace
from winback.server.workspaces.rules import Scope


def profiles_for(access: Access) -> QuerySet[CustomerProfile]:
    """The visible profiles of the customers this access may see: one a customer."""
    rows: QuerySet[CustomerProfile] = CustomerProfile.objects.visible(access.workspace)
    return within_scope(rows, access.scope)


def within_scope(profiles: QuerySet[CustomerProfile], scope: Scope) -> QuerySet[CustomerProfile]:
    """Those whose attributes fit the scope. Teams and own cases do not say which customers: such a scope shows none."""
    if scope.own or scope.teams:
        return profiles.none()
    for place, (name, values) in enumerate(scope.segments.items()):
        told = f"scope_{place}"
        profiles = profiles.annotate(**{told: attribute(name)}).filter(**{f"{told}__in": values})
    return profiles


def attribute(name: str) -> Cast:
    """The value of an attribute as text. Cast, since a bare key of JSON compares as JSON and not as text."""
    return Cast(_Attribute(name, "attributes"), TextField())


_PLAIN = re.compile(r"[A-Za-z0-9_ .-]+")  # names that a path of SQLite spells in one way only, which is soon found


class _Attribute(KeyTextTransform):
    """A key of JSON by its name, whatever that is. Django takes 2024 for a place in a list, and asks SQLite for letters
    beyond ASCII in escapes, which it finds only where they were written in escapes too.
    """

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params, _ = self.preprocess_lhs(compiler, connection)
        return f"({column} ->> %s)", (*params, self.key_name)

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, tuple[Any, ...]]:
        column, params, _ = self.preprocess_lhs(compiler, connection)
        if _PLAIN.fullmatch(self.key_name):
            return f"JSON_EXTRACT({column}, %s)", (*params, f'$."{self.key_name}"')
        return f"(SELECT value FROM JSON_EACH({column}) WHERE key = %s)", (*params, self.key_name)  # noqa: S608


def customers_for(access: Access) -> QuerySet[Customer]:
    """The customers this access may see."""
    seen = profiles_for(access).filter(customer=OuterRef("pk"))
    return Customer.objects.filter(Exists(seen), workspace=access.workspace)


def customer_for(access: Access, pk: int) -> Customer:
    """One customer. Raises Http404 where this access may not see it."""
    from django.shortcuts import get_object_or_404

    return get_object_or_404(customers_for(access), pk=pk)


RARE = 2000  # customers with a text at most; what more have is soon found in the order of names


def found(profiles: QuerySet[CustomerProfile], workspace: Workspace, text: str) -> QuerySet[CustomerProfile]:
    """Those whose name or id holds the text.

    Names and ids are looked through first, each in an index that has nothing else in it: to ask of a million profiles
    which of them are visible takes twenty times as long.
    """
    text = text.strip()
    if not text:
        return profiles
    profiles = profiles.filter(Q(name__icontains=text) | Q(customer__external_id__icontains=text))
    named = CustomerProfile.objects.filter(workspace=workspace, name__icontains=text).order_by()
    called = Customer.objects.filter(workspace=workspace, external_id__icontains=text).order_by()
    own, theirs = (list(rows.values_list("pk", flat=True)[: RARE + 1]) for rows in (named, called))
    if len(own) > RARE or len(theirs) > RARE:
        return profiles
    return profiles.filter(Q(pk__in=own) | Q(customer_id__in=theirs))


def page_by_name(
    profiles: QuerySet[CustomerProfile], *, after: tuple[str, int] | None, size: int
) -> tuple[list[CustomerProfile], tuple[str, int] | None]:
    """A page in the order of (name, id) after a place, and the place of the next page, if there is one."""
    if after is not None:
        name, pk = after
        profiles = profiles.filter(Q(name__gt=name) | Q(name=name, id__gt=pk))
    rows = list(profiles.select_related("customer").order_by("name", "id")[: size + 1])
    more = (rows[size - 1].name, rows[size - 1].pk) if len(rows) > size else None
    return rows[:size], more


def money_of(workspace: Workspace, customers: Sequence[int], *, until: dt.date) -> dict[int, dict[str, Any]]:
    """Revenue and margin of the twelve months to `until` for each of these customers."""
    first = dt.date(until.year - 1, until.month, 1)
    rows = (
        CustomerPeriod.objects.visible(workspace)
        .filter(customer_id__in=customers, month__gt=first, month__lte=until)
        .values("customer_id")
        .annotate(revenue_sum=Sum("revenue"), margin_sum=Sum("margin"), cost_sum=Sum("cost"))
    )
    return {row["customer_id"]: {"revenue": row["revenue_sum"], "margin": row["margin_sum"]} for row in rows}


def blocked_by_reason(access: Access, *, since: dt.datetime) -> list[dict[str, Any]]:
    """How many touches were let through, and how many were not for each reason, since a moment."""
    rows = ContactLog.objects.filter(workspace=access.workspace, at__gte=since)
    counted = rows.values("allowed", "reason").annotate(count=Count("id")).order_by("-allowed", "-count", "reason")
    return [dict(row) for row in counted]


def lists_of(workspace: Workspace, *, on: dt.date) -> list[dict[str, Any]]:
    """The suppression lists, with how many addresses each holds and whether its screening still holds."""
    lists = SuppressionList.objects.filter(workspace=workspace).annotate(held=Count("addresses")).order_by("name")
    return [
        {"list": item, "held": item.held, "until": until, "stale": until < on}
        for item in lists
        for until in (item.screened_on + dt.timedelta(days=item.valid_days),)
    ]
