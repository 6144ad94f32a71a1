"""Where uploads lie while they are imported: a folder each, with a random name, that nobody is ever served from.

A folder holds the bytes as they came, what was asked of them, and what the reader made of them. It goes when its
import is published, cancelled or given up.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

from winback.errors import UserError
from winback.server.imports.asked import Asked
from winback.server.imports.reading import ACCOUNT, ASKED, KNOWN, REJECTED, ROWS, UPLOAD

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
MOST_TRIES = 3
TOKEN = re.compile(r"[0-9a-f]{32}")


def place_of(workspace_id: int) -> Path:
    """The folder of a workspace's uploads."""
    return Path(settings.HOME) / "files" / str(workspace_id)


def folder_of(workspace_id: int, token: str) -> Path:
    """An upload's folder. Raises ValueError for what is no token of ours."""
    if not TOKEN.fullmatch(token):
        raise ValueError("no token of an upload")
    return place_of(workspace_id) / token


def printable_name(name: str) -> str:
    """The last part of a file's name, fit to stand in a folder, a sentence and a table."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(c if c.isprintable() else "_" for c in last).strip().lstrip(".")
    stem, dot, suffix = (shown or "file").rpartition(".")
    while len((stem + dot + suffix).encode()) > 200 and (stem or suffix):
        stem, suffix = (stem[:-1], suffix) if stem else (stem, suffix[:-1])
    return stem + dot + suffix or "file"


def disk_full(name: str) -> UserError:
    return UserError(
        f"The disk is full, so {name} was not kept and nothing was changed. Make room where WINBACK_HOME lies, then "
        "give the file again."
    )


@dataclass(frozen=True)
class Kept:
    """An upload that arrived whole."""

    token: str
    name: str
    size: int
    digest: str


class Receiver:
    """Takes the bytes of one upload as they come, counting and hashing them; leaves nothing where it does not end well."""

    def __init__(self, workspace_id: int, name: str, *, limit: int | None = None) -> None:
        self.name = printable_name(name)
        self.token = secrets.token_hex(16)
        self.folder = folder_of(workspace_id, self.token)
        self.limit = settings.UPLOAD_LIMIT if limit is None else limit
        self.size = 0
        self._hash = hashlib.sha256()
        try:
            place_of(workspace_id).mkdir(parents=True, exist_ok=True, mode=0o700)
            self.folder.mkdir(mode=0o700)
            handle = os.open(self.folder / UPLOAD, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            self._file: BinaryIO = os.fdopen(handle, "wb")
        except OSError as error:
            raise self._trouble(error) from None

    def take(self, data: bytes | memoryview) -> None:
        """One more piece. Raises UserError where there are too many, or no room for them."""
        self.size += len(data)
        if self.size > self.limit:
            self.drop()
            raise UserError(too_large(self.name, self.limit))
        self._hash.update(data)
        try:
            self._file.write(data)
        except OSError as error:
            raise self._trouble(error) from None

    def done(self) -> Kept:
        """The upload, when its last byte has come."""
        try:
            self._file.close()
        except OSError as error:
            raise self._trouble(error) from None
        return Kept(self.token, self.name, self.size, self._hash.hexdigest())

    def drop(self) -> None:
        """Leave nothing."""
        with suppress(OSError, AttributeError):  # what was not yet written cannot be; or it was never opened
            self._file.close()
        remove(self.folder)

    def _trouble(self, error: OSError) -> UserError:
        self.drop()
        if error.errno in FULL:
            return disk_full(self.name)
        return UserError(f"{self.name} could not be kept ({error.strerror}); look at the folder WINBACK_HOME.")


def too_large(name: str, limit: int) -> str:
    return (
        f"{name} is larger than {limit / 2**20:,.0f} MiB, which is the most this installation takes. Pack it with gzip, "
        "give it in parts, or set WINBACK_UPLOAD_LIMIT higher."
    )


def receive(workspace_id: int, name: str, pieces: Iterable[bytes], *, limit: int | None = None) -> Kept:
    """Keep an upload that comes in pieces."""
    receiver = Receiver(workspace_id, name, limit=limit)
    try:
        for piece in pieces:
            receiver.take(piece)
    except BaseException:
        receiver.drop()
        raise
    return receiver.done()


def remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def ask(folder: Path, asked: Asked, known: list[dict[str, Any]] | None = None) -> None:
    """Write down how the upload is to be read, and (`known`) how files with other columns were read before."""
    try:
        if known is not None:
            (folder / KNOWN).write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
        new = folder / f"{ASKED}.new"
        new.write_text(json.dumps(asked.stored(), ensure_ascii=False), encoding="utf-8")
        new.replace(folder / ASKED)
    except OSError as error:
        if error.errno in FULL:
            raise disk_full(asked.file_name) from None
        raise


def account(folder: Path, asked: Asked | None = None) -> dict[str, Any] | None:
    """What the reader found, if it has read the upload as it is `asked` now (None: whatever it was asked)."""
    try:
        found: dict[str, Any] = json.loads((folder / ACCOUNT).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, json.JSONDecodeError):
        return None
    return found if asked is None or found["asked"] == asked.digest else None


def rejected(folder: Path, start: int = 0) -> Iterator[dict[str, Any]]:
    """The rejected rows that were kept, from the given one on."""
    with (folder / REJECTED).open(encoding="utf-8") as file:
        for place, line in enumerate(file):
            if place >= start:
                yield json.loads(line)


def rows_in(folder: Path) -> Path:
    return folder / ROWS


@contextmanager
def held(folder: Path, wait: float = 0) -> Iterator[int | None]:
    """Be the only one who reads or stages this upload; ends with the process. Gives None where another is at it.

    `wait` is how many seconds to wait for that one to end.
    """
    try:
        handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except (FileNotFoundError, NotADirectoryError):
        yield None
        return
    try:
        until = time.monotonic() + wait
        while not _lock(handle):
            if time.monotonic() >= until:
                yield None
                return
            time.sleep(0.02)
        yield handle
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


_children: list[subprocess.Popen[bytes]] = []


def start_reading(folder: Path, lock: int, name: str, *, form: bool = True) -> None:
    """Begin to read the upload in a process of its own, which takes the lock over and ends with this process.

    Raises UserError where that was tried several times and each time the system stopped it.
    """
    tries = folder / "tries"
    count = len(tries.read_text()) if tries.exists() else 0
    if count >= MOST_TRIES:
        raise UserError(
            f"Reading {name} was stopped {count} times, most likely for want of memory. Set WINBACK_MEMORY lower, or give the "
            "file in parts."
        )
    tries.write_text("x" * (count + 1))
    temporary = folder / "tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(exist_ok=True, mode=0o700)
    let_go()
    _children.append(
        subprocess.Popen(
            [sys.executable, "-m", "winback.server.imports.reading", str(folder), *(["--form"] if form else [])],
            env={**os.environ, "TMPDIR": str(temporary)},
            pass_fds=(lock,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    )


def let_go() -> None:
    """Forget readers that have ended."""
    _children[:] = [child for child in _children if child.poll() is None]


def places() -> Iterator[Path]:
    """The folders of all uploads there are."""
    for workspace in (Path(settings.HOME) / "files").glob("*"):
        yield from (place for place in workspace.glob("*") if TOKEN.fullmatch(place.name))
