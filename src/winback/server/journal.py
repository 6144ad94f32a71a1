"""The journal: a file beside the database and in no backup, of what a restored backup must not bring back.

Who was erased (privacy), and which keys, invitations and memberships ended and whose password was changed (workspaces). Its
first line holds a key of its own; every other line says when, in which workspace, and a keyed hash of who or what. Lines are
only ever added, and are on the disk before anything is done.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import hmac
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
    """One end: `kind` says of what (customer, contact, key …), `digest` is the hash of who, `at` when (ISO, UTC)."""

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


def digest(key: bytes, workspace_id: int, kind: str, external_id: str) -> str:
    """What stands for somebody in the journal. Without the journal's key nobody can try names on it."""
    text = f"{workspace_id}\n{kind}\n{external_id}"
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


AGAIN = " again"  # behind a kind: what was written before holds no longer


def note(*, workspace_id: int, kind: str, whose: str, again: bool = False) -> str:
    """Write down an end that is about to be made, or taken back; returns the hash of whose it is."""
    mark = digest(key(), workspace_id, kind, whose)
    write(Line(dt.datetime.now(dt.UTC).isoformat(), workspace_id, kind + (AGAIN if again else ""), mark))
    return mark


def write(line: Line) -> None:
    """Add a line, and have it on the disk."""
    with path().open("a", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(json.dumps(asdict(line)) + "\n")
        file.flush()
        os.fsync(file.fileno())


def lines() -> list[Line]:
    """All there ever was; a line that a crash cut short is left out, since what it told of never began."""
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
