"""What pages show of imports."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from winback.connectors.rejected import REASONS, guarded
from winback.server.exports.queries import manifest_of
from winback.server.exports.rules import pooled
from winback.server.imports import actions, files
from winback.server.imports.rules import OPEN
from winback.server.jobs.models import Job
from winback.server.sources.models import RejectedRow, Source, SyncRun
from winback.server.workspaces.access import Access

PAGE = 30


def runs_for(access: Access) -> QuerySet[SyncRun]:
    """The imports of a workspace."""
    runs = SyncRun.objects.filter(workspace=access.workspace, live=False, source__kind="file")
    return runs.select_related("source", "started_by", "workspace")


def drafts(access: Access) -> list[SyncRun]:
    return list(runs_for(access).filter(state="draft").order_by("id")[:100])


def on_the_way(access: Access) -> list[SyncRun]:
    return list(runs_for(access).filter(state__in=OPEN).order_by("created_at", "id")[:100])


def past(access: Access, before: int | None = None) -> list[SyncRun]:
    """Imports that have ended, newest first; one more than a page where there are more."""
    runs = runs_for(access).exclude(state__in=("draft", *OPEN)).order_by("-id")
    return list((runs.filter(pk__lt=before) if before else runs)[: PAGE + 1])


def account(run: SyncRun) -> dict[str, Any] | None:
    """What the reader found in a draft's file, as it is asked now."""
    if "upload" not in run.options:
        return None
    return files.account(actions.folder(run), actions.asked_of(run))


def job_of(run: SyncRun, task: str) -> Job | None:
    return Job.objects.filter(workspace_id=run.workspace_id, task=task, key=f"run {run.pk}").order_by("-id").first()


def reasons(rejected: dict[str, int]) -> list[tuple[str, str, int]]:
    """Reasons with their words and counts, the most frequent first."""
    found = [(reason, REASONS.get(reason, reason), count) for reason, count in rejected.items()]
    return sorted(found, key=lambda line: -line[2])


def surveys_here(access: Access) -> list[str]:
    """The sorts of survey that answers here are known to be of, as figures know them."""
    manifest = manifest_of(access)
    counted, _ = pooled(file.stats for file in manifest.of("feedback")) if manifest else ({}, {})
    return sorted({survey for surveys in counted.values() for survey, answers in surveys.items() if survey and answers})


def source_names(access: Access, table: str) -> list[str]:
    names = Source.objects.filter(workspace=access.workspace, kind="file", table=table).exclude(name=actions.DRAFTS)
    return list(names.order_by("name").values_list("name", flat=True))


def rejected_csv(run: SyncRun) -> Iterator[str]:
    """The rejected rows of a run as CSV, piece by piece: line, reason, what to do, and the fields as they were.

    A draft's are read from its folder. Cells that a spreadsheet would run as a formula get an apostrophe in front.
    """
    names: list[str] | None = None
    for row in _rejected(run):
        text = io.StringIO()
        writer = csv.writer(text)
        if names is None:
            told = run.options.get("columns", [])  # PostgreSQL keeps no order of the fields in a row of JSON
            names = sorted(row["row"], key=lambda name: told.index(name) if name in told else len(told))
            text.write("\ufeff")
            writer.writerow(guarded(["line", "reason", "what to do", *names]))
        cells = [str(row["line"] or ""), row["reason"], row["message"], *(row["row"].get(name, "") for name in names)]
        writer.writerow(guarded(cells))
        yield text.getvalue()
    if names is None:
        yield "\ufeffline,reason,what to do\r\n"


def _rejected(run: SyncRun) -> Iterator[dict[str, Any]]:
    if run.state == "draft":
        yield from files.rejected(actions.folder(run))
        return
    rows = RejectedRow.objects.filter(run=run).order_by("line", "id")
    for row in rows.values("line", "reason", "message", "row").iterator(chunk_size=500):
        yield dict(row)
