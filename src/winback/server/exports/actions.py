"""Bringing a workspace's Parquet up to date: what is dirty is written again, and one manifest switches over."""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import math
import secrets
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from winback.server import warehouse
from winback.server.database import atomic, gather_statistics
from winback.server.exports import codings, parquet
from winback.server.exports.parquet import Item
from winback.server.exports.rules import BY_DAY, BY_MONTH, BY_MONTH_SAID, TABLES, UNDATED, WHOLE, key_of, to_merge
from winback.server.jobs.actions import enqueue
from winback.server.sources.models import DirtyDay, SyncRun
from winback.server.warehouse import File, Manifest
from winback.server.workspaces.models import Workspace

COUNTED = ("published", "undone")  # states of an import in which its days count as dirty
PENDING = "pending.json"


@dataclass(frozen=True)
class Work:
    """A refresh under way: files it replaces, rows still to write, files written, and the marks it will have answered.

    `base` is the manifest it began with. A large one is done in several chunks; this is kept between them.
    """

    base: str
    as_of: dt.datetime
    runs: Mapping[str, str]
    marks: tuple[int, ...]
    replaced: tuple[tuple[str, str], ...]
    left: tuple[Item, ...]
    made: tuple[File, ...] = ()


def place_of(workspace: Workspace) -> Path:
    return warehouse.folder(settings.HOME, workspace.pk)


def refresh(*, workspace: Workspace, at_once: bool = False) -> Manifest | None:
    """Write again what has changed since the last time, and make it what everybody reads.

    Returns the manifest that counts then. `at_once` deletes the replaced files now instead of after a grace, for an
    erasure. Waits for another refresh of the same workspace.
    """
    while not step(workspace=workspace, at_once=at_once):
        pass
    return warehouse.read(place_of(workspace))


def step(*, workspace: Workspace, seconds: float = math.inf, at_once: bool = False, wait: bool = True) -> bool:
    """A chunk of a refresh of about so many seconds; True once everything that was dirty at its start is done.

    The manifest is swapped at the end of the last chunk, so that readers see no half of an import. With `wait` False
    it is done where another refresh is at work: that one does it.
    """
    place = place_of(workspace)
    until = time.monotonic() + seconds
    with locked(place, wait=wait) as held:
        if not held:
            return True
        manifest = warehouse.read(place)
        with snapshot():
            work = _pending(place, workspace, manifest) or find_work(workspace, manifest)
            left, made = list(work.left), list(work.made)
            while left:
                item = left.pop(0)
                file, more = (
                    (codings.write(workspace, item.key, place), None)
                    if item.table in BY_MONTH_SAID
                    else parquet.write(workspace, item, place)
                )
                made += [file] if file else []
                left[:0] = [more] if more else []
                if time.monotonic() >= until:
                    break
        work = replace(work, left=tuple(left), made=tuple(made))
        if left:
            _keep(place, work)
            return False
        if work.replaced or manifest is None or dict(manifest.runs) != work.runs:
            manifest = _switched(place, manifest, work)
        grace = dt.timedelta(0) if at_once else warehouse.GRACE
        swept = warehouse.sweep(place, manifest, now=timezone.now(), grace=grace)
        if swept != manifest:
            warehouse.swap(place, swept)
    _forget(work)
    if made:
        gather_statistics()  # much has changed: searches in the tables should know
    return True


def _switched(place: Path, old: Manifest | None, work: Work) -> Manifest:
    """Make the files written the ones that count."""
    for table in {file.table for file in work.made}:
        warehouse.sync(place / table)
    before = old.files if old else ()
    replaced = set(work.replaced)
    gone = [file for file in before if (file.table, file.key) in replaced]
    files = sorted(
        (*(file for file in before if (file.table, file.key) not in replaced), *work.made),
        key=lambda file: (TABLES.index(file.table), file.key, file.name),
    )
    now = timezone.now().isoformat()
    dropped = {**(old.dropped if old else {}), **{file.name: now for file in gone}}
    numbered = parquet.numbered(place, [file for file in files if file.table == "feedback"])
    manifest = Manifest(secrets.token_hex(8), work.as_of, tuple(files), work.runs, dropped, numbered)
    warehouse.swap(place, manifest)
    return manifest


def behind(workspace: Workspace) -> bool:
    """Whether something has changed since the last refresh, or one is under way."""
    place = place_of(workspace)
    manifest = warehouse.read(place)
    if manifest is None or (place / PENDING).exists() or dict(manifest.runs) != _runs(workspace):
        return True
    if DirtyDay.objects.filter(workspace=workspace, run=None).exists():
        return True
    today = timezone.now().astimezone(ZoneInfo(workspace.zone)).date()
    if any(to_merge({file.key for file in manifest.of(table)}, today) for table in BY_DAY):
        return True
    old = timezone.now() - warehouse.GRACE
    return any(dt.datetime.fromisoformat(since) <= old for since in manifest.dropped.values())


def request(*, workspace: Workspace) -> None:
    """Have the workspace's Parquet brought up to date in the background, once this transaction has ended."""
    enqueue(task="exports.refresh", workspace_id=workspace.pk, key=str(workspace.pk), workspace=workspace.pk)


def find_work(workspace: Workspace, manifest: Manifest | None) -> Work:
    """What is dirty: marked days, days of imports published or undone since, and months that have closed.

    Everything, where nothing has been written yet.
    """
    as_of = timezone.now()
    today = as_of.astimezone(ZoneInfo(workspace.zone)).date()
    runs = _runs(workspace)
    marked = list(DirtyDay.objects.filter(workspace=workspace, run=None).values_list("id", "table", "day"))
    if manifest is None:
        wanted = {(table, key) for table in TABLES for key in _all_keys(workspace, table, today)}
    else:
        changed = [int(pk) for pk, state in runs.items() if manifest.runs.get(pk) != state]
        of_runs = DirtyDay.objects.filter(workspace=workspace, run__in=changed).values_list("table", "day")
        dirty = {(table, day) for _, table, day in marked} | set(of_runs)
        # what was found in a comment stands in the file of its day, with its words
        dirty |= {("codings", day) for table, day in dirty if table == "feedback"}
        wanted = _wanted(workspace, manifest, dirty, today)
    fresh = sorted((table, key) for table, key in wanted if table not in BY_DAY or not to_merge({key}, today))
    items = [item for table, key in fresh for item in parquet.items(workspace, table, key)]
    marks = tuple(pk for pk, _, _ in marked)
    return Work(manifest.id if manifest else "", as_of, runs, marks, tuple(sorted(wanted)), tuple(items))


def _wanted(
    workspace: Workspace, manifest: Manifest, dirty: Collection[tuple[str, dt.date | None]], today: dt.date
) -> set[tuple[str, str]]:
    """The files (table, key) that hold these days."""
    wanted: set[tuple[str, str]] = set()
    for table, day in dirty:
        if table in TABLES:
            wanted.add((table, key_of(table, day, today)))
    for table in BY_MONTH:
        if (table, WHOLE) in wanted:
            months = {*_all_keys(workspace, table, today), *(file.key for file in manifest.of(table))}
            wanted = {*wanted, *((table, key) for key in months)} - {(table, WHOLE)}
    for table in BY_DAY:
        # of a month that has closed all days go into one file, whichever of them was touched
        closed = to_merge({file.key for file in manifest.of(table)}, today)
        wanted |= {(table, key) for pair in closed.items() for key in pair}
    return wanted


def _all_keys(workspace: Workspace, table: str, today: dt.date) -> set[str]:
    if table in BY_MONTH_SAID:
        return {key_of(table, day, today) for day in codings.days(workspace)}
    if table not in (*BY_DAY, *BY_MONTH):
        return {WHOLE}
    return {UNDATED if day is None else key_of(table, day, today) for day in parquet.days(workspace, table)}


def _runs(workspace: Workspace) -> dict[str, str]:
    found = SyncRun.objects.filter(workspace=workspace, live=False, state__in=COUNTED).values_list("id", "state")
    return {str(pk): state for pk, state in found}


def _keep(place: Path, work: Work) -> None:
    kept = {**asdict(work), "as_of": work.as_of.isoformat()}
    fresh = place / f"{PENDING}.{secrets.token_hex(4)}"
    fresh.write_text(json.dumps(kept), encoding="utf-8")
    fresh.replace(place / PENDING)


def _pending(place: Path, workspace: Workspace, manifest: Manifest | None) -> Work | None:
    """The refresh that was begun in an earlier chunk; None where it no longer fits what is there."""
    try:
        kept = json.loads((place / PENDING).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    work = Work(
        kept["base"], dt.datetime.fromisoformat(kept["as_of"]), kept["runs"], tuple(kept["marks"]),
        tuple((table, key) for table, key in kept["replaced"]), tuple(Item(**item) for item in kept["left"]),
        tuple(warehouse.file_of(file) for file in kept["made"]),
    )  # fmt: skip
    (place / PENDING).unlink()
    same = work.base == (manifest.id if manifest else "") and work.runs == _runs(workspace)
    return work if same and all((place / file.name).exists() for file in work.made) else None


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
