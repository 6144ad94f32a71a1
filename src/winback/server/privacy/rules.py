"""What may be kept for how long. No database, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from winback.errors import UserError

SHORTEST, LONGEST = 1, 36_500  # days


@dataclass(frozen=True)
class Kind:
    """A kind of thing that a rule can bound: what goes, and what stays."""

    title: str
    goes: str


KINDS: Mapping[str, Kind] = {
    "comments": Kind("Words of answers", "what customers wrote; the score, its day and its segments stay"),
    "touches": Kind("Contact log", "who was approached when; counts of it go too"),
    "messages": Kind("Messages that have ended", "address and text; that one was sent stays"),
    "rejected rows": Kind("Rejected rows", "the rows; how many there were stays with the import"),
    "audit": Kind("Audit", "who did what; nothing of it stays"),
}


def checked_days(text: str) -> int:
    """A number of days. Raises UserError for anything else."""
    if not text.strip().isascii() or not text.strip().isdigit() or not SHORTEST <= int(text) <= LONGEST:
        raise UserError(f'"{text}" is no number of days; write one from {SHORTEST} to {LONGEST:,}.')
    return int(text)
