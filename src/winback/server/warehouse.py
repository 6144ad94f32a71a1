"""A workspace's Parquet: a folder, one manifest that says which files count, and engines that open them as frames.

Files are written under fresh names and never changed; `manifest.json` is swapped with os.replace, so a reader sees the
old state or the new one and never a mixture, and a crash at any point leaves the old one. Files that a manifest no
longer names stay for a while (GRACE), for readers that still have them open. This module knows no models.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
FORMAT = 1  # a manifest of another format counts as none: everything is written again
VECTORS = 50_000  # rows of feedback whose comments' vectors are one file: seconds of work
MODEL = "static-5"  # whose vectors they are, as winback.text.embedding.DEFAULT, which loads NumPy
GRACE = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class File:
    """One Parquet file: its table, and what it holds (`key`: a day, a month, "undated" or "all").

    `columns` are the canonical ones with a value in some row (the file has all of them). Attributes stand in columns
    a0, a1, … in the order of `attributes`, since a user may call them what no engine takes for a name. `stats` has for
    each source of answers its rows, answers and filled columns: see exports.parquet.
    """

    table: str
    key: str
    name: str  # relative to the workspace's folder
    rows: int
    columns: tuple[str, ...]
    attributes: tuple[str, ...] = ()
    stats: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Manifest:
    """One state of a workspace's Parquet. `runs`: imports that it has taken in, with their state then.

    `dropped`: names of files of earlier states, and since when (ISO) they are no longer needed.
    """

    id: str
    as_of: dt.datetime
    files: tuple[File, ...] = ()
    runs: Mapping[str, str] = field(default_factory=dict)
    dropped: Mapping[str, str] = field(default_factory=dict)
    numbered: Mapping[str, bool] = field(default_factory=dict)  # sources of which no two rows have one row_number

    def of(self, table: str) -> tuple[File, ...]:
        return tuple(file for file in self.files if file.table == table)


def folder(home: Path, workspace_id: int) -> Path:
    return home / "warehouse" / str(workspace_id)


def file_of(stored: Mapping[str, Any]) -> File:
    """A file's entry as JSON gives it back."""
    return File(**{**stored, "columns": tuple(stored["columns"]), "attributes": tuple(stored["attributes"])})


def read(place: Path) -> Manifest | None:
    """The manifest of a workspace's folder; None where nothing has been written, or by another version."""
    try:
        stored = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:  # cannot be ours: os.replace swaps whole files; written again rather than trusted
        return None
    if stored.pop("format", None) != FORMAT:
        return None
    files = tuple(map(file_of, stored.pop("files")))
    return Manifest(**{**stored, "as_of": dt.datetime.fromisoformat(stored["as_of"]), "files": files})


def swap(place: Path, manifest: Manifest) -> None:
    """Make this the state that counts. The files it names have to be on the disk already."""
    stored = {"format": FORMAT, **asdict(manifest), "as_of": manifest.as_of.isoformat()}
    fresh = place / f"{MANIFEST}.{secrets.token_hex(4)}"
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(stored, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(place / MANIFEST)
    sync(place)


def sync(path: Path) -> None:
    """Have a file or folder on the disk before anything that rests on it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def fresh_name(table: str, key: str) -> str:
    return f"{table}/{key}-{secrets.token_hex(6)}.parquet"


def vectors_of(file: File) -> tuple[str, ...]:
    """The names of the files with the vectors of a file's comments, in parts. They stand in no manifest: they live as long
    as that file. Those of another model have other names, so that they are swept, and made anew.
    """
    parts = -(-file.rows // VECTORS)
    return tuple(f"vectors/{_stem(file.name)}.{part}.{MODEL}.arrow" for part in range(parts))


def _stem(name: str) -> str:
    return name.rpartition("/")[2].partition(".")[0]


def sweep(place: Path, manifest: Manifest, *, now: dt.datetime, grace: dt.timedelta = GRACE) -> Manifest:
    """Delete what a crash left and what no reader needs any more; call it with the lock held.

    Returns the manifest without what is gone. A file that no manifest ever named was left by a crash, since the lock
    keeps every writer out.
    """
    kept = dict(manifest.dropped)
    for name, since in list(kept.items()):
        if dt.datetime.fromisoformat(since) + grace <= now:
            (place / name).unlink(missing_ok=True)
            del kept[name]
    named = {file.name for file in manifest.files}
    feedback = {_stem(name) for name in (*named, *kept) if name.startswith("feedback/")}
    for path in place.glob("**/*"):
        name = path.relative_to(place).as_posix()
        if name.startswith("vectors/") and name.endswith(f".{MODEL}.arrow") and _stem(name) in feedback:
            continue
        if path.is_file() and name not in named and name not in kept and name not in (MANIFEST, "lock"):
            path.unlink(missing_ok=True)
    return manifest if kept == dict(manifest.dropped) else replace(manifest, dropped=kept)
