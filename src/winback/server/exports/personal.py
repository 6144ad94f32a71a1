"""The Parquet holds what the tables hold: once those are erased, their days are written again and the old files deleted."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from winback.server.exports.actions import refresh
from winback.server.redaction import Person
from winback.server.workspaces.models import Workspace

MODELS: tuple[type[Model], ...] = ()


def erase(*, person: Person) -> dict[str, int]:
    """Nothing here: the slices have marked their days; `finish` writes them when the erasure stands."""
    return {}


def export(*, person: Person) -> dict[str, list[dict[str, Any]]]:
    return {}


def finish(*, workspace: Workspace) -> None:
    """Write the marked days now, and delete the files that held more, those kept for readers too."""
    refresh(workspace=workspace, at_once=True)
