"""Records on their way from a file to the engine: rows of text with their lines, and what could not be a row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

ROWS, CELLS, CHARACTERS = 50_000, 600_000, 16 << 20  # a chunk is handed on when it holds one of these


_YEAR = re.compile(r"(19|20)\d\d")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_DATE = re.compile(r"(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4})([T ]\d{1,2}:\d{2}.*)?")


class Rejected(NamedTuple):
    """A record that could not be a row. Its fields are kept as far as they can be told."""

    line: int
    reason: str
    message: str
    fields: Sequence[str] = ()


@dataclass
class Records:
    """A chunk of records: equally long rows of text, the line each began on, and what was rejected."""

    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    characters: int = 0  # about as many; enough to bound memory

    @property
    def full(self) -> bool:
        rows = len(self.rows)
        return rows >= ROWS or self.characters >= CHARACTERS or (rows > 0 and rows * len(self.rows[0]) >= CELLS)


def unique_names(cells: Iterable[str]) -> list[str]:
    """Names of columns, each once, fit to be printed: blanks become "column 3", a second "Q1" becomes "Q1 (2)"."""
    tidy = [" ".join(_printable(cell).split()) for cell in cells]
    given = set(tidy)
    seen: Counter[str] = Counter()
    names = []
    for place, cell in enumerate(tidy, start=1):
        name = cell or f"column {place}"
        seen[name] += 1
        while seen[name] > 1 and f"{name} ({seen[name]})" in given:
            seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names


def _printable(text: str) -> str:
    """Without control characters, which SQL and screens trip over, and without what cannot be written as UTF-8."""
    return "".join(
        " " if character < " " or character == "\x7f" else "\ufffd" if "\ud800" <= character <= "\udfff" else character
        for character in text.replace("\ufeff", "")
    )


def readable(text: str) -> str:
    """A field of a rejected record as it can be stored and shown: what is no text becomes U+FFFD."""
    return text.replace("\x00", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def looks_like_data(cells: Sequence[str]) -> bool:
    """Whether a first row holds values where names should be: a date, or numbers in a fifth of its cells.

    Years may be names, as in a table with a column for each, unless there is nothing else.
    """
    filled = [cell for cell in cells if cell]
    years = sum(bool(_YEAR.fullmatch(cell)) for cell in filled)
    numbers = sum(bool(_NUMBER.fullmatch(cell)) for cell in filled)
    if numbers == len(filled) or any(_DATE.fullmatch(cell) for cell in filled):
        return bool(filled)
    return 5 * (numbers - years) >= len(filled)
