"""What waits or has gone out to a person."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from winback.server.outbox.models import Delivery, OutboxMessage, WebhookTarget
from winback.server.redaction import GONE, Person
from winback.server.workspaces.queries import colleagues

MODELS = (OutboxMessage, Delivery, WebhookTarget)


def erase(*, person: Person) -> dict[str, int]:
    """Empty the person's messages; those that wait are withdrawn, those that went out stay counted."""
    found = _about(person)
    mine = OutboxMessage.objects.filter(pk__in=[message.pk for message in found])
    mine.filter(state__in=["waiting", "sending", "failed"]).update(state="withdrawn")
    mine.update(address=GONE, subject="", body="", body_html="", headers={}, error="", about="", customer_id=None)
    Delivery.objects.filter(message__in=mine).update(outcome="")
    return {"messages": len(found)}


def export(*, person: Person) -> dict[str, list[dict[str, Any]]]:
    """What went to the person, in full; of what went to others and names them, that it did: the rest is not theirs."""
    working = colleagues(person.workspace_id)
    rows = []
    for one in _about(person):
        if one.secret:
            continue
        theirs = _is_to(person, one, working)
        to = one.address if theirs or one.kind == "webhook" else "somebody else, who reads of them there"
        text = {"subject": one.subject, "text": one.body} if theirs else {}
        rows.append(
            {"kind": one.kind, "to": to, **text, "state": one.state, "made": one.created_at, "sent": one.sent_at}
        )
    return {"messages": rows}


def forget(*, workspace_id: int, before: dt.datetime, most: int) -> int:
    """Empty messages that ended before a moment."""
    old = OutboxMessage.objects.filter(
        workspace_id=workspace_id, state__in=["sent", "failed", "withdrawn"], created_at__lt=before
    ).exclude(address=GONE)
    ids = list(old.values_list("pk", flat=True)[:most])
    Delivery.objects.filter(message_id__in=ids).update(outcome="")
    OutboxMessage.objects.filter(pk__in=ids).update(
        address=GONE, subject="", body="", body_html="", headers={}, error="", customer_id=None
    )
    return len(ids)


def _about(person: Person) -> list[OutboxMessage]:
    """Messages to the person or about them, by what they are about or by any of their names.

    Where a customer works here too, what was sent to the colleague is not meant: it holds the address, and is not about it.
    """
    working = colleagues(person.workspace_id)
    unaddressed = replace(person, names=tuple(name for name in person.names if name.lower() not in working))
    return [
        one
        for one in OutboxMessage.objects.filter(workspace_id=person.workspace_id)
        .order_by("id")
        .iterator(chunk_size=2000)
        if _is_to(person, one, working)
        or (unaddressed if one.address.lower() in working else person).holds(
            [one.subject, one.body, one.body_html, one.headers, one.error, one.about]
        )
    ]


def _is_to(person: Person, message: OutboxMessage, working: frozenset[str]) -> bool:
    """Whether a message was sent to the person, as a customer."""
    as_customer = message.address.lower() not in working and person.holds(message.address)
    return message.customer_id in person.customer_ids or as_customer
