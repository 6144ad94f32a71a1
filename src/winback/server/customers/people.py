"""Writes to the people at customers: who they are, what they agreed to, what they refused, and why to leave them be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from winback.errors import UserError
from winback.server.customers.actions import ensure_customers
from winback.server.customers.models import (
    BASES,
    CHANNELS,
    CONTACT_ROLES,
    PURPOSES,
    STOP_REASONS,
    Contact,
    ContactBasis,
    ContactProfile,
    Customer,
    OptOut,
    StopReason,
)
from winback.server.database import atomic
from winback.server.sources import late
from winback.server.sources.actions import live_run, mark_dirty
from winback.server.sources.models import Source
from winback.server.workspaces import audit
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Workspace

OF_AN_IMPORT = "import "  # how the origin of an opt-out begins that goes with its import
PERSON_FIELDS = ("customer_id", "name", "role", "email", "phone", "language")


@dataclass(frozen=True)
class NewContact:
    """A person as it comes to the door. None means not said, and leaves what is known as it is."""

    external_id: str
    customer: str | None = None
    name: str | None = None
    role: str | None = None
    email: str | None = None
    phone: str | None = None
    language: str | None = None


def record_contacts(
    *, workspace: Workspace, source: Source, rows: Sequence[NewContact], by: Access | None = None
) -> int:
    """Take people at customers; returns how many are new or changed. Raises UserError where a role is none of ours."""
    for row in rows:
        if row.role and row.role not in CONTACT_ROLES:
            raise UserError(f'"{row.role}" is none of {", ".join(CONTACT_ROLES)}.')
        if not row.external_id.strip():
            raise UserError("external_id is blank; give each person the id it has in your own systems.")
    touched: dict[int, list[str]] = {}
    with atomic():
        late.hold(workspace.pk)
        run = live_run(source=source)
        customers = ensure_customers(
            workspace=workspace, run=run, external_ids={row.customer for row in rows if row.customer}
        )
        for row in rows:
            contact, _ = Contact.objects.get_or_create(workspace=workspace, external_id=row.external_id)
            Contact.objects.select_for_update(no_key=True).get(
                pk=contact.pk
            )  # two sources at once would both show a profile
            there = ContactProfile.objects.visible(workspace).filter(contact=contact).order_by("-id").first()
            said = {
                "customer_id": customers.get(row.customer or "") or (there.customer_id if there else None),
                **{
                    name: getattr(there, name, "") if getattr(row, name) is None else getattr(row, name)
                    for name in PERSON_FIELDS[1:]
                },
            }
            if there is not None and said == {name: getattr(there, name) for name in PERSON_FIELDS}:
                continue
            ContactProfile.objects.update_or_create(
                contact=contact,
                run=run,
                defaults={**said, "workspace": workspace, "superseded_by": None, "updated_at": timezone.now()},
            )
            if there is not None and there.run_id != run.pk:
                ContactProfile.objects.filter(pk=there.pk).update(superseded_by=run)
            touched[contact.pk] = [name for name in PERSON_FIELDS if said[name] != getattr(there, name, None)]
        if touched:
            if (under_way := late.on_its_way(workspace.pk)) is not None:
                late.note(run_id=under_way, table="contacts", changed=touched)
            mark_dirty(workspace=workspace, table="contacts")
            audit.record(verb="contacts recorded", target=source.name, by=by, workspace=workspace, written=len(touched))
    return len(touched)


def opt_out(*, contact: Contact, purpose: str = "", channel: str = "", origin: str, by: Access | None = None) -> None:
    """A person's no, at once; blank purpose or channel means every one. Saying it twice changes nothing."""
    _known(purpose, ("", *PURPOSES))
    _known(channel, ("", *CHANNELS))
    with atomic():
        there, made = OptOut.objects.get_or_create(
            contact=contact, purpose=purpose, channel=channel, defaults={"origin": origin}
        )
        if not made and there.origin.startswith(OF_AN_IMPORT):  # now it stays though that import is undone
            OptOut.objects.filter(pk=there.pk).update(origin=origin)
        if made:
            mark_dirty(workspace=contact.workspace, table="contacts")
            audit.record(
                verb="opted out", target=f"contact {contact.pk}", by=by, workspace=contact.workspace,
                purpose=purpose or "everything", channel=channel or "every channel", origin=origin,
            )  # fmt: skip


def opt_in(*, contact: Contact, opt_out_id: int, origin: str, by: Access) -> None:
    """Take a no back, because the person said so; `origin` says where and when."""
    if not origin.strip():
        raise UserError("Say where and when the person took it back; it is kept in the audit.")
    with atomic():
        gone, _ = OptOut.objects.filter(contact=contact, pk=opt_out_id).delete()
        if gone:
            mark_dirty(workspace=contact.workspace, table="contacts")
            audit.record(verb="opt-out taken back", target=f"contact {contact.pk}", by=by, origin=origin)


def set_basis(*, contact: Contact, purpose: str, basis: str, origin: str, by: Access) -> None:
    """Put on record on which legal basis a person may be spoken to for a purpose."""
    _known(purpose, PURPOSES)
    _known(basis, BASES)
    if basis == "consent" and not origin.strip():
        raise UserError("Say where and when the consent was given.")
    with atomic():
        ContactBasis.objects.update_or_create(
            contact=contact, purpose=purpose, defaults={"basis": basis, "origin": origin, "since": timezone.now()}
        )
        audit.record(verb="basis set", target=f"contact {contact.pk}", by=by, purpose=purpose, basis=basis)


def add_stop_reason(
    *, customer: Customer, reason: str, since: dt.date, until: dt.date | None = None, by: Access
) -> None:
    """Put on record why a customer is to be left alone, or approached with care."""
    _known(reason, STOP_REASONS)
    if until is not None and until < since:
        raise UserError(f"The reason ends on {until}, before it begins on {since}.")
    with atomic():
        StopReason.objects.create(
            workspace=customer.workspace, customer=customer, reason=reason, since=since, until=until, noted_by=by.user
        )
        audit.record(verb="stop reason noted", target=f"customer {customer.pk}", by=by, reason=reason)


def end_stop_reason(*, customer: Customer, stop_id: int, on: dt.date, by: Access) -> None:
    """The reason holds no longer; it stays on record with its last day."""
    with atomic():
        if StopReason.objects.filter(customer=customer, pk=stop_id, until__isnull=True).update(until=on):
            audit.record(verb="stop reason ended", target=f"customer {customer.pk}", by=by)


def _known(value: str, choices: Sequence[str]) -> None:
    if value not in choices:
        raise UserError(f'"{value}" is none of {", ".join(choice for choice in choices if choice)}.')
