"""What waits or has gone out to a person."""

from __future__ import annotations

import datetime as dt
from typing import Any

from winback.server.outbox.models import Delivery, OutboxMessage, WebhookTarget
from winback.server.redaction import GONE, Person

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
    return {
        "messages": [
            {
                "kind": one.kind, "to": one.address, "subject": one.subject, "text": one.body, "state": one.state,
                "made": one.created_at, "sent": one.sent_at,
            }
            for one in _about(person) if not one.secret
        ]
    }  # fmt: skip


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
    """Messages to the person, by what they are about or by any of their names."""
    return [
        one
        for one in OutboxMessage.objects.filter(workspace_id=person.workspace_id).iterator(chunk_size=2000)
        if one.customer_id in person.customer_ids
        or person.holds([one.address, one.subject, one.body, one.body_html, one.headers, one.error, one.about])
    ]
