"""Writes to sources: making them, their standing runs, and what has to be exported again."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable

from django.utils import timezone

from winback.errors import UserError
from winback.server.bulk import Insert, insert_all, stored_time
from winback.server.database import atomic
from winback.server.lately import Lately
from winback.server.sources.models import DirtyDay, Source, SyncRun
from winback.server.workspaces import audit
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Workspace

BY_HAND = "by hand"
# names that winback gives, each to one kind: somebody else's source of that name would be in its way
KEPT = {BY_HAND: "by_hand", "new files": "file"}


def ensure_source(
    *, workspace: Workspace, name: str, kind: str, table: str = "feedback", by: Access | None = None
) -> Source:
    """The source of this name, made if it is not there. Raises UserError where it is of another kind.

    A source takes rows in one way only: two ways would replace each other's versions.
    """
    name = name.strip()
    if not name or len(name) > 120 or "\x00" in name:
        raise UserError("A source needs a name of 1 to 120 characters: the tool or the file the rows come from.")
    if KEPT.get(name.casefold(), kind) != kind:
        raise UserError(f'winback itself calls a source "{name.casefold()}". Choose another name.')
    place, now = (workspace.pk, workspace.created_at, name), time.monotonic()
    there = _lately.get(place, now=now)
    if there is None:
        there = Source.objects.filter(workspace=workspace, name=name).first()
        if there is not None and there.kind == "api":
            _lately.keep(place, there, now=now)
    if there is not None and there.kind == kind:
        return there
    with atomic():
        source, made = Source.objects.get_or_create(
            workspace=workspace, name=name, defaults={"kind": kind, "table": table}
        )
        if not made and source.kind != kind:
            ways = {"file": "files", "api": "the API", "by_hand": "pages"}
            raise UserError(
                f'The source "{name}" takes rows from {ways[source.kind]}, not from {ways[kind]}. Choose another name.'
            )
        if made:
            audit.record(verb="source made", target=name, by=by, workspace=workspace, kind=kind)
    return source


# Sources of the API, which every row asks for: nothing changes them, and they go with their workspace only
_lately: Lately[tuple[int, dt.datetime, str], Source] = Lately()


def live_run(*, source: Source) -> SyncRun:
    """The standing run of a source that single rows are written to; always published. Not to be changed.

    It is the same until a backup is put back, maybe by another machine: so it is asked for again after a moment.
    """
    place, now = (source.pk, source.created_at), time.monotonic()  # ids come again, in tests and after a restore
    known = _live.get(place, now=now)
    if known is not None:
        return known
    run = SyncRun.objects.filter(source=source, live=True).first()
    if run is None:
        with atomic():
            made, _ = SyncRun.objects.get_or_create(
                source=source,
                live=True,
                defaults={
                    "workspace_id": source.workspace_id,
                    "table": source.table,
                    "state": "published",
                    "published_at": timezone.now(),
                },
            )
            return made  # remembered the next time, when it is surely there
    _live.keep(place, run, now=now)
    return run


_live: Lately[tuple[int, dt.datetime], SyncRun] = Lately()


def mark_dirty(
    *, workspace: Workspace, table: str, days: Iterable[dt.date | None] = (None,), run: SyncRun | None = None
) -> None:
    """Say that these days of a table are to be exported again; call it in the transaction that changed them.

    With `run`, the days count once that run is published, and again when it is undone.
    """
    wanted = set(days)
    if run is not None:
        there = DirtyDay.objects.filter(workspace=workspace, table=table, run=run)
        wanted -= set(there.values_list("day", flat=True))
    insert_all(dirty_days(workspace, table, wanted, run))


def dirty_days(workspace: Workspace, table: str, days: Iterable[dt.date | None], run: SyncRun | None = None) -> Insert:
    """What marks these days, to be inserted together with the rows that make them so."""
    now = stored_time(timezone.now())
    return Insert(
        DirtyDay,
        {"workspace_id": workspace.pk, "table": table, "run_id": run.pk if run else None, "marked_at": now},
        ["day"],
        [(day.isoformat() if day else None,) for day in sorted(days, key=lambda day: day or dt.date.min)],
    )
