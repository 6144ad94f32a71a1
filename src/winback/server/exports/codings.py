"""Readings of comments as Parquet, a file for each month in which the comments were said.

The files name themes by their keys. Names, mergings and retirings are looked up when the files are read, so that a
change of the codebook counts at once and writes no file. A reading in which no theme was found has one row without a
theme: who said something that fits none belongs to those who said why.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.db import connection

from winback.server import warehouse
from winback.server.exports.rules import UNDATED, days_of
from winback.server.feedback.models import Feedback
from winback.server.themes.actions import nodes_of
from winback.server.themes.models import Reading, Theme
from winback.server.themes.rules import ends, parents
from winback.server.workspaces.models import Workspace

PIECE = 20_000
SCHEMA = pa.schema(
    [
        ("source", pa.string()), ("external_id", pa.string()), ("theme", pa.string()), ("place", pa.int64()),
        ("excerpt", pa.string()), ("coder", pa.string()), ("confidence", pa.float64()), ("outcome", pa.string()),
    ]
)  # fmt: skip
_SQL = """
SELECT s.name, r.external_id, t.key, c.place,
       CASE WHEN c.start IS NULL OR r.seen <> f.updated_at THEN ''
            ELSE substr(f.comment, c.start + 1, c."end" - c.start) END,
       CASE WHEN r.kind = 'model' THEN r.model ELSE 'person ' || coalesce(cast(r.coder_id AS varchar(20)), '') END,
       coalesce(c.confidence, CASE WHEN r.kind = 'model' THEN r.confidence ELSE 1.0 END), r.outcome
FROM winback_feedback f
JOIN winback_syncrun run ON run.id = f.run_id AND run.state = 'published'
LEFT JOIN winback_syncrun later ON later.id = f.superseded_by_id
JOIN winback_reading r ON r.source_id = f.source_id AND r.external_id = f.external_id AND r.stands
JOIN winback_source s ON s.id = f.source_id
LEFT JOIN winback_coding c ON c.reading_id = r.id
LEFT JOIN winback_theme t ON t.id = c.theme_id
WHERE f.workspace_id = %s AND (later.id IS NULL OR later.state <> 'published') AND {when}
"""


def days(workspace: Workspace) -> list[dt.date | None]:
    """Every day on which something was said, seen or not; none where nothing has been read."""
    if not Reading.objects.filter(workspace=workspace).exists():
        return []
    rows = Feedback.objects.filter(workspace=workspace).order_by()
    return list(rows.values_list("local_date", flat=True).distinct())


def write(workspace: Workspace, key: str, place: Path) -> warehouse.File | None:
    """Write the readings of a month's comments, or of those without a date, under a fresh name; None without any."""
    import pyarrow.parquet as pq

    rows = 0
    name = warehouse.fresh_name("codings", key)
    path = place / name
    writer: Any = None
    try:
        for piece in _pieces(workspace, key):
            if writer is None:
                path.parent.mkdir(parents=True, exist_ok=True)
                writer = pq.ParquetWriter(path, SCHEMA, compression="snappy")
            writer.write_table(piece)
            rows += len(piece)
    finally:
        if writer is not None:
            writer.close()
    if writer is None:
        return None
    warehouse.sync(path)
    return warehouse.File("codings", key, name, rows, tuple(SCHEMA.names), (), {})


def _pieces(workspace: Workspace, key: str) -> Iterator[pa.Table]:
    span = days_of(key)
    undated = key == UNDATED or span is None
    sql = _SQL.format(when="f.local_date IS NULL" if undated else "f.local_date BETWEEN %s AND %s")
    params: list[Any] = [workspace.pk, *(() if undated or span is None else (day.isoformat() for day in span))]
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while batch := cursor.fetchmany(PIECE):
            columns = zip(*batch, strict=True)
            arrays = [pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)]
            yield pa.table(arrays, schema=SCHEMA)


def names(workspace: Workspace) -> Mapping[str, str]:
    """For the key of each theme the name it counts under; those of retired ones, and of proposals, are left out."""
    nodes = nodes_of(workspace)
    last, accepted = ends(nodes), {node.pk for node in nodes if node.state == "accepted"}
    themes = {pk: (key, name) for pk, key, name in Theme.objects.filter(workspace=workspace).values_list("pk", "key", "name")}  # fmt: skip
    return {key: themes[end][1] for pk, (key, _) in themes.items() if (end := last[pk]) is not None and end in accepted}


def above(workspace: Workspace) -> Mapping[str, str]:
    """For the name of each theme of the second level the name of the one it stands under."""
    nodes = nodes_of(workspace)
    called = {node.pk: node.name for node in nodes}
    return {called[pk]: called[parent] for pk, parent in parents(nodes).items() if parent is not None}
