"""What sources and imports hold of a person: rejected rows as they stood in a file, and what was told of a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from winback.server.redaction import GONE, Person
from winback.server.sources.models import DirtyDay, LateWrite, RejectedRow, Source, SyncRun

WHO = ("customer", "respondent", "contact")  # what a mapping calls the columns that name somebody
MODELS = (RejectedRow, SyncRun, Source, DirtyDay, LateWrite)


def erase(*, person: Person) -> dict[str, int]:
    """Empty rejected rows that hold the person, and take the names out of what was told of imports. Counts stay."""
    rows = [row.pk for row in _rejected(person)]
    for start in range(0, len(rows), 500):
        RejectedRow.objects.filter(pk__in=rows[start : start + 500]).update(row={}, message=GONE)
    for run in SyncRun.objects.filter(workspace_id=person.workspace_id):
        told = [run.file_name, run.mapping, run.options, run.warnings, run.error]
        if person.holds(told):
            SyncRun.objects.filter(pk=run.pk).update(
                file_name=person.without(run.file_name)[:255], mapping=person.without(run.mapping),
                options=person.without(run.options), warnings=person.without(run.warnings), error=person.without(run.error),
            )  # fmt: skip
    for source in Source.objects.filter(workspace_id=person.workspace_id):
        if person.holds(source.mapping):
            Source.objects.filter(pk=source.pk).update(mapping=person.without(source.mapping))
    return {"rejected rows": len(rows)}


def export(*, person: Person) -> dict[str, list[dict[str, Any]]]:
    return {
        "rejected rows": [
            {"file": row.run.file_name, "line": row.line, "why": row.message, "row": row.row}
            for row in _rejected(person)
        ]
    }


def forget(*, workspace_id: int, before: dt.datetime, most: int) -> int:
    """Delete rejected rows of imports older than a moment; how many there were stays with the import."""
    old = RejectedRow.objects.filter(run__workspace_id=workspace_id, run__created_at__lt=before)
    ids = list(old.values_list("pk", flat=True)[:most])
    RejectedRow.objects.filter(pk__in=ids).delete()
    return len(ids)


def _rejected(person: Person) -> Iterator[RejectedRow]:
    found = RejectedRow.objects.filter(run__workspace_id=person.workspace_id).select_related("run")
    for row in found.iterator(chunk_size=2000):
        columns = row.run.mapping.get("columns", {})
        named = (row.row.get(str(columns.get(role, ""))) for role in WHO)
        if person.holds([row.row, row.message]) or any(one in person.ids for one in named):
            yield row
