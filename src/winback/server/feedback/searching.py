"""Rare words in a million comments: the Parquet tells which rows to look at, the database what they hold.

The database would read every comment, newest first, until a page is full; for a word that few have said that is all of
them. The Parquet has them in a column of their own, and is read in a quarter of the time. A row is looked at if the Parquet has the text in it, or if its
day has changed since the Parquet was written. What is shown is decided by the query as it was: who may see what, and the
words as they stand now. So there is no index of words to keep, to undo or to erase anybody from.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from winback.server import warehouse
from winback.server.feedback.models import Feedback
from winback.server.sources.models import DirtyDay, SyncRun
from winback.server.workspaces.models import Workspace

FEW = 50_000  # rows that the database reads soon enough by itself
RARE = 2000  # rows with the text at most; what more have said is soon found among the newest
ID = "wb_id"  # as exports.parquet.ID


def holding(text: str) -> Q:
    """Feedback with this text in its comment, or for an id."""
    return Q(comment__icontains=text) | Q(external_id=text)


def with_text(rows: QuerySet[Feedback], workspace: Workspace, text: str) -> QuerySet[Feedback]:
    """Those of the rows that hold the text."""
    rows = rows.filter(holding(text))
    few = _candidates(workspace, text)
    return rows if few is None else rows.filter(pk__in=few)


def _candidates(workspace: Workspace, text: str) -> set[int] | None:
    """The ids of all rows that may hold the text; None where that does not help."""
    # before the manifest: a mark is taken away after the manifest that answers it has come
    marked = set(_days(DirtyDay.objects.filter(workspace=workspace, run=None)))
    runs = dict(SyncRun.objects.filter(workspace=workspace, live=False, state__in=("published", "undone")).values_list("id", "state"))  # fmt: skip
    place = warehouse.folder(settings.HOME, workspace.pk)
    manifest = warehouse.read(place)
    files = manifest.of("feedback") if manifest else ()
    if manifest is None or sum(file.rows for file in files) < FEW:
        return None
    known = {pk for pk, state in runs.items() if manifest.runs.get(str(pk)) == state}
    switched = (set(runs) | {int(pk) for pk in manifest.runs}) - known
    marked |= set(_days(DirtyDay.objects.filter(workspace=workspace, run__in=switched)))
    changed = Q(local_date__in=marked - {None})
    if None in marked:
        changed |= Q(local_date=None)
    fresh = Feedback.objects.filter(holding(text), changed, workspace=workspace).values_list("pk", flat=True)
    found = {*_in_parquet([str(place / file.name) for file in files], text), *(fresh[: RARE + 1] if marked else ())}
    return found if len(found) <= RARE else None


def _days(marks: QuerySet[Any]) -> list[dt.date | None]:
    return list(marks.filter(table="feedback").values_list("day", flat=True).distinct())


def _in_parquet(files: list[str], text: str) -> list[int]:
    from winback.connectors.csvfile import engine  # it loads DuckDB

    asked = f"SELECT {ID} FROM read_parquet(?) WHERE contains(lower(comment), lower(?)) OR external_id = ? LIMIT {RARE + 1}"  # noqa: S608 (names and numbers of our own)  # fmt: skip
    with engine.connect() as duck:
        return [pk for (pk,) in duck.execute(asked, [files, text, text]).fetchall()]
