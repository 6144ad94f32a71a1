"""Writes to customers and the people at them, row by row. Files come through server/imports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils import timezone

from winback.errors import UserError
from winback.server.customers.models import Customer, CustomerProfile
from winback.server.customers.rules import PROFILE_FIELDS, NewCustomer, checked_customer
from winback.server.database import atomic
from winback.server.sources.actions import BY_HAND, ensure_source, live_run, mark_dirty
from winback.server.sources.models import Source, SyncRun
from winback.server.sources.rules import Recorded
from winback.server.workspaces import audit
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Workspace


def ensure_customers(*, workspace: Workspace, run: SyncRun, external_ids: Collection[str]) -> dict[str, int]:
    """The ids of these customers; those not known yet are made, each with a bare profile written by `run`.

    Call it inside an action's transaction.
    """
    if not external_ids:
        return {}
    asked = Customer.objects.filter(workspace=workspace, external_id__in=external_ids)
    known = dict(asked.values_list("external_id", "id"))
    if missing := [key for key in sorted(external_ids) if key not in known]:
        Customer.objects.bulk_create(
            [Customer(workspace=workspace, external_id=key) for key in missing], ignore_conflicts=True, batch_size=1000
        )
        known = dict(asked.values_list("external_id", "id"))
    _show_bare(workspace, run, known)
    return known


def _show_bare(workspace: Workspace, run: SyncRun, known: Mapping[str, int]) -> None:
    """Give a bare profile to those of whom no profile is visible."""
    seen = set(
        CustomerProfile.objects.visible(workspace)
        .filter(customer_id__in=known.values())
        .values_list("customer_id", flat=True)
    )
    bare = [pk for pk in known.values() if pk not in seen]
    CustomerProfile.objects.bulk_create(
        [CustomerProfile(workspace=workspace, run=run, customer_id=pk, bare=True) for pk in bare],
        update_conflicts=True,
        unique_fields=["customer", "run"],
        update_fields=["superseded_by"],
        batch_size=1000,
    )
    if bare:
        mark_dirty(workspace=workspace, table="customers")


def record_customers(
    *, workspace: Workspace, source: Source, rows: Sequence[NewCustomer], by: Access | None = None
) -> Recorded:
    """Take customers: what a row does not say stays as it is. Doing the same again changes nothing."""
    now = timezone.now()
    good: dict[str, NewCustomer] = {}
    refused: list[tuple[int, str]] = []
    for place, row in enumerate(rows):
        try:
            good[row.external_id] = checked_customer(row)
        except UserError as error:
            refused.append((place, str(error)))
    new = changed = same = 0
    with atomic():
        run = live_run(source=source)
        before = set(
            Customer.objects.filter(workspace=workspace, external_id__in=list(good)).values_list(
                "external_id", flat=True
            )
        )
        parents = {row.parent for row in good.values() if row.parent}
        ids = ensure_customers(workspace=workspace, run=run, external_ids=set(good) | parents)
        visible = {
            profile.customer_id: profile
            for profile in CustomerProfile.objects.visible(workspace).filter(customer_id__in=[ids[key] for key in good])
        }
        writes: list[CustomerProfile] = []
        replaced: list[int] = []
        for key, row in good.items():
            there = visible[ids[key]]
            values = _merged(there, row, ids)
            if not there.bare and values == {name: getattr(there, name) for name in values}:
                same += 1
                continue
            new, changed = new + (key not in before), changed + (key in before)
            writes.append(
                CustomerProfile(
                    workspace=workspace, run=run, customer_id=ids[key], bare=False, updated_at=now, **values
                )
            )
            if there.run_id != run.pk:
                replaced.append(there.pk)
        if writes:
            CustomerProfile.objects.bulk_create(
                writes,
                update_conflicts=True,
                unique_fields=["customer", "run"],
                update_fields=[*PROFILE_FIELDS, "parent", "bare", "superseded_by", "updated_at"],
                batch_size=1000,
            )
            CustomerProfile.objects.filter(pk__in=replaced).update(superseded_by=run)
            mark_dirty(workspace=workspace, table="customers")
        if len(rows) > 1:
            audit.record(
                verb="customers recorded", target=source.name, by=by, workspace=workspace,
                new=new, changed=changed, same=same, refused=len(refused),
            )  # fmt: skip
    return Recorded(new, changed, same, tuple(refused))


def _merged(there: CustomerProfile, row: NewCustomer, ids: Mapping[str, int]) -> dict[str, Any]:
    """The fields of a profile after a row that says only some of them."""
    values = {
        name: there_value if (said := getattr(row, name)) is None else said
        for name in PROFILE_FIELDS
        if name not in ("attributes", "counts")
        for there_value in (getattr(there, name),)
    }
    values["attributes"] = {**there.attributes, **(row.attributes or {})}
    values["counts"] = {**there.counts, **(row.counts or {})}
    values["parent_id"] = there.parent_id if row.parent is None else ids.get(row.parent)
    return values


def edit_customer(*, access: Access, customer: Customer, **said: Any) -> None:
    """What a person knows better than the file: name, owner, renewal date, parent. Audited with the names of fields."""
    source = ensure_source(workspace=access.workspace, name=BY_HAND, kind="by_hand", table="customers")
    with atomic():
        record_customers(
            workspace=access.workspace, source=source, by=access,
            rows=[NewCustomer(external_id=customer.external_id, **said)],
        )  # fmt: skip
        audit.record(verb="customer edited", target=f"customer {customer.pk}", by=access, fields=sorted(said))


def today_in(workspace: Workspace) -> dt.date:
    """The day it is where the workspace is."""
    from zoneinfo import ZoneInfo

    return timezone.now().astimezone(ZoneInfo(workspace.zone)).date()
