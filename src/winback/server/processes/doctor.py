"""What is wrong with an installation, found by looking: each finding is a sentence that says what to do."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from winback.errors import UserError
from winback.server import environment
from winback.server.processes import databases, lock
from winback.server.processes.ready import steps_missing

LITTLE_SPACE = 1024**3
NO_SPACE = 100 * 1024**2
LATE = dt.timedelta(minutes=2)


@dataclass(frozen=True)
class Finding:
    """What was looked at, how it is ("good", "note" or "wrong"), and a sentence."""

    what: str
    state: str
    sentence: str


def findings() -> list[Finding]:
    """Look at everything. A look that needs what an earlier one found wrong is left out."""
    try:
        given = environment.read(os.environ)
        from winback.server.start import django_ready

        django_ready()
    except UserError as error:
        return [Finding("settings", "wrong", str(error))]
    home: Path = given["WINBACK_HOME"]
    found = [*address(given), *folder(home), *disk(home)]
    try:
        missing = steps_missing()
    except UserError as error:
        return [*found, Finding("database", "wrong", str(error))]
    if missing:
        what = f"{len(missing)} steps are missing. Run `winback upgrade`, or `winback init` where this is new."
        return [*found, Finding("database", "wrong", what)]
    looks: tuple[Callable[[], Iterator[Finding]], ...] = (
        database, clock, mail, lambda: running(home), jobs, lambda: warehouses(home),
    )  # fmt: skip
    return [*found, *(finding for look in looks for finding in look())]


def address(given: dict[str, object]) -> Iterator[Finding]:
    """Whether the address people type can work."""
    base = str(given["WINBACK_BASE_URL"])
    near = urlsplit(base).hostname in ("127.0.0.1", "localhost", "::1")
    if base.startswith("https://") and not given["WINBACK_TRUSTED_PROXIES"]:
        yield Finding(
            "address", "wrong",
            f"{base} is encrypted, and no proxy is trusted to say so: every page would lead to itself. "
            "Set WINBACK_TRUSTED_PROXIES to the proxy's address.",
        )  # fmt: skip
    elif base.startswith("http://") and not near:
        yield Finding("address", "note", f"{base} is not encrypted: passwords can be read on the way. Use https.")
    else:
        yield Finding("address", "good", f"people type {base}")


def folder(home: Path) -> Iterator[Finding]:
    """Whether the home folder can be written, and read by nobody else."""
    try:
        lock.folder(home)
    except UserError as error:
        yield Finding("folder", "wrong", str(error))
        return
    if not os.access(home, os.W_OK):
        yield Finding("folder", "wrong", f"This user cannot write in {home}. Give it the folder.")
    for name in ("secret-key", "winback.sqlite3"):
        path = home / name
        if path.exists() and name == "secret-key" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield Finding("folder", "wrong", f"Others can read {path}. Say: chmod 600 {path}")
        elif path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o004 and stat.S_IMODE(home.stat().st_mode) & 0o001:
            yield Finding("folder", "note", f"Every user of this machine can read {path}. Say: chmod 700 {home}")
    if lock.restoring(home).exists():
        yield Finding(
            "folder", "wrong", "A restore was broken off. Run `winback restore` again; pages are closed until then."
        )
    yield Finding("folder", "good", f"everything lies in {home}")


def disk(home: Path) -> Iterator[Finding]:
    """Whether there is room."""
    there = next(path for path in (home, *home.parents) if path.exists())
    free = shutil.disk_usage(there).free
    room = f"{free / 1024**3:,.1f} GiB free"
    if free < NO_SPACE:
        yield Finding("disk", "wrong", f"{room}: the disk is full. Make room; nothing that was acknowledged is lost.")
    else:
        yield Finding("disk", "note" if free < LITTLE_SPACE else "good", room)


def database() -> Iterator[Finding]:
    """Whether the database is whole, and can be backed up."""
    from django.db import connection

    if databases.engine() == "sqlite":
        with connection.cursor() as cursor:
            told = cursor.execute("PRAGMA quick_check(1)").fetchone()[0]
        if told != "ok":
            yield Finding("database", "wrong", f"SQLite says: {told}. Restore the last backup.")
            return
    elif shutil.which("pg_dump") is None:
        yield Finding(
            "database", "note", "pg_dump is missing, so `winback backup` cannot work: apt install postgresql-client"
        )
    yield Finding("database", "good", f"{databases.NAMES[databases.engine()]}, up to date")


def clock() -> Iterator[Finding]:
    """Whether this machine's clock agrees with the database's and does not go back."""
    from django.db import connection
    from django.db.models import Max
    from django.utils import timezone

    from winback.server.jobs.models import Job

    ahead = dt.timedelta(0)
    if databases.engine() == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            ahead = abs(timezone.now() - cursor.fetchone()[0])
    newest = Job.objects.aggregate(newest=Max("created_at"))["newest"]
    if newest is not None:
        ahead = max(ahead, newest - timezone.now())
    if ahead > dt.timedelta(seconds=30):
        yield Finding(
            "clock",
            "wrong",
            f"This machine's clock is {ahead.total_seconds():,.0f} s off. Set it (timedatectl set-ntp true).",
        )
    else:
        yield Finding("clock", "good", f"{timezone.now():%Y-%m-%d %H:%M} UTC")


def mail() -> Iterator[Finding]:
    """Whether the mail server takes us."""
    from django.conf import settings
    from django.core.mail import get_connection

    if not settings.MAIL_CONFIGURED:
        yield Finding("mail", "note", "no mail server (WINBACK_MAIL_URL): invitations and resets wait in the outbox")
        return
    try:
        connection = get_connection()
        connection.open()
        connection.close()
    except OSError as error:
        told = error.strerror or str(error) or type(error).__name__
        yield Finding("mail", "wrong", f"The mail server does not take us: {told}. Is WINBACK_MAIL_URL right?")
    else:
        yield Finding("mail", "good", "the mail server answers")


def running(home: Path) -> Iterator[Finding]:
    """What runs on this machine, and whether anybody does the jobs."""
    from django.utils import timezone

    from winback.server.jobs.models import Job

    web, workers = lock.holder(home, "web"), lock.holder(home, "workers")
    yield Finding(
        "web", "good" if web else "note", f"process {web.get('pid')}" if web else "not running on this machine"
    )
    waiting = Job.objects.filter(state="queued", due_at__lt=timezone.now() - LATE).order_by("due_at").first()
    if waiting is not None:
        late = timezone.now() - waiting.due_at
        yield Finding(
            "worker", "wrong",
            f"A job has waited for {late.total_seconds() / 60:,.0f} minutes. "
            + ("Are WINBACK_WORKERS too few?" if workers else "No worker runs: `winback serve`, or `winback worker`."),
        )  # fmt: skip
    else:
        yield Finding(
            "worker", "good" if workers else "note",
            f"process {workers.get('pid')}" if workers else "not running on this machine",
        )  # fmt: skip


def jobs() -> Iterator[Finding]:
    """Leases nobody holds any more, and what failed lately."""
    from django.utils import timezone

    from winback.server.jobs.models import Job

    stale = Job.objects.filter(state="running", lease_until__lt=timezone.now() - LATE).count()
    if stale:
        yield Finding("jobs", "note", f"{stale:,} were left by workers that ended; the next worker takes them")
    failed = Job.objects.filter(state="failed", ended_at__gt=timezone.now() - dt.timedelta(days=1)).count()
    if failed:
        yield Finding("jobs", "note", f"{failed:,} failed in the last day; the page Jobs says why")
    if not (stale or failed):
        yield Finding("jobs", "good", "none failed in the last day")


def warehouses(home: Path) -> Iterator[Finding]:
    """Whether every file that a workspace's manifest names is there."""
    from winback.server import warehouse
    from winback.server.workspaces.models import Workspace

    for workspace in Workspace.objects.order_by("slug"):
        place = warehouse.folder(home, workspace.pk)
        try:
            manifest = warehouse.read(place)
        except (OSError, ValueError, KeyError, TypeError):
            yield Finding("figures", "wrong", f"{place} cannot be read. Delete it: it is written again.")
            continue
        if manifest is None and (place / warehouse.MANIFEST).exists():
            yield Finding(
                "figures", "note", f"{workspace.slug}: of another version, or damaged; a worker writes them again"
            )
        elif manifest is None:
            yield Finding("figures", "good", f"{workspace.slug}: none yet")
        if manifest is None:
            continue
        gone = [file.name for file in manifest.files if not (place / file.name).exists()]
        if gone:
            sentence = f"{workspace.slug}: {len(gone):,} Parquet files are gone. Delete {place}: it is written again."
            yield Finding("figures", "wrong", sentence)
        else:
            yield Finding("figures", "good", f"{workspace.slug}: as of {manifest.as_of:%Y-%m-%d %H:%M} UTC")
