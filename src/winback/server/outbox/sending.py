"""Sending what is due: claim, send outside any transaction, write down how it went.

A message is sent at least once: where the process dies between sending and writing that down, its lease runs out and it
goes again, under the same Message-ID or webhook-id, by which a receiver can tell.
"""

from __future__ import annotations

import datetime as dt
import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from winback.server.database import atomic
from winback.server.outbox import guard, queries, rules, signing
from winback.server.outbox.models import Delivery, OutboxMessage, WebhookTarget
from winback.server.workspaces.models import Workspace

SEALED_OTHERWISE = "The secret of this place was sealed under another secret key, so nothing can be signed: remove it and add it again."
LEASE = dt.timedelta(minutes=5)
MOST = 500  # messages of one workspace before the others have their turn


@dataclass(frozen=True)
class Attempt:
    """How an attempt went. `final`: another one would go no better."""

    well: bool
    outcome: str = ""
    status: int | None = None
    final: bool = False


def send_due(*, seconds: float, now: dt.datetime | None = None) -> bool:
    """Send what is due in every workspace for at most so many seconds (and one attempt more); return whether more is due."""
    until = time.monotonic() + seconds
    more = False
    mail = _Mail()
    try:
        for workspace in Workspace.objects.exclude(sending="off").filter(removing_at__isnull=True).order_by("id"):
            due = list(queries.due(workspace, now or timezone.now()).select_related("target")[:MOST])
            more = more or len(due) == MOST
            lines = rules.allow_list(workspace.allow_list)
            for message in due:
                if time.monotonic() > until:
                    return True
                if rules.allowed(workspace.sending, lines, message.address) and _claim(message, workspace):
                    _write_down(message, *_timed(mail.send if message.kind == "mail" else _webhook, message))
    finally:
        mail.close()
    return more


def _claim(message: OutboxMessage, workspace: Workspace) -> bool:
    """Take a message, unless another worker or its withdrawal was first, or less may leave by now than when it was looked up.

    Who switches sending off has nothing sent from then on, in the middle of a round too.
    """
    asked = {"sending": workspace.sending, "allow_list": workspace.allow_list, "removing_at": None}
    # subqueries, not joins: those would be looked up before the row is locked, and two workers could both have it
    as_asked = Exists(Workspace.objects.filter(pk=OuterRef("workspace_id"), **asked))
    resting = Exists(WebhookTarget.objects.filter(pk=OuterRef("target_id"), off_at__isnull=False))
    with atomic():
        mine = OutboxMessage.objects.filter(
            as_asked, ~resting, pk=message.pk, state=message.state, attempts=message.attempts
        ).update(state="sending", attempts=F("attempts") + 1, next_at=timezone.now() + LEASE)
    message.attempts += 1
    return bool(mine)


def _timed(send: Callable[[OutboxMessage], Attempt], message: OutboxMessage) -> tuple[Attempt, int]:
    began = time.monotonic()
    return send(message), int((time.monotonic() - began) * 1000)


def _write_down(message: OutboxMessage, attempt: Attempt, took_ms: int) -> None:
    now = timezone.now()
    wait = None if attempt.final else rules.wait_after(message.attempts)
    fields: dict[str, Any]
    if attempt.well:
        fields = {"state": "sent", "sent_at": now, "error": ""} | (
            {"body": "", "body_html": ""} if message.secret else {}
        )
    elif wait is None:
        fields = {"state": "failed", "error": attempt.outcome[:500]}
    else:
        fields = {"state": "waiting", "next_at": now + wait, "error": attempt.outcome[:500]}
    with atomic():
        if not OutboxMessage.objects.select_for_update(no_key=True).filter(pk=message.pk).exists():
            return  # it was removed with its place while it was on its way
        OutboxMessage.objects.filter(pk=message.pk, state="sending", attempts=message.attempts).update(**fields)
        Delivery.objects.create(
            message=message, at=now, took_ms=took_ms, status=attempt.status, outcome=attempt.outcome[:500], well=attempt.well
        )  # fmt: skip
        if attempt.status == 410 and message.target_id:
            WebhookTarget.objects.filter(pk=message.target_id).update(off_at=now)


class _Mail:
    """One connection to the mail server for all mails of a round."""

    def __init__(self) -> None:
        self.connection: Any = None

    def send(self, message: OutboxMessage) -> Attempt:
        host = urlsplit(settings.BASE_URL).hostname or "localhost"
        try:
            if self.connection is None:
                self.connection = get_connection()
                self.connection.open()
            mail = EmailMultiAlternatives(
                message.subject, message.body, to=[message.address], connection=self.connection,
                headers={**message.headers, "Message-ID": f"<{message.token}@{host}>"},
            )  # fmt: skip
            if message.body_html:
                mail.attach_alternative(message.body_html, "text/html")
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            self.close()
            return Attempt(False, _said(text), code, final=500 <= code < 600)
        except smtplib.SMTPResponseException as error:
            self.close()
            # 5xx about this mail is final; a refused sign-in or sender is the operator's to mend
            ours = isinstance(error, smtplib.SMTPAuthenticationError | smtplib.SMTPSenderRefused)
            final = 500 <= error.smtp_code < 600 and not ours
            return Attempt(False, _said(error.smtp_error), error.smtp_code, final=final)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            return Attempt(False, f"The mail server does not answer: {error}"[:500])
        except ValueError as error:  # a header with a line break, an address that cannot be encoded
            return Attempt(False, f"This cannot stand in a mail: {error}"[:500], final=True)
        return Attempt(True, "taken by the mail server", 250)

    def close(self) -> None:
        if self.connection is not None:
            connection, self.connection = self.connection, None
            connection.close()


def _said(text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"The mail server says: {words}"


def _webhook(message: OutboxMessage) -> Attempt:
    if message.target is None:
        return Attempt(False, "The place this was for is gone.", final=True)
    if not message.target.secret:
        return Attempt(False, SEALED_OTHERWISE, final=True)
    body = message.body.encode()
    head = signing.headers(
        message.target.secret, message_id=f"msg_{message.token}", timestamp=int(timezone.now().timestamp()), body=body
    )
    head |= {"Content-Type": "application/json", "User-Agent": "winback"}
    try:
        answer = guard.post(message.address, body, head, allow=settings.PRIVATE_HOSTS)
    except guard.Refused as error:
        return Attempt(False, str(error), final=True)
    except OSError as error:
        return Attempt(False, f"No answer: {error.strerror or error}")
    if 200 <= answer.status < 300:
        return Attempt(True, "taken", answer.status)
    if answer.status == 410:
        return Attempt(False, "410: it wants no more; it is off now.", 410, final=True)
    if 300 <= answer.status < 400:
        return Attempt(
            False, f"{answer.status}: it sends us elsewhere, and winback follows no redirect.", answer.status
        )
    return Attempt(False, f"It answered {answer.status}.", answer.status)
