"""What a connector hands over: canonical tables, and the honest account of how they came about."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from winback.connectors.rejected import REASONS, write_rejected
from winback.tables import Tables

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

__all__ = ["REASONS", "Reading", "SourceFile", "TableFile", "write_rejected"]


@dataclass(frozen=True)
class SourceFile:
    """The file behind a table."""

    name: str
    format: str
    encoding: str | None = None
    delimiter: str | None = None
    compressed: bool = False


def _no_batches() -> Iterator[pa.RecordBatch]:
    return iter(())


@dataclass(frozen=True)
class TableFile:
    """A canonical table read from a file, and how: mapping (canonical: column), rows and warnings."""

    table: str
    name: str
    frame: duckdb.DuckDBPyRelation
    mapping: Mapping[str, str]
    rows: int
    rejected: Mapping[str, int]
    warnings: tuple[str, ...]
    attributes: tuple[str, ...]
    currency: str
    examples: Sequence[Mapping[str, Any]] = ()
    rejected_batches: Callable[[], Iterator[pa.RecordBatch]] = _no_batches


@dataclass(frozen=True)
class Reading:
    """Canonical tables read from a file, with the mapping used and every row that was not taken, and why.

    `mapping` says which column is which; `detected` names the roles nobody gave. `rows` is every row of the file:
    those in `tables.feedback` and those counted in `rejected` by reason (the keys of REASONS) add up to it. `blank`
    answers skipped the question: they are kept in `tables.feedback` without a score and stand outside every figure.
    `attributes` are the columns of `tables.feedback` to split by; `plain` the columns that are canonical by name.
    `beside` are the files read beside it, by the name of their table; `connection` is the engine that holds them all.
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
    beside: Mapping[str, TableFile] = field(default_factory=dict)
    connection: Any = None
    _rejected_batches: Callable[[], Iterator[pa.RecordBatch]] = _no_batches

    def rejected_batches(self) -> Iterator[pa.RecordBatch]:
        """Every rejected row in batches, by line: line, reason, what to do, and the fields as they stand in the file.

        Where very many rows cannot even be parsed, a warning says how many of them are counted but not kept.
        """
        return self._rejected_batches()

    def rejected_rows(self) -> pa.Table:
        """Every rejected row as one table; see `rejected_batches`."""
        import pyarrow as pa

        batches = list(self.rejected_batches())
        return pa.Table.from_batches(batches) if batches else pa.table({})

    def __repr__(self) -> str:
        return f"<Reading of {self._counted()}; print() shows which column is what>"

    def _counted(self) -> str:
        return f"{self.file.name}: {self.rows:,} rows, {sum(self.rejected.values()):,} rejected, {self.blank:,} blank"

    def __str__(self) -> str:
        lines = [self._counted()]
        for role, column in self.mapping.items():
            if column:
                shown = column if isinstance(column, str) else ", ".join(column)
                lines.append(f"  {role:12} {shown}{'  (detected)' if role in self.detected else ''}")
        lines.append(f"  {'zone':12} {self.tables.zone}")
        bands = self.tables.bands.describe()
        lines.append(
            f"  {'scale':12} {bands['scale']}: detractors {bands['detractors']}, promoters {bands['promoters']}"
        )
        for file in self.beside.values():
            lost = sum(file.rejected.values())
            lines.append(f"{file.name}: {file.rows:,} rows, {lost:,} rejected, as {file.table}")
            columns = "; ".join(f"{name}: {column}" for name, column in file.mapping.items())
            lines.append(textwrap.fill(columns, 100, initial_indent="  ", subsequent_indent="  "))
        return "\n".join(lines)
