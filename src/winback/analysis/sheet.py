"""A ready table from a file: named columns as text and as numbers, for panels and cubes that are counted already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from winback.connectors.csvfile.engine import trouble_as_sentence
from winback.connectors.csvfile.naming import words_of
from winback.connectors.csvfile.staging import stage
from winback.errors import UserError

Floats = NDArray[np.float64]

LARGEST = 1e100  # of a count or a sum: a mistyped one, and sums of many would leave the numbers there are


@dataclass(frozen=True)
class Sheet:
    """Columns of a file, rows in its order. texts: None where blank; lines: where each row stands."""

    name: str
    names: tuple[str, ...]
    texts: dict[str, list[str | None]]
    numbers: dict[str, Floats]
    lines: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.lines)

    def needs_counts(self, column: str) -> Floats:
        """A column of numbers that may be neither negative nor beyond what can be added up. Raises UserError naming the line."""
        values = self.numbers[column]
        if (values < 0).any():
            at = int(np.argmax(values < 0))
            raise UserError(
                f'{self.name} line {self.lines[at]}: "{column}" is {values[at]:g}; counts cannot be negative.'
            )
        if (values > LARGEST).any():
            at = int(np.argmax(values > LARGEST))
            raise UserError(
                f'{self.name} line {self.lines[at]}: "{column}" is {values[at]:g}, too large to be added up.'
            )
        return values


def read_sheet(path: str | Path, *, texts: Sequence[str], numbers: Sequence[str], rest: bool = False) -> Sheet:
    """Read the named columns of a file of any kind winback reads; with `rest` every other column as text.

    Raises UserError where a column is missing, or a cell of a column of numbers holds none.
    """
    staged = stage(Path(path))
    with trouble_as_sentence(staged.facts):
        known = {words_of(name): name for name in staged.names} | {name: name for name in staged.names}
        wanted: dict[str, str] = {}
        for name in [*texts, *numbers]:
            found = known.get(name) or known.get(words_of(name))
            if found is None:
                shown = ", ".join(staged.names[:12])
                raise UserError(f'{staged.facts.name} has no column "{name}"; it has {shown}.')
            wanted[name] = found
        others = [name for name in staged.names if name not in wanted.values()] if rest else []
        asked = [(name, staged.as_text(column)) for name, column in wanted.items()]
        asked += [(name, staged.as_text(name)) for name in others]
        parts = [f"nullif(trim({sql}), '') AS t{place}" for place, (_, sql) in enumerate(asked)]
        is_number = {place for place, (name, _) in enumerate(asked) if name in numbers}
        parts += [f"TRY_CAST(trim({asked[place][1]}) AS DOUBLE) AS n{place}" for place in sorted(is_number)]
        table = staged.raw.select(", ".join(["line", *parts])).to_arrow_table()
    lines = np.asarray(table.column("line"), dtype=np.int64)
    found_numbers = {}
    for place in sorted(is_number):
        values = np.array([np.nan if v is None else v for v in table.column(f"n{place}").to_pylist()], dtype=np.float64)
        bad = ~np.isfinite(values)
        if bad.any():
            at = int(np.argmax(bad))
            cell = table.column(f"t{place}")[at].as_py()
            said = "is blank" if cell is None else f'holds "{cell}"'
            raise UserError(f'{staged.facts.name} line {lines[at]}: "{asked[place][0]}" {said}; it needs a number.')
        found_numbers[asked[place][0]] = values
    found_texts = {
        asked[place][0]: table.column(f"t{place}").to_pylist() for place in range(len(asked)) if place not in is_number
    }
    return Sheet(staged.facts.name, tuple(name for name, _ in asked), found_texts, found_numbers, lines)
