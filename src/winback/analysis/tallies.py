"""One tally for many questions: the attributes are counted together where that is cheap, else set by set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw

from winback.analysis.tally import AnswerColumns, Tally, Unit, tally

FEW_ROWS = 1_000_000  # rows up to which all attributes together cannot make more cells than memory holds
FEW_CELLS = 200_000  # combinations of values up to which they are counted together whatever the rows


@dataclass
class Tallies:
    """Tallies of a frame by any of its attributes, each counted once.

    `of(attributes)` gives a tally that holds these attributes, and perhaps more of them.
    """

    feedback: Any
    by: tuple[str, ...] = ()
    unit: Unit | None = None
    columns: AnswerColumns = field(default_factory=AnswerColumns)
    _together: bool | None = None
    _kept: dict[tuple[str, ...], Tally] = field(default_factory=dict)

    def of(self, attributes: Sequence[str] = ()) -> Tally:
        """A tally that holds these attributes."""
        if isinstance(self.feedback, Tally):
            return self.feedback
        wanted = self.by if self._all_together() else tuple(attributes)
        if wanted not in self._kept:
            # What is asked for less finely is held by any finer tally already counted.
            finer = next((known for known in self._kept if set(wanted) <= set(known)), None)
            if finer is not None:
                return self._kept[finer]
            self._kept[wanted] = tally(self.feedback, by=wanted, unit=self.unit, **self.columns)
        return self._kept[wanted]

    def _all_together(self) -> bool:
        if self._together is None:
            self._together = len(self.by) <= 2 or self._few()
        return self._together

    def _few(self) -> bool:
        tables = getattr(self.feedback, "tables", self.feedback)
        frame = nw.from_native(getattr(tables, "feedback", tables)).lazy()
        asked = [nw.len().alias("rows"), *(nw.col(name).n_unique().alias(f"n{i}") for i, name in enumerate(self.by))]
        counts = frame.select(*asked[:1]).collect(backend="pyarrow").to_native().to_pylist()[0]
        if counts["rows"] <= FEW_ROWS:
            return True
        counts = frame.select(*asked[1:]).collect(backend="pyarrow").to_native().to_pylist()[0]
        cells = 1
        for count in counts.values():
            cells *= count + 1
        return cells <= FEW_CELLS
