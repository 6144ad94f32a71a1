"""What a task is called on the page."""

from __future__ import annotations

from collections.abc import Mapping

TITLES: Mapping[str, str] = {
    "accounts.reset": "A link for a new password",
    "exports.embed": "Comments made ready to be found by their meaning",
    "exports.refresh": "Figures brought up to date",
    "exports.watch": "Look for figures that are behind",
    "feedback.rezone": "Days reckoned again in another time zone",
    "feedback.tell": "Tell others of new answers",
    "imports.look": "Look into a file",
    "imports.stage": "Read a file",
    "imports.sweep": "Clear away an import",
    "imports.tidy": "Look for imports that stand still",
    "imports.undo": "Undo an import",
    "jobs.tidy": "Forget old jobs",
    "outbox.send": "Send what may leave",
    "privacy.finish": "Erase somebody from the figures",
    "privacy.mask": "Mask personal data in comments",
    "privacy.nightly": "Erase again, and keep what may be kept",
    "privacy.retention": "Delete what has been kept long enough",
    "themes.assign": "Read comments for their themes",
    "themes.learn": "Learn from what people coded",
    "themes.nightly": "Look for new themes",
    "themes.propose": "Propose a codebook",
    "themes.suggest": "Ask a language model for names of reasons",
    "themes.watch": "Look for comments to read",
    "watch.look": "Look whether new answers came",
    "watch.run": "Watch for flare-ups",
    "workspaces.remove": "A workspace deleted",
}


def title(task: str) -> str:
    """A task in words; one without words by its name: imports.stage, "imports: stage"."""
    return TITLES.get(task) or task.replace(".", ": ").replace("_", " ")
