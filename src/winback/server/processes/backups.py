"""Backups, and putting them back: one file with the database, the uploads and the secret key.

A backup is a tar file, gzipped: `manifest.json` (what it is, with checksums), `database` (a SQLite file, or what pg_dump
writes), `secret-key` and `files/`. The Parquet files are not in it, they are written again; nor is the journal of
erasures, which outlives it: whoever was erased since is erased again before anybody sees the restored data.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import hashlib
import importlib
import json
import os
import shutil
import signal
import sqlite3
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from winback import __version__
from winback.errors import UserError
from winback.server.processes import databases, lock
from winback.server.start import django_ready

if TYPE_CHECKING:
    from winback.server.workspaces.ended import Replayed

FORMAT = 1
FILES = "files"  # what people uploaded, in the home folder
KEY = "secret-key"


@dataclass(frozen=True)
class Summary:
    """What a backup holds: where it is, its size in bytes, when it was made, and what it is of."""

    path: Path
    size: int
    made_at: str
    engine: str
    files: int
    erased: int = 0  # persons erased again
    told: tuple[str, ...] = ()  # what else was done, in sentences


def back_up(*, to: Path) -> Summary:
    """Write a backup while winback runs, whole or not at all.

    Raises UserError where `to` is there already or cannot be written, the disk is full, or pg_dump is missing.
    """
    django_ready()
    from django.conf import settings

    if to.exists():
        raise UserError(f"{to} is there already. Choose another name; a backup never replaces one.")
    made_at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    part = to.with_name(f".{to.name}.part")
    try:
        with _scratch(to.absolute().parent) as folder:
            engine = databases.dump(folder / "database")
            count = 0
            with (
                os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw,
                tarfile.open(fileobj=raw, mode="w:gz", compresslevel=3) as tar,
            ):
                manifest: dict[str, Any] = {"format": FORMAT, "winback": __version__, "made_at": made_at}
                manifest |= {"engine": engine, "sha256": _digest(folder / "database")}
                (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
                for name in ("manifest.json", "database"):
                    tar.add(folder / name, name)
                if (settings.HOME / KEY).exists():
                    tar.add(settings.HOME / KEY, KEY)
                # after the database: a file it speaks of may be gone by now, but none is missing that it needs
                for path in sorted((settings.HOME / FILES).rglob("*")):
                    with contextlib.suppress(FileNotFoundError):
                        if path.is_file():
                            tar.add(path, f"{FILES}/{path.relative_to(settings.HOME / FILES).as_posix()}")
                            count += 1
            with part.open("rb") as written:
                os.fsync(written.fileno())
            part.rename(to)
    except (OSError, sqlite3.Error) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise UserError(f"Cannot write {to}: {why}. Nothing was left there.") from None
    finally:
        part.unlink(missing_ok=True)
    return Summary(to, to.stat().st_size, made_at, engine, count)


def restore(*, source: Path) -> Summary:
    """Put a backup back in place of what is there, while winback runs or not.

    Until it is done the web says so, and workers wait. Every workspace then sends nothing, everybody signs in again,
    and whoever was erased since the backup is erased again. Raises UserError where the file is no backup, is damaged or
    is of the other kind of database; nothing has changed then.
    """
    django_ready()
    from django.conf import settings

    home: Path = settings.HOME
    lock.folder(home)
    with _scratch(home) as folder:
        manifest = _unpack(source, folder)
        databases.require_same(manifest["engine"], folder / "database")
        with _closed(home, lambda: databases.load(folder / "database")):
            _put_back(home, folder)
            erased, told = _made_safe(source.name, dt.datetime.fromisoformat(manifest["made_at"]))
            shutil.rmtree(home / "warehouse", ignore_errors=True)
        _start_afresh(home)
        count = sum(path.is_file() for path in (home / FILES).rglob("*"))
        return Summary(source, source.stat().st_size, manifest["made_at"], manifest["engine"], count, erased, told)


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    wrong = f"{source} is no backup of winback, or it is damaged"
    try:
        with tarfile.open(source, "r:gz") as tar:
            tar.extractall(folder, filter="data")
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if manifest["format"] > FORMAT:
            raise UserError(
                f"{source} was made by a newer winback ({manifest['winback']}). Install that version first."
            )
        if _digest(folder / "database") != manifest["sha256"]:
            raise UserError(f"{wrong}: its database does not have the checksum it was written with.")
    except FileNotFoundError:
        raise UserError(f"{wrong}." if source.exists() else f"There is no file {source}.") from None
    except (tarfile.TarError, EOFError, ValueError, KeyError, TypeError) as error:
        raise UserError(f"{wrong} ({type(error).__name__}).") from None
    except OSError as error:
        raise UserError(f"{wrong}: {error.strerror or type(error).__name__}.") from None
    return manifest


@contextlib.contextmanager
def _closed(home: Path, load: Callable[[], None]) -> Iterator[None]:
    """`load` the database and go on while the web answers that a backup is put back, and workers of this machine wait.

    Where it breaks off after the database was loaded, that stays so: erased persons may be back in it. Restoring again
    mends it.
    """
    flag = lock.restoring(home)
    was_closed = flag.exists()
    flag.write_text(str(os.getpid()))
    with contextlib.ExitStack() as locks:
        until = time.monotonic() + 90  # longer than a chunk may take
        for path in sorted(lock.folder(home).glob("*-worker-*.lock")):
            file = locks.enter_context(path.open("rb"))
            while not _locked(file.fileno()):
                if time.monotonic() > until:
                    flag.unlink()
                    raise UserError("A worker does not end its task. Stop winback, then restore again.")
                time.sleep(0.1)
        time.sleep(0.5)  # requests that were under way
        try:
            load()
        except BaseException:
            if not was_closed:
                flag.unlink()
            raise
        yield
    flag.unlink()


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _put_back(home: Path, folder: Path) -> None:
    if (folder / KEY).exists():
        (folder / KEY).replace(home / KEY)
    (folder / FILES).mkdir(exist_ok=True)
    if (home / FILES).exists():
        (home / FILES).rename(folder / "files-before")  # goes with the scratch folder
    (folder / FILES).rename(home / FILES)


def _made_safe(name: str, made_at: dt.datetime) -> tuple[int, tuple[str, ...]]:
    """Bring the restored data to this winback's shape, silence it, and do again what was ended or erased since."""
    from django.contrib.sessions.models import Session

    from winback.server.database import atomic
    from winback.server.jobs.models import Job
    from winback.server.processes.installing import migrate
    from winback.server.workspaces import audit, ended
    from winback.server.workspaces.models import Workspace

    migrate()
    with atomic():
        Workspace.objects.update(sending="off")
        Session.objects.all().delete()
        Job.objects.filter(state="running").update(state="queued", lease_until=None)
        audit.record(verb="backup restored", target=name)
        told = _sentences(ended.replay(since=made_at))
    try:
        privacy = importlib.import_module("winback.server.privacy.actions")
    except ModuleNotFoundError:
        return 0, told
    return int(privacy.replay_journal() or 0), told


def _sentences(again: Replayed) -> tuple[str, ...]:
    counted = (
        ("key", again.keys), ("invitation", again.invitations), ("membership", again.memberships),
        ("password", again.passwords),
    )  # fmt: skip
    ended = [f"{count:,} {what}{'s' * (count != 1)}" for what, count in counted if count]
    told = [f"Ended again, as since then: {', '.join(ended)}."] if ended else []
    told += [f"The only administrator of {one}, though taken out since. Look at People there." for one in again.left_in]
    return tuple(told)


def _start_afresh(home: Path) -> None:
    """Have what runs here take the restored secret key and new connections."""
    for what in ("web", "workers"):
        holder = lock.holder(home, what)
        if holder and "pid" in holder:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(holder["pid"], signal.SIGHUP)


@contextlib.contextmanager
def _scratch(beside: Path) -> Iterator[Path]:
    """A folder for large files on the way; on the same disk, so that they can be moved instead of copied."""
    with tempfile.TemporaryDirectory(prefix=".winback-", dir=beside) as folder:
        yield Path(folder)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
