"""`may_contact`: the one gate for everything that goes out, and the one log of what was asked of it."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone

from winback.errors import UserError
from winback.server.customers.contact_rules import AT_ONCE, CAP_DAYS, Decision, Known, PastTouch, ScreenedList, decide
from winback.server.customers.models import (
    CHANNELS,
    PURPOSES,
    TOUCHES,
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
from winback.server.database import atomic
from winback.server.workspaces import audit
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Workspace
from winback.server.workspaces.rules import phone_regions

LONGEST_REST = 366


def may_contact(
    contact: Contact,
    purpose: str,
    channel: str,
    at: dt.datetime,
    *,
    touch: str = "call",
    survey: str = "",
    owed: bool = False,
) -> Decision:
    """Whether this person may be contacted; asks and changes nothing. Use `ask_to_contact` where something goes out."""
    _check(touch, purpose, channel, at)
    known = known_of(contact, at)
    return decide(known, touch=touch, purpose=purpose, channel=channel, at=at, survey=survey, owed=owed)


def ask_to_contact(
    *, contact: Contact, touch: str, purpose: str, channel: str, at: dt.datetime, survey: str = "", owed: bool = False,
    by: Access | None = None, message_id: int | None = None,
) -> Decision:  # fmt: skip
    """Ask the gate and write the answer to the log, so that two who ask at once cannot both be the last one allowed."""
    _check(touch, purpose, channel, at)
    with atomic():
        Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
        known = known_of(contact, at)
        decision = decide(known, touch=touch, purpose=purpose, channel=channel, at=at, survey=survey, owed=owed)
        profile = _profile(contact)
        ContactLog.objects.create(
            workspace_id=contact.workspace_id, contact=contact, customer_id=profile.customer_id if profile else None,
            touch=touch, purpose=purpose, channel=channel, at=at, allowed=decision.allowed, reason=decision.reason,
            detail=decision.detail, survey=survey, by=by.user if by else None, message_id=message_id,
        )  # fmt: skip
    return decision


def _check(touch: str, purpose: str, channel: str, at: dt.datetime) -> None:
    for value, known, name in (
        (touch, TOUCHES, "touch"),
        (purpose, PURPOSES, "purpose"),
        (channel, CHANNELS, "channel"),
    ):
        if value not in known:
            raise ValueError(f"{name} {value!r} is none of {known}")
    if at.tzinfo is None:
        raise ValueError("at has no zone")


def known_of(contact: Contact, at: dt.datetime) -> Known:
    """Everything the rule wants to know of a person, in seven queries."""
    workspace = contact.workspace
    profile = _profile(contact)
    customer_id = profile.customer_id if profile else None
    whose = Q(contact=contact) | (Q(customer_id=customer_id) if customer_id else Q(pk=None))
    today = at.date()
    stops = StopReason.objects.filter(whose, workspace=workspace, since__lte=today).filter(
        Q(until__isnull=True) | Q(until__gte=today)
    )
    complaints = OpenComplaint.objects.filter(customer_id=customer_id or 0, opened_at__lte=at).filter(
        Q(closed_at__isnull=True) | Q(closed_at__gt=at)
    )
    since = at - dt.timedelta(days=max(LONGEST_REST, CAP_DAYS))
    past = ContactLog.objects.filter(contact=contact, allowed=True, at__gt=since, at__lte=at + AT_ONCE).order_by("-at")
    return Known(
        addresses=_addresses(profile),
        stop_reasons=tuple(stops.values_list("reason", flat=True)),
        opt_outs=tuple(OptOut.objects.filter(contact=contact, since__lte=at).values_list("purpose", "channel")),
        bases=dict(ContactBasis.objects.filter(contact=contact).values_list("purpose", "basis")),
        lists=_lists(workspace, profile),
        open_complaint=complaints.exists(),
        past=tuple(PastTouch(*row) for row in past.values_list("at", "touch", "purpose", "survey")),
        rest_days={
            "relationship": workspace.rest_days_relationship,
            "transactional": workspace.rest_days_transactional,
        },
        cap=workspace.touches_in_30_days,
    )


def _profile(contact: Contact) -> ContactProfile | None:
    profile: ContactProfile | None = (
        ContactProfile.objects.visible(contact.workspace).filter(contact=contact).order_by("-id").first()
    )
    return profile


def _addresses(profile: ContactProfile | None) -> frozenset[str]:
    if profile is None:
        return frozenset()
    mail = {"mail"} if profile.email else set()
    phone = {"phone", "message"} if profile.phone else set()
    return frozenset(mail | phone | {"letter"})


def _lists(workspace: Workspace, profile: ContactProfile | None) -> tuple[ScreenedList, ...]:
    lists = list(SuppressionList.objects.filter(workspace=workspace))
    if not lists or profile is None:
        return ()
    digests = address_digests([profile.email, profile.phone], workspace)
    hits = set(SuppressedAddress.objects.filter(list__in=lists, digest__in=digests).values_list("list_id", flat=True))
    return tuple(
        ScreenedList(item.name, item.channel, item.screened_on + dt.timedelta(days=item.valid_days), item.pk in hits)
        for item in lists
    )


def address_digest(text: str) -> str:
    """The SHA-256 of an address in its normal form: mail in small letters, a number as its digits from the country's on.

    The (0) of +49 (0)170 is dialled inside the country only. A number without its country stands for itself alone: nobody
    can tell from 0170 which country it is in.
    """
    text = text.strip()
    if re.match(r"\s*(\+|00)", text):
        text = text.replace("(0)", "")
    normal = text.lower() if "@" in text else re.sub(r"[^\d+]", "", text).removeprefix("+").removeprefix("00")
    return hashlib.sha256(normal.encode()).hexdigest()


def address_digests(texts: Iterable[str], workspace: Workspace) -> set[str]:
    """The digests by which addresses are looked for in lists: as they are written, and numbers also as the world dials them.

    A number without its country is one of the workspace's countries: 020 7946 0018 is +44 20 7946 0018 in the United Kingdom.
    """
    from winback.text.masking import called

    regions = phone_regions(workspace)
    spelled = {text for text in texts if text}
    spelled |= {number for text in spelled if "@" not in text and (number := called(text, regions))}
    return {address_digest(text) for text in spelled}


def load_suppression_list(
    *, access: Access, name: str, channel: str, screened_on: dt.date, lines: Any, valid_days: int = 30
) -> int:
    """Take a do-not-call or suppression list: one address a line. It replaces the list of the same name.

    Returns how many addresses it holds. Raises UserError where there is none, or the date lies ahead.
    """
    if screened_on > timezone.now().date() + dt.timedelta(days=1):
        raise UserError(
            f"The list was screened on {screened_on}, which is still to come. Give the day it was screened."
        )
    if channel not in ("", *CHANNELS):
        raise UserError(f'"{channel}" is none of {", ".join(CHANNELS)}.')
    addresses = {text for line in lines if (text := _first_cell(line)) and _is_address(text)}
    digests = address_digests(addresses, access.workspace)
    if not digests:
        raise UserError("No e-mail address and no telephone number stands in the file; it should have one a line.")
    normal = {address_digest(text) for text in addresses}
    with atomic():
        SuppressionList.objects.filter(workspace=access.workspace, name=name).delete()
        made = SuppressionList.objects.create(
            workspace=access.workspace, name=name, channel=channel, screened_on=screened_on, valid_days=valid_days,
            loaded_by=access.user,
        )  # fmt: skip
        SuppressedAddress.objects.bulk_create(
            (SuppressedAddress(list=made, digest=digest) for digest in sorted(digests)), batch_size=5000
        )
        audit.record(
            verb="suppression list loaded", target=name, by=access, addresses=len(normal), screened_on=str(screened_on)
        )
    return len(normal)


def remove_suppression_list(*, access: Access, name: str) -> None:
    """Take a list away: it bars nobody any more."""
    with atomic():
        gone, _ = SuppressionList.objects.filter(workspace=access.workspace, name=name).delete()
        if not gone:
            raise UserError(f'There is no list "{name}"; load the page again.')
        audit.record(verb="suppression list removed", target=name, by=access)


def _first_cell(line: str) -> str:
    return re.split(r"[,;\t]", line.strip(), maxsplit=1)[0].strip().strip('"')


def _is_address(text: str) -> bool:
    return bool(re.fullmatch(r"[^@\s]+@[^@\s]+", text)) or len(re.sub(r"\D", "", text)) >= 6
