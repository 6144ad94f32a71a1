"""XLSX workbooks: the first sheet that holds a table, its cells as text, with their line numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from winback.connectors.csvfile.delimited import CHUNK, Records, unique_names
from winback.connectors.csvfile.opening import Facts
from winback.errors import UserError


def read_records(facts: Facts) -> tuple[list[str], Iterator[Records]]:
    """The header and the rows of the first sheet with any, in chunks; every cell as text.

    Raises UserError for a workbook that is damaged, protected by a password, or holds no table.
    """
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(str(facts.path))
        sheets = [name for name in book.sheet_names if book.get_sheet_by_name(name).height > 0]
        if not sheets:
            raise UserError(f"{facts.name} has no sheet with rows; save the sheet with the table as CSV.")
        # Blank columns at the left are no columns of the table.
        grid = book.get_sheet_by_name(sheets[0]).to_python(skip_empty_area=True)
        top = book.get_sheet_by_name(sheets[0]).start or (0, 0)
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise UserError(
            f"{facts.name} cannot be opened as a workbook ({error}); save it again, without a password, or as CSV."
        ) from None
    first = next((place for place, row in enumerate(grid) if any(cell not in ("", None) for cell in row)), None)
    if first is None:
        raise UserError(f"{facts.name} has no row with anything in it; give the sheet with the table.")
    header = unique_names([_text(cell).strip() for cell in grid[first]])
    if all(isinstance(cell, (int, float)) for cell in grid[first] if cell not in ("", None)):
        raise UserError(
            f"{facts.name} row {top[0] + first + 1} holds numbers where the names of the columns should be; "
            "add a header row that names each column."
        )
    return header, _chunks(grid, first + 1, top[0])


def _chunks(grid: list[list[Any]], first: int, offset: int) -> Iterator[Records]:
    for start in range(first, max(len(grid), first + 1), CHUNK):
        chunk = Records()
        for place, row in enumerate(grid[start : start + CHUNK], start=start):
            cells = [_text(cell) for cell in row]
            if any(cells):
                chunk.rows.append(cells)
                chunk.lines.append(offset + place + 1)
        yield chunk


def _text(cell: Any) -> str:
    """A cell as an export would write it: 9 rather than 9.0, dates as ISO."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, (dt.datetime, dt.date, dt.time)):
        return cell.isoformat()
    return str(cell).replace("\x00", "")
