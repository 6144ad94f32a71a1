"""People's rights: erasure, access, objection, and keeping nothing longer than said.

An erasure is written to the journal first, then done slice by slice, then the Parquet is written again. A crash after the journal leaves a line of somebody who is still there: `replay_journal`, every night and after a
restore, does what is missing.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import secrets
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

from winback.errors import UserError
from winback.server import journal
from winback.server.customers import people
from winback.server.customers import personal as of_customers
from winback.server.customers.models import Contact, Customer
from winback.server.database import atomic
from winback.server.exports import personal as of_exports
from winback.server.feedback import personal as of_feedback
from winback.server.jobs.actions import enqueue
from winback.server.outbox import personal as of_outbox
from winback.server.outbox.actions import announce
from winback.server.privacy.models import AccessExport, Erasure, RetentionRule
from winback.server.privacy.queries import SLICES, held, one_person, person_of
from winback.server.privacy.rules import KINDS, checked_days
from winback.server.redaction import Person
from winback.server.sources import late
from winback.server.sources import personal as of_sources
from winback.server.themes import personal as of_themes
from winback.server.workspaces import audit
from winback.server.workspaces import personal as of_workspaces
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Workspace

FINISHED_BY_ITSELF = dt.timedelta(minutes=5)  # after which a job looks whether the Parquet was written


def erase_customer(*, customer: Customer, by: Access | None = None) -> Erasure:
    """Erase a customer and everybody at it, everywhere. Counts stay."""
    if customer.erased_at is not None:
        raise UserError("This customer has been erased already.")
    mark = journal.note(workspace_id=customer.workspace_id, kind="customer", whose=customer.external_id)
    return _erase(customer.workspace, person_of(customer, token=secrets.token_hex(6)), mark, by)


def erase_contact(*, contact: Contact, by: Access | None = None) -> Erasure:
    """Erase one person at a customer, everywhere. The customer stays."""
    mark = journal.note(workspace_id=contact.workspace_id, kind="contact", whose=contact.external_id)
    return _erase(contact.workspace, one_person(contact, token=secrets.token_hex(6)), mark, by)


def _erase(workspace: Workspace, person: Person, mark: str, by: Access | None) -> Erasure:
    """Slice after slice, each in transactions of its own, so that nobody waits long to write meanwhile.

    Who is meant is known to the last of them, so that what a crash cuts short can be done again from the journal.
    """
    with atomic():
        erasure = Erasure.objects.create(
            workspace=workspace, digest=mark, asked_on=timezone.now().date(), by=by.user if by else None
        )
        audit.record(verb="person erased", target=mark[:12], by=by, workspace=workspace)
        later = timezone.now() + FINISHED_BY_ITSELF
        enqueue(task="privacy.finish", workspace_id=workspace.pk, due_at=later, erasure=erasure.pk)
    counts: dict[str, int] = {}
    called: dict[tuple[int, str], str] = {}
    with overwriting():
        for part in SLICES:
            called |= of_feedback.erased_ids(person)
            for what, count in part.erase(person=person).items():
                counts[what] = counts.get(what, 0) + count
        with atomic():
            # what others wrote of them while the slices were gone through: they are waited for, and whoever writes after
            # that does not find them under their id any more
            late.alone(workspace.pk)
            of_themes.erase_of(person=person, ids=called | of_feedback.erased_ids(person))
            counts["answers"] += of_feedback.erase(person=person)["answers"]
            of_customers.erase(person=person)
            Erasure.objects.filter(pk=erasure.pk).update(counts=counts)
    erasure.counts = counts
    if not connection.in_atomic_block:
        finish(erasure=erasure)
    return erasure


def finish(*, erasure: Erasure) -> None:
    """Write the Parquet without the erased, and have the database let go of what it overwrote."""
    of_exports.finish(workspace=erasure.workspace)
    with atomic():
        if Erasure.objects.filter(pk=erasure.pk, done_at=None).update(done_at=timezone.now()):
            # who it was is known to nobody any more, not to whoever listens either
            data = {"erasure": erasure.pk, "asked_on": str(erasure.asked_on), "counts": erasure.counts}
            announce(workspace=erasure.workspace, event="erasure.done", data=data)
    erasure.refresh_from_db()
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextlib.contextmanager
def overwriting() -> Iterator[None]:
    """Have SQLite overwrite what is deleted instead of leaving it in free pages."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete = ON")
        try:
            yield
        finally:
            cursor.execute("PRAGMA secure_delete = OFF")


def replay_journal() -> int:
    """Erase again whoever the journal says was erased, in a database that has them still; returns how many.

    `restore` calls it before anything is served. Somebody who became a customer after their erasure is not meant by it.
    """
    found = journal.lines()
    if not found:
        return 0
    key = journal.key()
    count = 0
    for workspace in Workspace.objects.filter(pk__in={line.workspace for line in found}):
        for kind, model in (("customer", Customer), ("contact", Contact)):
            marks = {line.digest: line.moment for line in found if line.workspace == workspace.pk and line.kind == kind}
            if not marks:
                continue
            rows: Any = model._default_manager.filter(workspace=workspace).values_list(
                "pk", "external_id", "created_at"
            )
            for pk, external_id, made in list(rows.iterator(chunk_size=5000)):
                mark = journal.digest(key, workspace.pk, kind, external_id)
                if mark in marks and made <= marks[mark]:
                    here: Any = model._default_manager.get(pk=pk)
                    token = secrets.token_hex(6)
                    person = person_of(here, token=token) if kind == "customer" else one_person(here, token=token)
                    _erase(workspace, person, mark, None)
                    count += 1
    return count


def hand_out(
    *, person: Person, external_id: str, kind: str, format_: str, by: Access
) -> dict[str, list[dict[str, Any]]]:
    """Everything held of a person, for them; that it was handed out is kept, and audited."""
    mark = journal.digest(journal.key(), person.workspace_id, kind, external_id)
    with atomic():
        AccessExport.objects.create(workspace=by.workspace, digest=mark, format=format_, by=by.user)
        audit.record(verb="personal data exported", target=mark[:12], by=by, format=format_)
    return held(person)


def object_to(*, contacts: list[Contact], purposes: tuple[str, ...], by: Access) -> int:
    """Note that people object to being approached for these purposes, on every channel; returns how many people."""
    with atomic():
        for contact in contacts:
            for purpose in purposes:
                people.opt_out(contact=contact, purpose=purpose, origin=f"objection, noted by {by.label}", by=by)
    return len(contacts)


def set_rule(*, what: str, days: str, by: Access) -> None:
    """Bound how long a kind of thing is kept; blank days take the bound away."""
    if what not in KINDS:
        raise UserError(f'"{what}" is nothing a rule can be about.')
    with atomic():
        if not days.strip():
            RetentionRule.objects.filter(workspace=by.workspace, what=what).delete()
        else:
            RetentionRule.objects.update_or_create(
                workspace=by.workspace, what=what, defaults={"days": checked_days(days)}
            )
        audit.record(verb="retention changed", target=what, by=by, days=days.strip() or "kept")


_FORGET: Mapping[str, Callable[..., int]] = {
    "comments": of_feedback.forget,
    "touches": of_customers.forget,
    "messages": of_outbox.forget,
    "rejected rows": of_sources.forget,
    "audit": of_workspaces.forget,
}


def apply_rules(*, workspace: Workspace, most: int = 1000) -> dict[str, int]:
    """Forget a chunk of what is older than the workspace's rules allow; returns how many of each, nothing once done."""
    counts = {}
    now = timezone.now()
    today = now.astimezone(ZoneInfo(workspace.zone)).date()
    for rule in RetentionRule.objects.filter(workspace=workspace, what__in=_FORGET).order_by("what"):
        kept = dt.timedelta(days=rule.days)
        before: Any = today - kept if rule.what == "comments" else now - kept
        with overwriting(), atomic():
            if count := _FORGET[rule.what](workspace_id=workspace.pk, before=before, most=most):
                counts[rule.what] = count
                audit.record(verb="kept no longer", target=rule.what, workspace=workspace, rows=count, days=rule.days)
    return counts
