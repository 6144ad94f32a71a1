"""Locks on the home folder: one web server and one set of workers for each machine.

They are locks of the kernel (flock), so a process that was killed leaves none; the files stay and mean nothing.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from winback.errors import UserError


def folder(home: Path) -> Path:
    """Where the locks lie. Raises UserError where one may not write there."""
    run = home / "run"
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        run.mkdir(exist_ok=True)
    except OSError as error:
        raise UserError(
            f"Cannot write in {home}: {error.strerror}. Give this user the folder, or set WINBACK_HOME to another."
        ) from None
    return run


@contextmanager
def hold(home: Path, what: str, **facts: Any) -> Iterator[None]:
    """Hold the lock called `what` on this machine, with facts for whoever meets it.

    Raises UserError where another process holds it.
    """
    path = _path(home, what)
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise UserError(f"Cannot write {path}: {error.strerror}. Give this user the folder.") from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError(_met(home, what)) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, json.dumps({"pid": os.getpid(), **facts}).encode())
        yield
    finally:
        os.close(descriptor)


def holder(home: Path, what: str) -> dict[str, Any] | None:
    """The facts of whoever holds a lock on this machine, or None where nobody does."""
    try:
        descriptor = os.open(_path(home, what), os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        with suppress(ValueError):
            return dict(json.loads(os.read(descriptor, 10_000)))
        return {}
    finally:
        os.close(descriptor)
    return None


def identity(home: Path) -> str:
    """The name of this home on this machine, for the leases of its workers: two machines may share a host name."""
    path = folder(home) / f"{socket.gethostname()}.id"
    with suppress(FileExistsError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(4))
    return f"{socket.gethostname()[:80]}:{path.read_text()}"


def restoring(home: Path) -> Path:
    """The file that is there while a backup is being put back: the web says so, and workers wait."""
    return home / "run" / "restoring"


def _path(home: Path, what: str) -> Path:
    # by machine, since a home may lie on storage that several share
    return folder(home) / f"{socket.gethostname()}-{what}.lock"


def _met(home: Path, what: str) -> str:
    facts = holder(home, what) or {}
    told = {"pid": "process {}", "address": "{}"}
    who = ", ".join(words.format(facts[name]) for name, words in told.items() if name in facts)
    thing = "winback" if what == "web" else "A worker of winback"
    return (
        f"{thing} runs in {home} already{f' ({who})' if who else ''}. "
        "Stop it first, or set WINBACK_HOME to another folder."
    )
