"""Rows of an upload on their way into the database: piece by piece, each in a short transaction, seen by nobody yet.

How far a run is stands in the transaction that wrote its last piece. So a killed import goes on with the next piece,
and two processes at the same run (one taken for dead) cannot write a piece twice.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import OperationalError
from django.db.models import F
from django.utils import timezone

from winback.server.bulk import stored_time
from winback.server.database import atomic
from winback.server.feedback.masking import masking_of
from winback.server.imports import bulk, files
from winback.server.imports.asked import SINGLE
from winback.server.imports.reading import LONGEST_MESSAGE
from winback.server.imports.writers import Prepared, Writer, writer_of
from winback.server.sources.actions import mark_dirty
from winback.server.sources.models import RejectedRow, SyncRun
from winback.text.masking import merged

if TYPE_CHECKING:
    import pyarrow as pa

Tell = Callable[[int, int], None]
FIRST = 1_000  # rows of the first transaction
REST = 0.15  # of a transaction's time the database is left to others, at least
AT_ONCE = 500


class Stopped(Exception):  # noqa: N818 (it is no error)
    """The run was cancelled, or another process is at it."""


def stage_some(run: SyncRun, account: dict[str, Any], *, seconds: float, tell: Tell) -> bool:
    """Write rows for about so many seconds; True where all of them are written. Raises Stopped.

    A full disk raises UserError.
    """
    folder = files.folder_of(run.workspace_id, run.options["upload"])
    until = time.monotonic() + seconds
    writer = writer_of(run, account)
    size, marked = FIRST, set[tuple[str, Any]]()
    pieces = _Pieces(files.rows_in(folder), run.staged)
    took, ended = 0.0, time.monotonic()
    with bulk.own_checkpoints() as checkpoint:
        while (batch := pieces.take(size)) is not None:
            now = stored_time(timezone.now())
            prepared = writer.prepare(batch, now)
            # SQLite takes one writer at a time, and those who wait look again every few hundredths of a second: while a
            # piece is prepared they have their turn, and where that was too short they are given some more
            time.sleep(min(max(took * REST - (time.monotonic() - ended), 0), 0.1))
            took = _write(run, writer, prepared, batch.num_rows, marked, now)
            ended = time.monotonic()
            checkpoint()
            size = bulk.next_size(batch.num_rows, took) if batch.num_rows >= size else size
            tell(run.staged, account["taken"])
            if time.monotonic() > until:
                break
    return pieces.left == 0


def _write(
    run: SyncRun, writer: Writer, prepared: Prepared, rows: int, marked: set[tuple[str, Any]], now: str
) -> float:
    """One piece; returns the seconds its transaction took."""
    begun = time.monotonic()
    try:
        masked = merged(run.masked, prepared.masked)
        with atomic():
            begun = time.monotonic()
            mine = SyncRun.objects.filter(pk=run.pk, state="staging", staged=run.staged).update(
                staged=F("staged") + rows,
                new=F("new") + prepared.new,
                changed=F("changed") + prepared.changed,
                same=F("same") + prepared.same,
                masked=masked,
            )
            if not mine:
                raise Stopped
            writer.write(prepared, now)
            for table, days in prepared.days.items():
                if fresh := {day for day in days if (table, day) not in marked}:
                    wanted = [None if day is None else dt.date.fromisoformat(day) for day in fresh]
                    mark_dirty(workspace=run.workspace, table=table, days=wanted, run=run)
                    marked.update((table, day) for day in fresh)
    except OperationalError as error:
        if "full" in str(error) or "No space" in str(error):
            raise files.disk_full(run.file_name) from None
        raise
    took = time.monotonic() - begun
    run.staged += rows
    run.masked = masked
    return took


class _Pieces:
    """Rows of a Parquet file from the given one on, in pieces of any size; holds one row group at a time."""

    def __init__(self, path: Path, start: int) -> None:
        import pyarrow.parquet as pq

        self._file = pq.ParquetFile(path)
        self._groups = self._from(start)
        self._held: pa.RecordBatch | None = None
        self.left: int = max(self._file.metadata.num_rows - start, 0)

    def _from(self, start: int) -> Iterator[pa.RecordBatch]:
        for group in range(self._file.num_row_groups):
            rows = self._file.metadata.row_group(group).num_rows
            if rows <= start:
                start -= rows
                continue
            table = self._file.read_row_group(group, use_threads=False).combine_chunks()
            for batch in table.to_batches():
                yield batch.slice(start)
                start = 0

    def take(self, size: int) -> pa.RecordBatch | None:
        """The next rows, at most `size`; None at the end."""
        while self._held is None or self._held.num_rows == 0:
            self._held = next(self._groups, None)
            if self._held is None:
                return None
        piece = self._held.slice(0, size)
        self._held = self._held.slice(piece.num_rows)
        self.left -= piece.num_rows
        return piece


def keep_rejected(run: SyncRun) -> None:
    """Write down the rejected rows that were kept; goes on where it stood."""
    folder = files.folder_of(run.workspace_id, run.options["upload"])
    there = RejectedRow.objects.filter(run=run).count()
    waiting: list[RejectedRow] = []
    masking = masking_of(run.workspace) if run.table == "feedback" else None
    ids = {str(run.mapping.get("columns", {}).get(role, "")) for role in SINGLE}

    def write() -> None:
        with atomic():
            if not SyncRun.objects.filter(pk=run.pk, state="staging").exists():
                raise Stopped
            RejectedRow.objects.bulk_create(waiting)
        waiting.clear()

    for row in files.rejected(folder, there):
        if masking is not None:  # what was broken may have put the comment into any field
            row |= {"row": masking.row(row["row"], ids), "message": masking.text(row["message"])[:LONGEST_MESSAGE]}
        waiting.append(
            RejectedRow(run=run, line=row["line"], reason=row["reason"], message=row["message"], row=row["row"])
        )
        if len(waiting) == AT_ONCE:
            write()
    if waiting:
        write()
