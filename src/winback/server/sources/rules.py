"""What became of rows that came to a door."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Recorded:
    """Counts of rows taken; `refused` holds the place of each row that was not, with the sentence why.

    `masked`: comments in which personal data were masked; None where the workspace does not ask for that.
    """

    new: int
    changed: int
    same: int
    refused: tuple[tuple[int, str], ...] = ()
    masked: int | None = None
