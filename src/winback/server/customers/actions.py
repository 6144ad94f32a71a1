"""Writes to customers and the people at them, row by row. Files come through server/imports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from winback.errors import UserError
from winback.server.customers.models import Customer, CustomerProfile
from winback.server.customers.rules import JSON, PROFILE_FIELDS, NewCustomer, checked_customer
from winback.server.database import Question, answers, atomic
from winback.server.sources import late
from winback.server.sources.actions import BY_HAND, ensure_source, live_run, mark_dirty
from winback.server.sources.models import Source, SyncRun
from winback.server.sources.rules import Recorded
from winback.server.workspaces import audit
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Workspace

AT_ONCE = 1000  # names in one question
Known = Mapping[str, tuple[int, bool | None]]
"""Ids of customers, and whether a profile of each is visible: None where none is, False where its import is being undone."""


def ensure_customers(
    *, workspace: Workspace, run: SyncRun, external_ids: Collection[str], known: Known | None = None
) -> dict[str, int]:
    """The ids of these customers; those not known yet are made, each with a bare profile written by `run`.

    Call it inside an action's transaction. `known` is what was read of them in there, by `asked_for`.
    """
    ids: dict[str, int] = {}
    wanted = sorted(external_ids)
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        there = _known(workspace, part) if known is None else {key: known[key] for key in part if key in known}
        if missing := [key for key in part if key not in there]:
            Customer.objects.bulk_create(
                [Customer(workspace=workspace, external_id=key) for key in missing], ignore_conflicts=True
            )
            there = _known(workspace, part)
        unseen = sorted(pk for pk, shown in there.values() if shown is None)
        if unseen and connection.features.has_select_for_update:
            _hold(unseen)  # another source may show some of them meanwhile
            unseen = sorted(pk for pk, shown in _known(workspace, part).values() if shown is None)
        _show_bare(workspace, run, unseen)
        _outlast(workspace, run, sorted(pk for pk, shown in there.values() if shown is False))
        ids |= {key: pk for key, (pk, _) in there.items()}
    return ids


def _hold(customers: Collection[int]) -> None:
    """Wait for others who write of these customers: two sources at once would both show a profile (PostgreSQL)."""
    if connection.features.has_select_for_update:
        list(Customer.objects.select_for_update(no_key=True).filter(pk__in=customers).order_by("pk").values_list("pk"))


def _known(workspace: Workspace, external_ids: Sequence[str]) -> Known:
    return as_known(answers(*asked_for(workspace, external_ids)))


def asked_for(workspace: Workspace, external_ids: Sequence[str]) -> list[Question]:
    """The questions whose answers `as_known` reads, to be asked together with others: every row of the API asks them.

    On PostgreSQL the lock comes with them, so that it costs no way of its own.
    """
    if not external_ids:
        return []
    known = (f"{_KNOWN} ({', '.join(['%s'] * len(external_ids))})", [workspace.pk, *external_ids])
    return [known] if connection.vendor == "sqlite" else [(late.HOLD, [workspace.pk]), known]


def as_known(found: Sequence[Iterable[tuple[Any, ...]]]) -> Known:
    rows = found[-1] if found else ()
    return {key: (pk, None if shown is None else bool(shown)) for key, pk, shown in rows}


_KNOWN = """
    SELECT c.external_id, c.id, (
        SELECT r.undoing = '' FROM winback_customerprofile AS p
        JOIN winback_syncrun AS r ON r.id = p.run_id
        LEFT JOIN winback_syncrun AS s ON s.id = p.superseded_by_id
        WHERE p.customer_id = c.id AND r.state = 'published' AND (s.id IS NULL OR s.state <> 'published') LIMIT 1
    )
    FROM winback_customer AS c WHERE c.workspace_id = %s AND c.external_id IN"""


def _show_bare(workspace: Workspace, run: SyncRun, customers: Sequence[int]) -> None:
    """Give a bare profile to customers of whom no profile is visible."""
    if not customers:
        return
    _write_bare([CustomerProfile(workspace=workspace, run=run, customer_id=pk, bare=True) for pk in customers])
    if (under_way := late.on_its_way(workspace.pk)) is not None:
        late.note(run_id=under_way, table="customers", changed=dict.fromkeys(customers, ()))
    mark_dirty(workspace=workspace, table="customers")


def _outlast(workspace: Workspace, run: SyncRun, customers: Sequence[int]) -> None:
    """Have customers, whose profile goes with an import that is being undone, known by a bare one after that."""
    undone = late.on_its_way(workspace.pk) if customers else None
    if undone is None:
        return
    left = CustomerProfile.objects.filter(customer__in=customers, run__state="published").exclude(run=undone)
    left = left.filter(~Q(superseded_by__state="published") | Q(superseded_by=None) | Q(superseded_by=undone))
    known = set(left.values_list("customer_id", flat=True))
    _write_bare(
        [
            CustomerProfile(workspace=workspace, run=run, customer_id=pk, bare=True, superseded_by_id=undone)
            for pk in customers
            if pk not in known
        ]
    )


def _write_bare(profiles: list[CustomerProfile]) -> None:
    CustomerProfile.objects.bulk_create(
        profiles, update_conflicts=True, unique_fields=["customer", "run"], update_fields=["superseded_by"], batch_size=1000
    )  # fmt: skip


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
        late.hold(workspace.pk)
        run = live_run(source=source)
        before = set(
            Customer.objects.filter(workspace=workspace, external_id__in=list(good)).values_list(
                "external_id", flat=True
            )
        )
        parents = {row.parent for row in good.values() if row.parent}
        ids = ensure_customers(workspace=workspace, run=run, external_ids=set(good) | parents)
        _hold([ids[key] for key in good])
        visible = {
            profile.customer_id: profile
            for profile in CustomerProfile.objects.visible(workspace).filter(customer_id__in=[ids[key] for key in good])
        }
        writes: list[CustomerProfile] = []
        replaced: list[int] = []
        touched: dict[int, list[str]] = {}
        for key, row in good.items():
            there = visible[ids[key]]
            values = _merged(there, row, ids)
            if not there.bare and values == {name: getattr(there, name) for name in values}:
                same += 1
                continue
            new, changed = new + (key not in before), changed + (key in before)
            touched[ids[key]] = _changed(there, values)
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
            if (under_way := late.on_its_way(workspace.pk)) is not None:
                late.note(run_id=under_way, table="customers", changed=touched)
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
    return values | dict.fromkeys(row.emptied)


def _changed(there: CustomerProfile, values: Mapping[str, Any]) -> list[str]:
    """The names of the fields that are different now; of attributes and counts, of each."""
    names = [name for name in values if name not in JSON and values[name] != getattr(there, name)]
    for name in JSON:
        old, now = getattr(there, name), values[name]
        names += [f"{name}.{key}" for key in sorted({*old, *now}) if old.get(key) != now.get(key)]
    return names


def edit_customer(*, access: Access, customer: Customer, **said: Any) -> None:
    """What a person knows better than the file: name, owner, renewal date (None: there is none), parent.

    Audited with the names of fields. Raises UserError where it cannot be taken.
    """
    source = ensure_source(workspace=access.workspace, name=BY_HAND, kind="by_hand", table="customers")
    with atomic():
        emptied = frozenset(name for name, value in said.items() if value is None)
        row = NewCustomer(external_id=customer.external_id, emptied=emptied, **said)
        recorded = record_customers(workspace=access.workspace, source=source, rows=[row], by=access)
        if recorded.refused:
            raise UserError(recorded.refused[0][1])
        audit.record(verb="customer edited", target=f"customer {customer.pk}", by=access, fields=sorted(said))


def today_in(workspace: Workspace) -> dt.date:
    """The day it is where the workspace is."""
    from zoneinfo import ZoneInfo

    return timezone.now().astimezone(ZoneInfo(workspace.zone)).date()
