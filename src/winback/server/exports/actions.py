"""Bringing a workspace's Parquet up to date: what is dirty is written again, and one manifest switches over."""

from __future__ import annotations

import datetime as dt
import fcntl
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from winback.server import warehouse
from winback.server.database import atomic
from winback.server.exports import parquet
from winback.server.exports.rules import BY_DAY, BY_MONTH, TABLES, UNDATED, WHOLE, days_of, key_of, to_merge
from winback.server.sources.models import DirtyDay, SyncRun
from winback.server.warehouse import File, Manifest
from winback.server.workspaces.models import Workspace

COUNTED = ("published", "undone")  # states of an import in which its days count as dirty


@dataclass(frozen=True)
class Work:
    """What a refresh has to do: files to write again by table, and the marks this will have answered."""

    keys: Mapping[str, tuple[str, ...]]
    marks: tuple[int, ...]
    runs: Mapping[str, str]
    as_of: dt.datetime

    @property
    def nothing(self) -> bool:
        return not any(self.keys.values())


def place_of(workspace: Workspace) -> Path:
    return warehouse.folder(settings.HOME, workspace.pk)


def refresh(*, workspace: Workspace, at_once: bool = False, wait: bool = True) -> Manifest | None:
    """Write again what has changed since the last time, and make it what everybody reads.

    Returns the manifest that counts then; None where nothing was ever written and there is nothing to write, or where
    another refresh is at work and `wait` is False. `at_once` deletes the replaced files now instead of after a grace,
    for an erasure.
    """
    place = place_of(workspace)
    with locked(place, wait=wait) as held:
        if not held:
            return None
        manifest = warehouse.read(place)
        with snapshot():
            work = find_work(workspace, manifest)
            if not work.nothing:
                manifest = _written(workspace, place, manifest, work)
        if manifest is not None:
            grace = dt.timedelta(0) if at_once else warehouse.GRACE
            swept = warehouse.sweep(place, manifest, now=timezone.now(), grace=grace)
            if swept is not None and swept.dropped != manifest.dropped:
                warehouse.swap(place, swept)
                manifest = swept
        _forget(work)
    return manifest


def _written(workspace: Workspace, place: Path, old: Manifest | None, work: Work) -> Manifest:
    """Write the files and swap the manifest."""
    place.mkdir(parents=True, exist_ok=True)
    replaced = {(table, key) for table, keys in work.keys.items() for key in keys}
    kept = [file for file in (old.files if old else ()) if (file.table, file.key) not in replaced]
    gone = [file for file in (old.files if old else ()) if (file.table, file.key) in replaced]
    made: list[File] = []
    for table, key in sorted(replaced):
        file = parquet.write(workspace, table, key, place)
        if file is not None:
            made.append(file)
    for table in {file.table for file in made}:
        warehouse.sync(place / table)
    now = timezone.now()
    files = tuple(sorted((*kept, *made), key=lambda file: (TABLES.index(file.table), file.key)))
    dropped = dict(old.dropped if old else {}) | {file.name: now.isoformat() for file in gone}
    numbered = parquet.numbered(place, [file for file in files if file.table == "feedback"])
    manifest = Manifest(secrets.token_hex(8), work.as_of, files, work.runs, dropped, numbered)
    warehouse.swap(place, manifest)
    return manifest


def find_work(workspace: Workspace, manifest: Manifest | None) -> Work:
    """What is dirty: marked days, days of imports published or undone since, and months that have closed.

    Everything, where nothing has been written yet.
    """
    as_of = timezone.now()
    today = as_of.astimezone(ZoneInfo(workspace.zone)).date()
    runs = {
        str(pk): state
        for pk, state in SyncRun.objects.filter(workspace=workspace, live=False, state__in=COUNTED).values_list(
            "id", "state"
        )
    }
    marks = tuple(DirtyDay.objects.filter(workspace=workspace, run=None).values_list("id", flat=True))
    if manifest is None:
        keys = {table: _all_keys(workspace, table, today) for table in TABLES}
        return Work(keys, marks, runs, as_of)
    changed = [int(pk) for pk, state in runs.items() if manifest.runs.get(pk, "") != state]
    dirty = set(
        DirtyDay.objects.filter(pk__in=marks).values_list("table", "day")
        if len(marks) < 500
        else DirtyDay.objects.filter(workspace=workspace, run=None).values_list("table", "day")
    )
    dirty |= set(DirtyDay.objects.filter(workspace=workspace, run__in=changed).values_list("table", "day"))
    wanted: dict[str, set[str]] = {table: set() for table in TABLES}
    for table, day in dirty:
        if table not in wanted:
            continue
        key = key_of(table, day, today)
        wanted[table].add(key)
        if key == WHOLE and table in BY_MONTH:
            wanted[table] |= set(_all_keys(workspace, table, today)) | {file.key for file in manifest.of(table)}
            wanted[table].discard(WHOLE)
    for table in BY_DAY:
        there = {file.key for file in manifest.of(table)}
        for old, month in to_merge(there, today).items():
            wanted[table] |= {old, month}
        # a day whose month has closed lies in the month's file: what is left of its own goes with it
        for key in list(wanted[table]):
            span = days_of(key)
            if span is not None and span[0] != span[1]:
                wanted[table] |= {k for k in there if k != key and (s := days_of(k)) and span[0] <= s[0] <= span[1]}
    return Work({table: tuple(sorted(keys)) for table, keys in wanted.items()}, marks, runs, as_of)


def _all_keys(workspace: Workspace, table: str, today: dt.date) -> tuple[str, ...]:
    if table not in (*BY_DAY, *BY_MONTH):
        return (WHOLE,)
    day = "month" if table in BY_MONTH else "local_date"
    found = parquet.rows(workspace, table, WHOLE).order_by().values_list(day, flat=True).distinct()
    return tuple(sorted({UNDATED if one is None else key_of(table, one, today) for one in found}))


def _forget(work: Work) -> None:
    """Take away the marks that have been answered. What was marked meanwhile is another row, and stays."""
    for start in range(0, len(work.marks), 500):
        with atomic():
            DirtyDay.objects.filter(pk__in=work.marks[start : start + 500]).delete()


@contextmanager
def snapshot() -> Iterator[None]:
    """One state of the database for all that is read inside, without keeping anybody from writing."""
    if connection.in_atomic_block:  # somebody's transaction, and its view of the database
        yield
        return
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


@contextmanager
def locked(place: Path, *, wait: bool = True) -> Iterator[bool]:
    """One refresh of a workspace at a time, whichever process it runs in. Gives False where `wait` is not allowed."""
    place.mkdir(parents=True, exist_ok=True)
    with (place / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
