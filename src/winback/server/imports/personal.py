"""Uploads that wait to be imported and hold a person: they are deleted whole, and their import ends with a sentence."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Model

from winback.server.database import atomic
from winback.server.imports import files
from winback.server.jobs.actions import enqueue
from winback.server.redaction import LEAST, Person
from winback.server.sources.models import SyncRun

MODELS: tuple[type[Model], ...] = ()  # SyncRun is of sources
PIECE = 1 << 20
WAITING = ("draft", "queued", "staging", "staged", "failed")
SENTENCE = (
    "This file held somebody whose data were erased, so it was deleted and nothing of it was imported. Take them out of the "
    "file and give it again."
)


def erase(*, person: Person) -> dict[str, int]:
    """Delete the uploads that hold the person."""
    found = list(_holding(person))
    for folder in found:
        files.remove(folder)
        for run in SyncRun.objects.filter(workspace_id=person.workspace_id, state__in=WAITING, live=False):
            if run.options.get("upload") == folder.name:
                with atomic():
                    # one that was published in this moment stays: its rows are erased as all others
                    if SyncRun.objects.filter(pk=run.pk, state__in=WAITING).update(state="failed", error=SENTENCE):
                        enqueue(task="imports.sweep", workspace_id=run.workspace_id, key=f"run {run.pk}", run_id=run.pk)
    return {"uploads": len(found)}


def export(*, person: Person) -> dict[str, list[dict[str, Any]]]:
    """That an upload holds the person, not the upload: it holds others too."""
    return {"uploads": [{"waiting to be imported": folder.name} for folder in _holding(person)]}


def _holding(person: Person) -> Iterator[Path]:
    place = files.place_of(person.workspace_id)
    for folder in sorted(place.iterdir()) if place.is_dir() else ():
        if folder.is_dir() and any(holds(path, person) for path in sorted(folder.rglob("*")) if path.is_file()):
            yield folder


def holds(path: Path, person: Person) -> bool:
    """Whether a file holds one of the names: text in any encoding, packed or not, a workbook, or a table of Arrow's.

    A packed file that cannot be read is taken to hold them.
    """
    needles = person.needles()
    if not needles:
        return False
    try:
        with path.open("rb") as file:
            begins = file.read(8)
            file.seek(0)
            if begins.startswith(b"\x1f\x8b"):
                with gzip.open(file) as unpacked:
                    return _in_stream(unpacked, needles)  # type: ignore[arg-type]
            if begins.startswith(b"PK"):
                with zipfile.ZipFile(file) as packed:
                    return any(_in_member(packed, name, needles) for name in packed.namelist())
            if begins.startswith((b"PAR1", b"ARROW1")):
                return _in_table(path, begins, person)
            return _in_stream(file, needles)
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error, pa.ArrowException):
        return path.exists()


def _in_member(packed: zipfile.ZipFile, name: str, needles: Sequence[bytes]) -> bool:
    with packed.open(name) as member:
        return _in_stream(member, needles)


def _in_stream(file: IO[bytes], needles: Sequence[bytes]) -> bool:
    """Whether one of these stands in a file of any size."""
    longest = max(map(len, needles))
    kept = b""
    while piece := file.read(PIECE):
        text = kept + piece
        if any(needle in text for needle in needles):
            return True
        kept = text[-longest:]
    return False


def _in_table(path: Path, begins: bytes, person: Person) -> bool:
    import pyarrow.parquet as pq

    batches = pq.ParquetFile(path).iter_batches(PIECE >> 4) if begins.startswith(b"PAR1") else _batches(path)
    names = [name for name in (*person.names, *person.ids) if len(name) >= LEAST]
    for batch in batches:
        for column in batch.columns:
            is_text = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
            if is_text and any(pc.any(pc.match_substring(column, name, ignore_case=True)).as_py() for name in names):
                return True
    return False


def _batches(path: Path) -> Iterator[pa.RecordBatch]:
    reader = pa.ipc.open_file(path)
    for place in range(reader.num_record_batches):
        yield reader.get_batch(place)
