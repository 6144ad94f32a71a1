"""`may_contact` for many people at once: the same rule on the same facts, in a number of queries that does not grow."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from winback.server.customers.contact_rules import AT_ONCE, CAP_DAYS, Decision, Known, PastTouch, ScreenedList, decide
from winback.server.customers.contacting import LONGEST_REST, _addresses, _check, address_digests
from winback.server.customers.models import (
    Contact,
    ContactBasis,
    ContactLog,
    ContactProfile,
    OpenComplaint,
    OptOut,
    StopReason,
    SuppressedAddress,
    SuppressionList,
)
from winback.server.workspaces.models import Workspace


def may_contact_many(
    contacts: Sequence[Contact], *, workspace: Workspace, purpose: str, channels: Sequence[str], at: dt.datetime,
    touch: str = "call",
) -> dict[tuple[int, str], Decision]:  # fmt: skip
    """By contact and channel whether this person may be contacted; asks and changes nothing."""
    for channel in channels:
        _check(touch, purpose, channel, at)
    known = known_of_many(contacts, workspace=workspace, at=at)
    return {
        (pk, channel): decide(facts, touch=touch, purpose=purpose, channel=channel, at=at)
        for pk, facts in known.items()
        for channel in channels
    }


def known_of_many(contacts: Sequence[Contact], *, workspace: Workspace, at: dt.datetime) -> dict[int, Known]:
    """What `contacting.known_of` knows of each of these people of one workspace."""
    ids = [contact.pk for contact in contacts]
    profiles = {
        one.contact_id: one for one in ContactProfile.objects.visible(workspace).filter(contact__in=ids).order_by("id")
    }  # the latest of each
    customers = {one.customer_id for one in profiles.values() if one.customer_id}
    today, since = at.date(), at - dt.timedelta(days=max(LONGEST_REST, CAP_DAYS))
    stops = StopReason.objects.filter(
        Q(contact__in=ids) | Q(customer__in=customers), Q(until__isnull=True) | Q(until__gte=today),
        workspace=workspace, since__lte=today,
    )  # fmt: skip
    of_people, of_customers = _two(stops.order_by("id").values_list("contact_id", "customer_id", "reason"))
    open_ones = OpenComplaint.objects.filter(customer__in=customers, opened_at__lte=at).filter(
        Q(closed_at__isnull=True) | Q(closed_at__gt=at)
    )
    complaining = set(open_ones.values_list("customer_id", flat=True))
    opt_outs = _by(
        OptOut.objects.filter(contact__in=ids, since__lte=at).values_list("contact_id", "purpose", "channel")
    )
    bases = _by(ContactBasis.objects.filter(contact__in=ids).values_list("contact_id", "purpose", "basis"))
    log = ContactLog.objects.filter(contact__in=ids, allowed=True, at__gt=since, at__lte=at + AT_ONCE).order_by("-at")
    past = _by(log.values_list("contact_id", "at", "touch", "purpose", "survey"))
    lists = _lists(workspace, profiles)
    rest = {"relationship": workspace.rest_days_relationship, "transactional": workspace.rest_days_transactional}
    found = {}
    for pk in ids:
        profile = profiles.get(pk)
        customer = profile.customer_id if profile else None
        found[pk] = Known(
            addresses=_addresses(profile), stop_reasons=(*of_people[pk], *(of_customers[customer] if customer else ())),
            opt_outs=tuple(opt_outs[pk]), bases=dict(bases[pk]), lists=lists[pk], open_complaint=customer in complaining,
            past=tuple(PastTouch(*row) for row in past[pk]), rest_days=rest, cap=workspace.touches_in_30_days,
        )  # fmt: skip
    return found


def _by(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for pk, *rest in rows:
        found[pk].append(tuple(rest))
    return found


def _two(rows: Any) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """Reasons by contact, and by customer where they hold for all of it."""
    people: dict[int, list[str]] = defaultdict(list)
    customers: dict[int, list[str]] = defaultdict(list)
    for contact, customer, reason in rows:
        if contact is not None:
            people[contact].append(reason)
        if customer is not None:
            customers[customer].append(reason)
    return people, customers


def _lists(workspace: Workspace, profiles: Mapping[int, ContactProfile]) -> dict[int, tuple[ScreenedList, ...]]:
    """The suppression lists as they are for each; none for who has no profile."""
    found: dict[int, tuple[ScreenedList, ...]] = defaultdict(tuple)
    lists = list(SuppressionList.objects.filter(workspace=workspace))
    if not lists:
        return found
    digests = {pk: address_digests([one.email, one.phone], workspace) for pk, one in profiles.items()}
    wanted = sorted(set().union(*digests.values())) if digests else []
    hits: set[tuple[int, str]] = set()
    for start in range(0, len(wanted), 500):
        some = SuppressedAddress.objects.filter(list__in=lists, digest__in=wanted[start : start + 500])
        hits |= set(some.values_list("list_id", "digest"))
    for pk, mine in digests.items():
        found[pk] = tuple(
            ScreenedList(
                item.name, item.channel, item.screened_on + dt.timedelta(days=item.valid_days),
                any((item.pk, digest) in hits for digest in mine),
            )
            for item in lists
        )  # fmt: skip
    return found
