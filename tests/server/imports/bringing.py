"""Files brought in as people do, for tests: kept, read, started, and done by the jobs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from winback.server.imports import actions, reading
from winback.server.imports.asked import Asked
from winback.server.jobs.actions import run_due
from winback.server.sources.models import SyncRun
from winback.server.workspaces.models import Workspace


def uploaded(workspace: Workspace, text: str, name: str = "answers.csv", **asked: Any) -> SyncRun:
    """A draft that has been read."""
    run = actions.keep(
        workspace=workspace, name=name, pieces=[text.encode()],
        asked=Asked(name, zone=workspace.zone, **asked),
    )  # fmt: skip
    reading.main(actions.folder(run))  # in this process, which takes a tenth of the time
    assert actions.look(run=run, seconds=0) is not None
    return run


def begun(workspace: Workspace, text: str, name: str = "answers.csv", source: str = "", **asked: Any) -> SyncRun:
    """An import that has been started, and not yet done."""
    run = uploaded(workspace, text, name, **asked)
    if source:
        run.options["source"] = source
        run.save()
    actions.start(run=run)
    return run


def brought(workspace: Workspace, text: str, name: str = "answers.csv", source: str = "", **asked: Any) -> SyncRun:
    """An import that was done."""
    run = begun(workspace, text, name, source, **asked)
    run_due()
    run.refresh_from_db()
    return run


def counts(run: SyncRun) -> tuple[int, int, int, int]:
    return run.new, run.changed, run.same, run.rejected_total


def left_in(home: Path, workspace: Workspace) -> list[str]:
    """What lies among the uploads of a workspace."""
    place = home / "files" / str(workspace.pk)
    return sorted(path.name for path in place.glob("*")) if place.exists() else []
