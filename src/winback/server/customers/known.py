"""What is known of people when somebody asks whether they may be contacted, in a number of queries that does not grow."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from winback.server.customers.contact_rules import CAP_DAYS, Known, PastTouch
from winback.server.customers.models import (
    Contact,
    ContactBasis,
    ContactLog,
    ContactProfile,
    Invitation,
    OpenComplaint,
    OptOut,
    StopReason,
)
from winback.server.customers.suppression import screened
from winback.server.workspaces.models import Workspace

AT_ONCE = dt.timedelta(hours=1)  # what another tool sent just now counts, though its clock is a little ahead


def known_of(contacts: Sequence[Contact], *, workspace: Workspace, at: dt.datetime) -> dict[int, Known]:
    """What the rule wants to know of each of these people of one workspace, by contact.

    A person's no, a complaint and a touch count as soon as they are written, whatever the clock said then: it may have been
    set back since. Days are those of the workspace.
    """
    ids = [contact.pk for contact in contacts]
    profiles = {
        one.contact_id: one for one in ContactProfile.objects.visible(workspace).filter(contact__in=ids).order_by("id")
    }  # the latest of each
    customers = {one.customer_id for one in profiles.values() if one.customer_id}
    opt_outs = _by(OptOut.objects.filter(contact__in=ids).values_list("contact_id", "purpose", "channel"))
    bases = _by(ContactBasis.objects.filter(contact__in=ids).values_list("contact_id", "purpose", "basis"))
    today = at.astimezone(ZoneInfo(workspace.zone)).date()
    of_people, of_customers = _stop_reasons(workspace, ids, customers, today)
    complaining = set(
        OpenComplaint.objects.filter(customer__in=customers)
        .filter(Q(closed_at__isnull=True) | Q(closed_at__gt=at))
        .values_list("customer_id", flat=True)
    )
    rest = {"relationship": workspace.rest_days_relationship, "transactional": workspace.rest_days_transactional}
    past = _past(contacts, workspace, since=at - dt.timedelta(days=max(*rest.values(), CAP_DAYS)), until=at + AT_ONCE)
    lists = screened({pk: (one.email, one.phone) for pk, one in profiles.items()}, workspace)
    found = {}
    for pk in ids:
        profile = profiles.get(pk)
        customer = profile.customer_id if profile else None
        found[pk] = Known(
            addresses=_addresses(profile), stop_reasons=(*of_people[pk], *(of_customers[customer] if customer else ())),
            opt_outs=tuple(opt_outs[pk]), bases=dict(bases[pk]), lists=lists[pk], open_complaint=customer in complaining,
            past=tuple(past[pk]), rest_days=rest, cap=workspace.touches_in_30_days,
        )  # fmt: skip
    return found


def _past(
    contacts: Sequence[Contact], workspace: Workspace, *, since: dt.datetime, until: dt.datetime
) -> dict[int, list[PastTouch]]:
    """What went out to each, newest first: touches that were let through here, and invitations that another tool sent.

    An invitation counts where it went out and came through: not where it was held back or bounced, nor where it is still to
    go out, after `until`.
    """
    found: dict[int, list[PastTouch]] = defaultdict(list)
    log = ContactLog.objects.filter(contact__in=contacts, allowed=True, at__gt=since)
    for pk, at, touch, purpose, survey in log.values_list("contact_id", "at", "touch", "purpose", "survey"):
        found[pk].append(PastTouch(at, touch, purpose, survey))
    called = {contact.external_id: contact.pk for contact in contacts}
    invitations = (
        Invitation.objects.visible(workspace)
        .filter(contact__in=list(called), sent_at__gt=since, sent_at__lte=until, reason_not_sent="")
        .exclude(bounced=True)
        .exclude(delivered=False)
    )
    for name, sent, survey in invitations.values_list("contact", "sent_at", "survey"):
        if sent is not None:
            found[called[name]].append(PastTouch(sent, "survey", "research", survey))
    for touches in found.values():
        touches.sort(key=lambda touch: touch.at, reverse=True)
    return found


def _stop_reasons(
    workspace: Workspace, contacts: Collection[int], customers: Collection[int], today: dt.date
) -> tuple[Mapping[int, list[str]], Mapping[int, list[str]]]:
    """Reasons by contact, and by customer where they hold for all of it."""
    rows = StopReason.objects.filter(
        Q(contact__in=contacts) | Q(customer__in=customers), Q(until__isnull=True) | Q(until__gte=today),
        workspace=workspace, since__lte=today,
    )  # fmt: skip
    people: dict[int, list[str]] = defaultdict(list)
    whole: dict[int, list[str]] = defaultdict(list)
    for contact, customer, reason in rows.order_by("id").values_list("contact_id", "customer_id", "reason"):
        if contact is not None:
            people[contact].append(reason)
        if customer is not None:
            whole[customer].append(reason)
    return people, whole


def _by(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for pk, *rest in rows:
        found[pk].append(tuple(rest))
    return found


def _addresses(profile: ContactProfile | None) -> frozenset[str]:
    """Channels on which a person can be reached; letters go by the customer's address, which is known elsewhere."""
    if profile is None:
        return frozenset()
    mail = {"mail"} if profile.email else set()
    phone = {"phone", "message"} if profile.phone else set()
    return frozenset(mail | phone | {"letter"})
