"""The comments of the Parquet as vectors, to be searched by meaning: a file beside each file of feedback.

It is made from that file alone and deleted with it, so whatever takes words out of the Parquet (an erasure, an undoing, a
correction) takes their vectors too. It is made after the refresh, so that figures wait for nothing.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from winback.server import warehouse
from winback.server.exports.actions import locked, place_of
from winback.server.jobs.actions import enqueue
from winback.server.warehouse import File
from winback.server.workspaces.models import Workspace
from winback.text.embedding import embedder
from winback.text.nearest import write

PIECE = 20_000  # comments that are turned at once
ID = "wb_id"  # as exports.parquet.ID


def missing(workspace: Workspace) -> list[tuple[File, int]]:
    """The files of feedback, and the parts of them, whose comments are not turned yet, the newest first."""
    place = place_of(workspace)
    manifest = warehouse.read(place)
    files = [] if manifest is None else [file for file in manifest.of("feedback") if "comment" in file.columns]
    return [
        (file, part)
        for file in reversed(files)
        for part, name in enumerate(warehouse.vectors_of(file))
        if not (place / name).exists()
    ]


def request(*, workspace: Workspace) -> None:
    """Have the comments turned in the background, once this transaction has ended."""
    enqueue(task="exports.embed", workspace_id=workspace.pk, key=str(workspace.pk), workspace=workspace.pk)


def step(*, workspace: Workspace, seconds: float) -> bool:
    """Turn the comments of some parts, about so many seconds; True once all are done."""
    until, place = time.monotonic() + seconds, place_of(workspace)
    while parts := missing(workspace):
        if not _turn(place, *parts[0]) or time.monotonic() > until:
            return not missing(workspace)
    return True


def _turn(place: Path, file: File, part: int) -> bool:
    """Write the vectors of a part of a file; False where it was replaced meanwhile, and they with it."""
    path = place / warehouse.vectors_of(file)[part]
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        write(fresh, _comments(place / file.name, part), embedder())
        warehouse.sync(fresh)  # half a file under its name would be taken for all of it, and never made again
        with locked(place):  # nobody sweeps now: what is named here stays
            manifest = warehouse.read(place)
            if manifest is None or file.name not in {one.name for one in manifest.of("feedback")}:
                return False
            fresh.replace(path)
    except FileNotFoundError:  # swept away
        return False
    finally:
        fresh.unlink(missing_ok=True)
    return True


def _comments(path: Path, part: int) -> Iterator[tuple[list[int], list[str]]]:
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    start, end, at = part * warehouse.VECTORS, (part + 1) * warehouse.VECTORS, 0
    for batch in pq.ParquetFile(path).iter_batches(PIECE, columns=[ID, "comment"], use_threads=False):
        first, last = max(start - at, 0), min(end - at, len(batch))
        at += len(batch)
        if first < last:
            piece = batch.slice(first, last - first)
            told = piece.filter(pc.is_valid(piece.column("comment")))
            if told.num_rows:
                yield told.column(ID).to_pylist(), told.column("comment").to_pylist()
