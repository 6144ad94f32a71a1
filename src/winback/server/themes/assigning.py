"""The model's part: comments assigned to the codebook, taught by what people coded.

A chunk at a time, so that others come in between and a killed worker goes on where it was.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, Max, OuterRef, QuerySet

from winback.server import embedders
from winback.server.database import atomic
from winback.server.feedback.models import Feedback
from winback.server.jobs.models import Job
from winback.server.sources.actions import mark_dirty
from winback.server.themes.coding import locked, stand
from winback.server.themes.engine import engine_book, learned_of, taught_by
from winback.server.themes.models import CodebookVersion, Coding, Reading, Theme
from winback.server.themes.rules import words_digest
from winback.server.themes.words import Key
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Workspace

if TYPE_CHECKING:
    from winback.analysis.codebook import Codebook

CHUNK = 10_000  # comments assigned together: what people coded is learned anew for each
ASKED = 500  # where their vectors are asked for elsewhere: what was read is kept should it fail
LETTERS = 2_000_000  # characters of comments assigned together: seconds of work
WRITTEN = 500  # of them written together: others wait for it


OPEN = ("queued", "running")
TROUBLES = {
    "themes.propose": "No codebook could be proposed.",
    "themes.suggest": "The language model could not be asked to the end.",
    "themes.assign": "Comments could not be sorted.",
}


def state_of(access: Access) -> dict[str, Any]:
    """What the model is at.

    `proposing`: whether proposals are being made; `waiting`: how many comments wait to be read (a thousand at most);
    `troubles`: what was asked for last and failed, with why.
    """
    jobs = Job.objects.filter(workspace_id=access.workspace.pk, task__in=list(TROUBLES))
    has_themes = CodebookVersion.objects.filter(workspace=access.workspace).exists()
    waiting = unread(access.workspace)[:1000].count() if has_themes and access.scope.everything else 0
    latest = {job.task: job for job in jobs.filter(pk__in=jobs.order_by().values("task").annotate(last=Max("id")).values("last"))}  # fmt: skip
    return {
        "proposing": jobs.filter(task="themes.propose", state__in=OPEN).exists(),
        "waiting": waiting,
        "troubles": [
            (said, latest[task].error)
            for task, said in TROUBLES.items()
            if task in latest and latest[task].state == "failed"
        ],
    }


def sorting(access: Access) -> dict[str, int] | None:
    """How many comments are sorted by the codebook of now, of how many, while that goes on; None where all are.

    Who sees a part only is not told how many there are elsewhere.
    """
    jobs = Job.objects.filter(workspace_id=access.workspace.pk, task="themes.assign", state__in=OPEN)
    job = jobs.order_by("-id").first()
    if job is None:
        return None
    return {"done": job.done, "total": job.total or 0} if access.scope.everything else {"done": 0, "total": 0}


def sorted_so_far(workspace: Workspace) -> tuple[int, int]:
    """Comments that people, or the model by the codebook of now, have read, and all there are."""
    newest = CodebookVersion.objects.filter(workspace=workspace).aggregate(last=Max("number"))["last"] or 0
    read = Reading.objects.filter(workspace=workspace, stands=True).exclude(kind="model", version__lt=newest)
    return read.count(), Feedback.objects.visible(workspace).exclude(comment="").count()


def unread(workspace: Workspace) -> QuerySet[Feedback]:
    """Comments nobody has read as they stand now: new ones, and those whose row was written again."""
    read = Reading.objects.filter(
        source=OuterRef("source"), external_id=OuterRef("external_id"), stands=True, seen=OuterRef("updated_at")
    )
    rows: QuerySet[Feedback] = Feedback.objects.visible(workspace)
    return rows.exclude(comment="").filter(~Exists(read))


def assign_chunk(*, workspace: Workspace, seconds: float = 10.0) -> bool:
    """Assign comments that wait to be read to the codebook; True once none waits.

    Comments whose row was written again with the same words keep their reading. What people found is never written over.
    """
    until = time.monotonic() + seconds
    book = engine_book(workspace)
    if book is None or not book.themes:
        return True
    embedders.check(workspace, book.model)
    learned = taught_by(book, learned_of(workspace))
    most = ASKED if embedders.elsewhere(book.model) else CHUNK
    while True:
        rows = list(unread(workspace).order_by("-id").values_list(*_FIELDS)[:most])
        if len(rows) < most:
            new = {row[0] for row in rows}
            rows += [row for row in _outdated(workspace, book.version, most - len(rows)) if row[0] not in new]
        if not rows:
            return True
        rows = _together(rows)
        _assign(workspace, [Feedback(**dict(zip(_FIELDS, row, strict=True))) for row in rows], book, learned)
        if time.monotonic() >= until:
            return False


_FIELDS = ("id", "workspace_id", "source_id", "external_id", "comment", "local_date", "updated_at")


def _together(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """As many of the rows as have LETTERS characters in their comments, the first in any case: some people write letters."""
    so_far = list(accumulate(len(row[_FIELDS.index("comment")]) for row in rows))
    return [row for row, letters in zip(rows, so_far, strict=True) if letters <= max(LETTERS, so_far[0])]


def _outdated(workspace: Workspace, version: int, most: int) -> list[tuple[Any, ...]]:
    """Comments that the model read by an earlier version of the codebook, and nobody since."""
    old = Reading.objects.filter(workspace=workspace, kind="model", stands=True, version__lt=version)
    keys = list(old.order_by("id").values_list("source_id", "external_id")[:most])
    if not keys:
        return []
    rows = Feedback.objects.visible(workspace).filter(
        source_id__in={source for source, _ in keys}, external_id__in=[external_id for _, external_id in keys]
    )
    wanted = set(keys)
    found = [row for row in rows.values_list(*_FIELDS) if (row[2], row[3]) in wanted]
    gone = wanted - {(row[2], row[3]) for row in found}
    for source, external_id in gone:  # of an import that was undone: kept, and read again should it come back
        Reading.objects.filter(source_id=source, external_id=external_id, kind="model").update(version=version)
    return found


def _assign(
    workspace: Workspace, rows: Sequence[Feedback], book: Codebook, learned: Sequence[tuple[str, Sequence[str]]]
) -> None:
    from winback.analysis.codebook import assign

    digests = {row.pk: words_digest(row.comment) for row in rows}
    there = _readings(rows)
    same = [
        row for row in rows
        if any(r.digest == digests[row.pk] and (r.kind != "model" or r.version >= book.version) for r in there.get(_key(row), ()))
    ]  # fmt: skip
    again = {row.pk for row in same}
    new = [row for row in rows if row.pk not in again]
    table = assign([row.comment for row in new], book, learned=learned).to_pylist() if new else []
    found: dict[int, list[dict[str, Any]]] = {row.pk: [] for row in new}
    for one in table:
        found[new[one["row"]].pk].append(one)
    themes = dict(Theme.objects.filter(workspace=workspace).values_list("key", "pk"))
    for start in range(0, len(rows), WRITTEN):
        with atomic():
            _write(workspace, rows[start : start + WRITTEN], book, digests, found, themes)


def _write(
    workspace: Workspace, rows: Sequence[Feedback], book: Codebook, digests: Mapping[int, int],
    found: Mapping[int, Sequence[Mapping[str, Any]]], themes: Mapping[str, int],
) -> None:  # fmt: skip
    """Write what was found in comments that are still as they were read; somebody may be coding one of them right now."""
    rows = locked(rows)
    there = _readings(rows)
    new = [row for row in rows if row.pk in found]
    for row in rows:
        if row.pk not in found:
            same = Reading.objects.filter(source_id=row.source_id, external_id=row.external_id, digest=digests[row.pk])
            same.update(seen=row.updated_at)
    gone = [r.pk for row in new for r in there.get(_key(row), ()) if r.kind == "model"]
    Reading.objects.filter(pk__in=gone).delete()
    model = f"{book.model or 'static'} {book.version}"
    readings = []
    for row in new:
        main = min(found[row.pk], key=lambda one: one["rank"] or 0)
        outcome = main["state"]
        alone = all(one.kind == "model" for one in there.get(_key(row), ()))
        readings.append(
            Reading(
                workspace=workspace, source_id=row.source_id, external_id=row.external_id, kind="model", model=model,
                digest=digests[row.pk], seen=row.updated_at, confidence=main["confidence"], stands=alone,
                outcome="nothing" if outcome == "blank" else outcome, version=book.version,
            )
        )  # fmt: skip
    made = Reading.objects.bulk_create(readings)
    Coding.objects.bulk_create(
        coding
        for row, reading in zip(new, made, strict=True)
        for coding in _codings(reading, row, found[row.pk], themes)
    )
    for row in rows:
        if any(one.kind != "model" for one in there.get(_key(row), ())):
            stand(row=row, digest=digests[row.pk])
    mark_dirty(workspace=workspace, table="codings", days={row.local_date for row in new})


def _codings(
    reading: Reading, row: Feedback, found: Sequence[Mapping[str, Any]], themes: Mapping[str, int]
) -> list[Coding]:
    codings: dict[int, Coding] = {}
    for one in sorted(found, key=lambda one: one["rank"] or 0):
        pk = themes.get(one["theme"] or "")
        if pk is None or pk in codings:
            continue
        start, end = one["start"], one["end"]
        if start is None or end is None or not 0 <= start < end <= len(row.comment):
            start = end = None
        codings[pk] = Coding(
            reading=reading, theme_id=pk, place=len(codings), start=start, end=end, confidence=one["confidence"]
        )
    return list(codings.values())


def _key(row: Feedback) -> Key:
    return row.source_id, row.external_id


def _readings(rows: Sequence[Feedback]) -> dict[Key, list[Reading]]:
    keys = {_key(row) for row in rows}
    found: dict[Key, list[Reading]] = {}
    there = Reading.objects.filter(
        source_id__in={source for source, _ in keys}, external_id__in=[external_id for _, external_id in keys]
    )
    for reading in there:
        if (key := (reading.source_id, reading.external_id)) in keys:
            found.setdefault(key, []).append(reading)
    return found
