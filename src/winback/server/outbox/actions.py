"""Writes to the outbox. `put` is the one door for everything that is to leave the house."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from winback.errors import UserError
from winback.server.database import atomic
from winback.server.jobs.actions import enqueue
from winback.server.outbox import guard, rules, signing
from winback.server.outbox.models import KINDS, OutboxMessage, WebhookTarget
from winback.server.workspaces import audit
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import SENDING, User, Workspace

# what a mail may say in its head besides what is written there anyway
HEADERS = frozenset(
    {"List-Unsubscribe", "List-Unsubscribe-Post", "Reply-To", "In-Reply-To", "References", "Auto-Submitted"}
)


def put(
    *, workspace: Workspace, kind: str, address: str, subject: str = "", body: str = "", body_html: str = "",
    headers: Mapping[str, str] | None = None, about: str = "", customer_id: int | None = None, secret: bool = False,
    target: WebhookTarget | None = None, by: Access | User | None = None,
) -> OutboxMessage:  # fmt: skip
    """Have a mail, message or webhook sent, once the workspace's sending allows its address.

    `about` says what it belongs to, like "welcome:12"; `secret`: its body lets somebody in and is shown to nobody. The
    row is its own record, so it writes no line of the audit. Raises UserError for what could never be sent.
    """
    address = address.strip()
    if kind not in KINDS:
        raise ValueError(f"{kind} is no kind of message")
    if kind == "mail" and not rules.MAIL.fullmatch(address):
        raise UserError(f'"{address}" is not an e-mail address.')
    if any(sign in subject for sign in "\r\n") or set(headers or {}) - HEADERS:
        raise ValueError("a subject is one line, and headers are those of HEADERS")
    user = by.user if isinstance(by, Access) else by
    with atomic():
        message = OutboxMessage.objects.create(
            workspace=workspace, token=secrets.token_hex(16), kind=kind, address=address, subject=subject[:300], body=body,
            body_html=body_html, headers=dict(headers or {}), about=about, customer_id=customer_id, secret=secret,
            target=target, created_by=user,
        )  # fmt: skip
        if workspace.sending != "off":
            enqueue(task="outbox.send", key="now")
    return message


def announce(*, workspace: Workspace, event: str, data: Mapping[str, Any]) -> int:
    """Tell every webhook target of a workspace that something happened; return how many are told."""
    now = timezone.now().isoformat().replace("+00:00", "Z")
    body = json.dumps({"type": event, "timestamp": now, "data": data}, separators=(",", ":"))
    targets = list(WebhookTarget.objects.filter(workspace=workspace, off_at__isnull=True))
    with atomic():
        for target in targets:
            put(workspace=workspace, kind="webhook", address=target.url, subject=event, body=body, target=target)
    return len(targets)


def withdraw(*, by: Access, message: OutboxMessage) -> None:
    """Take back what has not been sent. Raises UserError where it is too late."""
    with atomic():
        taken = OutboxMessage.objects.filter(pk=message.pk, workspace=by.workspace, state__in=["waiting", "failed"])
        if not taken.update(state="withdrawn", **_emptied(message)):
            raise UserError("It is too late: this has been sent, or is being sent now.")
        audit.record(verb="message withdrawn", target=f"{message.kind} {message.pk}", by=by, about=message.about)


def withdraw_waiting(*, by: Access) -> int:
    """Take back everything that waits; return how many."""
    with atomic():
        waiting = OutboxMessage.objects.filter(workspace=by.workspace, state="waiting")
        count = waiting.filter(secret=True).update(state="withdrawn", body="", body_html="")
        count += waiting.update(state="withdrawn")
        audit.record(verb="messages withdrawn", by=by, count=count)
    return count


def withdraw_about(*, workspace: Workspace, about: str) -> None:
    """Take back what waits for something that is over, such as an invitation; part of that thing's own action."""
    with atomic():
        waiting = OutboxMessage.objects.filter(workspace=workspace, about=about, state__in=["waiting", "failed"])
        waiting.filter(secret=True).update(body="", body_html="")
        waiting.update(state="withdrawn")


def retry(*, by: Access, message: OutboxMessage) -> None:
    """Try again what failed, or send a webhook once more. Raises UserError where there is nothing to send."""
    again = ["failed", "sent"] if message.kind == "webhook" else ["failed"]
    with atomic():
        if not OutboxMessage.objects.filter(pk=message.pk, workspace=by.workspace, state__in=again).update(
            state="waiting", attempts=0, next_at=timezone.now(), error="", sent_at=None
        ):
            raise UserError("Only what failed can be tried again.")
        audit.record(verb="message tried again", target=f"{message.kind} {message.pk}", by=by, about=message.about)
        enqueue(task="outbox.send", key="now")


def switch_sending(*, by: Access, to: str, allow_list: str) -> None:
    """Say what may leave: nothing (`off`), what goes to the allow-list (`listed`), everything (`on`).

    Raises UserError for a line that could never fit, or for a list without any.
    """
    if to not in SENDING:
        raise UserError(f'"{to}" is not a way of sending: off, listed or on.')
    lines = rules.allow_list(allow_list)
    wrong = rules.unusable(lines)
    if wrong:
        raise UserError(
            f'"{wrong[0]}" allows nothing. A line is an address, @example.com for everybody there, or https://host for webhooks.'
        )
    if to == "listed" and not lines:
        raise UserError("To send to listed addresses only, list at least one: your own, to begin with.")
    with atomic():
        was = Workspace.objects.select_for_update().get(pk=by.workspace.pk)
        Workspace.objects.filter(pk=was.pk).update(sending=to, allow_list="\n".join(lines))
        audit.record(
            verb="sending switched", target=to, by=by, was=was.sending, listed=len(lines), list_was=len(rules.allow_list(was.allow_list))
        )  # fmt: skip
        if to != "off":
            enqueue(task="outbox.send", key="now")


def add_target(*, by: Access, url: str) -> WebhookTarget:
    """Add a place that is told what happens here. Its secret is shown once, by whoever called this."""
    url = url.strip()
    guard.check_url(url)
    with atomic():
        if WebhookTarget.objects.filter(workspace=by.workspace, url=url).exists():
            raise UserError(f"{url} is told already.")
        target = WebhookTarget.objects.create(
            workspace=by.workspace, url=url, secret=signing.new_secret(), created_by=by.user
        )
        audit.record(verb="webhook target added", target=url, by=by)
    return target


def remove_target(*, by: Access, target: WebhookTarget) -> None:
    """Tell a place nothing more; what waits for it, and the log of what it was told, goes too."""
    with atomic():
        audit.record(verb="webhook target removed", target=target.url, by=by)
        WebhookTarget.objects.filter(pk=target.pk, workspace=by.workspace).delete()


def test_target(*, by: Access, target: WebhookTarget) -> OutboxMessage:
    """Send a place an event that says nothing but that it works."""
    now = timezone.now().isoformat().replace("+00:00", "Z")
    body = json.dumps({"type": "test", "timestamp": now, "data": {"workspace": by.workspace.slug}})
    return put(
        workspace=by.workspace, kind="webhook", address=target.url, subject="test", body=body, target=target, by=by
    )


def switch_target(*, by: Access, target: WebhookTarget, on: bool) -> None:
    """Rest a place, or tell it again; what waits for it goes on waiting."""
    with atomic():
        WebhookTarget.objects.filter(pk=target.pk, workspace=by.workspace).update(off_at=None if on else timezone.now())
        audit.record(verb=f"webhook target {'on' if on else 'off'}", target=target.url, by=by)


def _emptied(message: OutboxMessage) -> dict[str, str]:
    return {"body": "", "body_html": ""} if message.secret else {}
