"""What every analysis returns: a frozen result with an Arrow table, that prints itself and draws itself."""

from __future__ import annotations

import datetime as dt
import html
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pyarrow as pa

from winback.charts import Chart
from winback.charts.labels import signed

_SCORES = ("nps", "low", "high", "shrunk_nps", "change", "rate", "mix", "total")
_SHARES = ("share", "p_worse")
SHOWN = 40  # rows printed


@dataclass(frozen=True)
class Result(ABC):
    """A table of figures. `print(result)` shows it, `result.table` is Arrow, `result.chart()` a Vega-Lite picture.

    Typed alone at a prompt it is one line; a notebook shows the table.
    """

    table: pa.Table
    heading: ClassVar[str] = ""
    columns: ClassVar[tuple[str, ...]] = ()  # shown when printed; all where empty

    def __init_subclass__(cls, **options: Any) -> None:
        """Every result is one line at a prompt: a dataclass writes down all it holds, unless its class says otherwise."""
        super().__init_subclass__(**options)
        if "__repr__" not in vars(cls):
            cls.__repr__ = Result.__repr__  # type: ignore[method-assign]

    def __repr__(self) -> str:
        about = self.summary() or self.heading
        rows = self.table.num_rows
        return f"<{type(self).__name__}, {rows:,} {'row' if rows == 1 else 'rows'}: {about.rstrip('.')}>"

    def rows(self) -> list[dict[str, Any]]:
        """The table as plain rows, dates as ISO text, as they stand in the JSON report."""
        names = self.table.column_names
        columns = [_plain_column(column) for column in self.table.columns]  # a hundred thousand rows: by column
        return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]

    @abstractmethod
    def chart(self) -> Chart:
        """The picture of these figures."""

    def summary(self) -> str:
        """One sentence that says what the table shows."""
        return ""

    def __str__(self) -> str:
        head, body = self._shown()
        widths = [max(len(row[i]) for row in [head, *body]) for i in range(len(head))]
        left = [self._is_text(name) for name in self._names()]

        def line(row: Sequence[str]) -> str:
            return "  ".join(
                c.ljust(w) if to_left else c.rjust(w) for c, w, to_left in zip(row, widths, left, strict=True)
            ).rstrip()

        lines = [self.heading, self.summary(), line(head), *(line(row) for row in body)]
        if self.table.num_rows > SHOWN:
            lines.append(f"… and {self.table.num_rows - SHOWN:,} more rows in .table")
        return "\n".join(text for text in lines if text)

    def _repr_html_(self) -> str:
        head, body = self._shown()
        cells = "".join(f"<th>{html.escape(c)}</th>" for c in head)
        rows = "".join("<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in row) + "</tr>" for row in body)
        return (
            f"<p>{html.escape(self.summary())}</p><table><thead><tr>{cells}</tr></thead><tbody>{rows}</tbody></table>"
        )

    def _names(self) -> list[str]:
        names = self.table.column_names
        return [name for name in self.columns if name in names] or names

    def _is_text(self, name: str) -> bool:
        type_ = self.table.schema.field(name).type
        return bool(pa.types.is_string(type_) or pa.types.is_list(type_))

    def _shown(self) -> tuple[list[str], list[list[str]]]:
        names = self._names()
        body = [
            [_cell(name, row[name]) for name in names] for row in self.table.select(names).slice(0, SHOWN).to_pylist()
        ]
        return [name.replace("_", " ") for name in names], body


def _plain_column(column: pa.ChunkedArray) -> list[Any]:
    """The values of a column; only where there may be dates is each of them looked at."""
    values: list[Any] = column.to_pylist()
    looked = pa.types.is_temporal(column.type) or pa.types.is_struct(column.type)
    return [_plain(value) for value in values] if looked else values


def _plain(value: Any) -> Any:
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return value


def _cell(name: str, value: Any) -> str:
    """A value as the mockups write it: scores signed, shares in percent, a dash for nothing."""
    if value is None:
        return "–"
    if isinstance(value, list):
        return " · ".join("(blank)" if part is None else str(part) for part in value)
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, float):
        if name.endswith(_SCORES):
            return signed(value, 1)
        if any(part in name for part in _SHARES):
            return f"{100 * value:.0f} %"
        return f"{value:,.4g}"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)
