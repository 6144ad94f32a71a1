"""Reads of the outbox."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import Q, QuerySet

from winback.server.outbox import rules
from winback.server.outbox.models import Delivery, OutboxMessage, WebhookTarget
from winback.server.workspaces.models import Workspace

SHELVES = {"waiting": ("waiting", "sending"), "sent": ("sent",), "failed": ("failed",), "withdrawn": ("withdrawn",)}
COUNTED = 1000  # beyond it the page says "1,000 and more": nobody counts a million rows to draw a tab


def messages(workspace: Workspace, shelf: str) -> QuerySet[OutboxMessage]:
    """What stands on a shelf of the outbox, newest first."""
    return OutboxMessage.objects.filter(workspace=workspace, state__in=SHELVES[shelf]).order_by("-id")


def counts(workspace: Workspace) -> dict[str, int]:
    """How much stands on each shelf, at most COUNTED + 1."""
    return {shelf: messages(workspace, shelf)[: COUNTED + 1].count() for shelf in SHELVES}


def listed(lines: tuple[str, ...]) -> Q:
    """The messages whose address is on an allow-list: rules.allowed, as a question to the database."""
    found = Q(pk__in=[])
    for line in lines:
        if line.startswith("@"):
            found |= Q(kind="mail", address__iendswith=line)
        elif "://" in line:
            place = line.rstrip("/")
            found |= Q(kind="webhook") & (Q(address__iexact=place) | Q(address__istartswith=f"{place}/"))
        else:
            found |= Q(address__iexact=line)
    return found


def sendable(
    workspace: Workspace, *, sending: str | None = None, lines: tuple[str, ...] | None = None
) -> QuerySet[OutboxMessage]:
    """What may leave a workspace as it sends now, or as it would with other settings; not only what is due."""
    sending = workspace.sending if sending is None else sending
    lines = rules.allow_list(workspace.allow_list) if lines is None else lines
    waiting = OutboxMessage.objects.filter(workspace=workspace, state__in=["waiting", "sending"]).exclude(
        target__off_at__isnull=False
    )
    kinds = ["webhook", "mail"] if settings.MAIL_CONFIGURED else ["webhook"]  # nothing carries messages yet
    waiting = waiting.filter(kind__in=kinds)
    if sending == "on":
        return waiting
    return waiting.filter(listed(lines)) if sending == "listed" else waiting.none()


def due(workspace: Workspace, now: dt.datetime) -> QuerySet[OutboxMessage]:
    """What may leave and is due, the longest due first. A message being sent is due when its lease has run out."""
    return sendable(workspace).filter(next_at__lte=now).order_by("next_at", "id")


def targets(workspace: Workspace) -> QuerySet[WebhookTarget]:
    """The places that are told what happens here."""
    return WebhookTarget.objects.filter(workspace=workspace).order_by("url")


def deliveries(message: OutboxMessage) -> QuerySet[Delivery]:
    """Every attempt to send a message, newest first."""
    return Delivery.objects.filter(message=message).order_by("-id")
