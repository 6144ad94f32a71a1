"""The journal of erasures: a file beside the database and in no backup, by which a restored backup is erased again.

Its first line holds a key of its own; every other line says when somebody was erased in which workspace, as a keyed
hash of who. Lines are only ever added, and are on the disk before anything is erased.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from winback.errors import UserError

NAME = "erasure-journal"


@dataclass(frozen=True)
class Line:
    """One erasure: `kind` is customer or contact, `digest` the hash of who, `at` when (ISO, UTC)."""

    at: str
    workspace: int
    kind: str
    digest: str

    @property
    def moment(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.at)


def path() -> Path:
    return Path(settings.HOME) / NAME


def key() -> bytes:
    """The journal's key, made with the journal."""
    place = path()
    place.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(place, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        first = file.readline()
        if not first:
            first = json.dumps({"journal": 1, "key": secrets.token_hex(32)}) + "\n"
            file.write(first)
            file.flush()
            os.fsync(file.fileno())
    try:
        return bytes.fromhex(json.loads(first)["key"])
    except (ValueError, KeyError):
        raise UserError(
            f"{place} is damaged in its first line; put it back from a copy, or move it away to begin anew."
        ) from None


def write(line: Line) -> None:
    """Add a line, and have it on the disk."""
    with path().open("a", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(json.dumps(asdict(line)) + "\n")
        file.flush()
        os.fsync(file.fileno())


def lines() -> list[Line]:
    """Every erasure there ever was; a line that a crash cut short is left out, since its erasure never began."""
    try:
        text = path().read_text(encoding="ascii")
    except FileNotFoundError:
        return []
    found = []
    for one in text.splitlines()[1:]:
        try:
            found.append(Line(**json.loads(one)))
        except (ValueError, TypeError):
            continue
    return found
