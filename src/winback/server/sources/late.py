"""Between those who write single rows and the one switch that publishes, or undoes, an import.

Whoever writes of customers holds a lock that any number may hold; who begins an import or an undoing, and who switches,
holds it alone. So a switch sees all that was written before it, and whoever writes after it sees the switch. What is
written while an import is on its way is noted, and put in its place by the switch. PostgreSQL needs the lock; SQLite
takes one writer at a time anyhow.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.db import connection

from winback.server.sources.models import LateWrite

_PLACE = 0x77696E62  # what sets this lock apart from others in the same database
HOLD = f"SELECT pg_advisory_xact_lock_shared({_PLACE}, %s)"
_ALONE = f"SELECT pg_advisory_xact_lock({_PLACE}, %s)"
_ON_ITS_WAY = """
    SELECT id FROM winback_syncrun WHERE workspace_id = %s AND state IN ('staging', 'staged')
    UNION ALL SELECT id FROM winback_syncrun WHERE workspace_id = %s AND undoing <> ''"""


def hold(workspace_id: int) -> None:
    """Keep imports from being switched until this transaction ends; call it before anything is read."""
    _take(HOLD, workspace_id)


def alone(workspace_id: int) -> None:
    """Wait until nobody writes of customers, and keep everybody from it until this transaction ends."""
    _take(_ALONE, workspace_id)


def _take(lock: str, workspace_id: int) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(lock, [workspace_id])


def on_its_way(workspace_id: int) -> int | None:
    """The import that is being read in or undone now. Call it while holding the lock."""
    with connection.cursor() as cursor:
        cursor.execute(_ON_ITS_WAY, [workspace_id, workspace_id])
        row = cursor.fetchone()
    return int(row[0]) if row else None


def note(*, run_id: int, table: str, changed: Mapping[int, Iterable[str]]) -> None:
    """Note which fields of whom were changed while this import is on its way; what was noted before stays."""
    there = of(run_id, table, changed)
    LateWrite.objects.bulk_create(
        [
            LateWrite(run_id=run_id, table=table, whose=whose, fields=sorted({*fields, *there.get(whose, ())}))
            for whose, fields in changed.items()
        ],
        update_conflicts=True, unique_fields=["run", "table", "whose"], update_fields=["fields"], batch_size=1000,
    )  # fmt: skip


def of(run_id: int, table: str, whose: Collection[int] | None = None) -> dict[int, tuple[str, ...]]:
    """What was noted of an import: changed fields by id."""
    found = LateWrite.objects.filter(run=run_id, table=table)
    if whose is not None:
        found = found.filter(whose__in=whose)
    return {pk: tuple(fields) for pk, fields in found.values_list("whose", "fields")}
