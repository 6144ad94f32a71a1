"""`may_contact`: the one gate for everything that goes out, and the one log of what was asked of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from winback.server.customers.contact_rules import Decision, decide
from winback.server.customers.known import known_of
from winback.server.customers.models import CHANNELS, PURPOSES, TOUCHES, Contact, ContactLog, ContactProfile
from winback.server.database import atomic
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Workspace


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
    known = known_of([contact], workspace=contact.workspace, at=at)[contact.pk]
    return decide(known, touch=touch, purpose=purpose, channel=channel, at=at, survey=survey, owed=owed)


def may_contact_many(
    contacts: Sequence[Contact], *, workspace: Workspace, purpose: str, channels: Sequence[str], at: dt.datetime,
    touch: str = "call",
) -> dict[tuple[int, str], Decision]:  # fmt: skip
    """The same of many people of one workspace, by contact and channel."""
    for channel in channels:
        _check(touch, purpose, channel, at)
    known = known_of(contacts, workspace=workspace, at=at)
    return {
        (pk, channel): decide(facts, touch=touch, purpose=purpose, channel=channel, at=at)
        for pk, facts in known.items()
        for channel in channels
    }


def ask_to_contact(
    *, contact: Contact, touch: str, purpose: str, channel: str, at: dt.datetime, survey: str = "", owed: bool = False,
    by: Access | None = None, message_id: int | None = None,
) -> Decision:  # fmt: skip
    """Ask the gate and write the answer to the log, so that two who ask at once cannot both be the last one allowed."""
    with atomic():
        Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
        decision = may_contact(contact, purpose, channel, at, touch=touch, survey=survey, owed=owed)
        profile = ContactProfile.objects.visible(contact.workspace).filter(contact=contact).order_by("-id").first()
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
