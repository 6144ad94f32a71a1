"""The last look before the switch: nothing may be seen twice, though pages and the API wrote while the file was read in.

What they have changed since the import began is newer than the file: those fields stay, the rest is what the file says. A
bare profile yields to one that says something.
"""

from __future__ import annotations

from typing import Any

from winback.server.customers.models import ContactProfile, CustomerPeriod, CustomerProfile, Departure, Invitation
from winback.server.customers.rules import JSON
from winback.server.sources import late
from winback.server.sources.models import LateWrite, SyncRun, Versioned

AT_ONCE = 1_000

# columns that name the same thing in two versions
SAME: dict[type[Versioned], tuple[str, ...]] = {
    CustomerProfile: ("customer_id",),
    ContactProfile: ("contact_id",),
    CustomerPeriod: ("customer_id", "month"),
    Departure: ("customer_id", "end_date"),
    Invitation: ("external_id",),
}
LATE: dict[str, type[Versioned]] = {"customers": CustomerProfile, "contacts": ContactProfile}


def settle(run: SyncRun) -> int:
    """Put what was written while this run was read in, and its own versions of the same, together; returns how many.

    Call it in the transaction of the switch, holding the lock alone (sources.late).
    """
    settled = 0
    for table, model in LATE.items():
        (key,) = SAME[model]
        noted = late.of(run.pk, table)
        for whose in _chunks(sorted(noted)):
            mine = {getattr(row, key): row for row in model.objects.filter(run=run, **{f"{key}__in": whose})}
            rivals = model.objects.visible(run.workspace).filter(**{f"{key}__in": list(mine)}).exclude(run=run)
            seen = {getattr(row, key): row for row in rivals}
            yielding: dict[int, list[int]] = {}
            merged: list[Any] = []
            for pk, rival in seen.items():
                own = mine[pk]
                if getattr(own, "bare", False):
                    yielding.setdefault(rival.run_id, []).append(own.pk)
                    continue
                if not getattr(rival, "bare", False) and _take_over(own, rival, noted[pk]):
                    merged.append(own)
                yielding.setdefault(run.pk, []).append(rival.pk)
            if merged:
                names = [field.name for field in model._meta.concrete_fields if field.name in _fields(noted)]
                model.objects.bulk_update(merged, names, batch_size=200)
            for winner, rows in yielding.items():
                model.objects.filter(pk__in=rows).update(superseded_by=winner)
            settled += len(seen)
    LateWrite.objects.filter(run=run).delete()
    return settled


def _take_over(own: Any, rival: Any, fields: tuple[str, ...]) -> bool:
    """Set what was changed late; whether anything was."""
    for field in fields:
        name, _, part = field.partition(".")
        if name not in JSON:
            setattr(own, name, getattr(rival, name))
            continue
        there = getattr(rival, name)
        kept = {other: value for other, value in getattr(own, name).items() if other != part}
        setattr(own, name, {**kept, **({part: there[part]} if part in there else {})})
    return bool(fields)


def _fields(noted: dict[int, tuple[str, ...]]) -> set[str]:
    """The names of columns, as models call them."""
    return {field.partition(".")[0].removesuffix("_id") for fields in noted.values() for field in fields}


def _chunks(ids: list[int]) -> list[list[int]]:
    return [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
