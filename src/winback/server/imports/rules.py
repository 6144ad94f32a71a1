"""What an import may do next, and how it is called: pure rules, no database and no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

DRAFTS_KEPT_DAYS = 7
SMALL = 4 * 2**20  # bytes up to which an upload is read while its owner waits

# what a state is called on a page
WORDS: Mapping[str, str] = {
    "draft": "waiting for you", "queued": "waiting its turn", "staging": "being read in", "staged": "being published",
    "published": "imported", "failed": "failed", "undone": "undone", "cancelled": "cancelled",
}  # fmt: skip
OPEN = ("queued", "staging", "staged")
GONE = ("failed", "cancelled", "undone")  # states whose rows are swept


@dataclass(frozen=True)
class UndoPreview:
    """What undoing an import would do, in rows."""

    new: int  # would go
    back: int  # would be as they were before it
    later: int  # were changed again by later imports, and stay as these say
    customers: int = 0  # would no longer be known at all

    @property
    def nothing(self) -> bool:
        return not (self.new or self.back or self.later)


def share(done: int, total: int) -> int:
    """Whole percent; 100 only when all is done."""
    if total <= 0:
        return 0
    return 100 if done >= total else min(99, done * 100 // total)
