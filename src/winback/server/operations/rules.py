"""What a task is called on the page."""

from __future__ import annotations

from collections.abc import Mapping

TITLES: Mapping[str, str] = {
    "accounts.reset": "A link for a new password",
    "exports.refresh": "Figures brought up to date",
    "exports.watch": "Look for figures that are behind",
    "jobs.tidy": "Forget old jobs",
    "outbox.send": "Send what may leave",
    "workspaces.remove": "A workspace deleted",
}


def title(task: str) -> str:
    """A task in words; one without words by its name: imports.stage, "imports: stage"."""
    return TITLES.get(task) or task.replace(".", ": ").replace("_", " ")
