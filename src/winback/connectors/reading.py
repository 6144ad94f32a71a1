"""What a connector hands over: canonical tables, and the honest account of how they came about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from winback.tables import Tables

if TYPE_CHECKING:
    import pyarrow as pa

REASONS: Mapping[str, str] = {
    "ragged_row": "the row has more or fewer fields than the header",
    "open_quote": "a quote is opened and never closed",
    "nul_byte": "the row holds a NUL byte",
    "not_json": "the line is no JSON object",
    "wrong_encoding": "the row holds bytes that do not fit the file's encoding",
    "file_cut": "the file ends in the middle",
    "score_not_a_number": "the score is neither a number nor blank",
    "score_out_of_range": "the score lies outside the scale",
    "date_unreadable": "the date cannot be read",
    "date_implausible": "the date lies before 1990",
    "date_in_future": "the date lies in the future",
    "weight_unusable": "the weight is missing, negative or no number",
    "duplicate_id": "a later row has the same id",
}


@dataclass(frozen=True)
class SourceFile:
    """The file behind a table."""

    name: str
    format: str
    encoding: str | None = None
    delimiter: str | None = None
    compressed: bool = False


@dataclass(frozen=True)
class Reading:
    """Canonical tables read from a file, with the mapping used and every row that was not taken, and why.

    `mapping` says which column is which; `detected` names the roles nobody gave. `rejected` counts by reason
    (the keys of REASONS); `rejected_rows()` gives them whole. `blank` answers skipped the question: they are
    kept in `tables.feedback` without a score and stand outside every figure.
    """

    tables: Tables
    file: SourceFile
    mapping: Mapping[str, str | tuple[str, ...] | None]
    detected: tuple[str, ...]
    scale_given: bool
    rows: int
    blank: int
    without_date: int
    rejected: Mapping[str, int]
    examples: Sequence[Mapping[str, Any]] = ()
    warnings: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    plain: Mapping[str, str] = field(default_factory=dict)
    _rejected_rows: Any = None

    def rejected_rows(self) -> pa.Table:
        """Every rejected row: line, reason, what to do, and the fields as they stand in the file."""
        table: pa.Table = self._rejected_rows()
        return table

    def __str__(self) -> str:
        lines = [
            f"{self.file.name}: {self.rows:,} rows, {sum(self.rejected.values()):,} rejected, {self.blank:,} blank"
        ]
        for role, column in self.mapping.items():
            if column:
                shown = column if isinstance(column, str) else ", ".join(column)
                lines.append(f"  {role:12} {shown}{'  (detected)' if role in self.detected else ''}")
        bands = self.tables.bands.describe()
        lines.append(
            f"  {'scale':12} {bands['scale']}: detractors {bands['detractors']}, promoters {bands['promoters']}"
        )
        return "\n".join(lines)
