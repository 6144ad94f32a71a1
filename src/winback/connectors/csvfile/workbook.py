"""XLSX workbooks: the first sheet that holds a table, its cells as text, with their line numbers.

A workbook is read by a library that holds a whole sheet in memory and trusts what the file says of itself, so the
file is looked through first: how much it unpacks to in truth, and from which to which cell its sheets reach.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from winback.connectors.csvfile.opening import Facts
from winback.connectors.csvfile.records import Records, looks_like_data, unique_names
from winback.errors import UserError

MAX_UNPACKED = 1 << 30  # bytes of an unpacked workbook
MAX_CELLS = 16_000_000  # cells from the first to the last of a sheet, blank ones included
_BLOCK = 1 << 20
_OVERLAP = 64  # bytes kept over from block to block, longer than a reference
_REFERENCE = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]*)([0-9]{1,12})")
_CELL = re.compile(rb"<(?:\w+:)?(?:c|si)[\s/>]")  # of a sheet, or of the texts that sheets share


def read_records(facts: Facts, warnings: list[str]) -> tuple[list[str], Iterator[Records]]:
    """The header and the rows of the first sheet with any, in chunks; every cell as text. Blank rows are no rows.

    A warning is added where other sheets hold rows too. Raises UserError for a workbook that is damaged, protected by
    a password, too large, or holds no table.
    """
    import python_calamine

    _check(facts.path, facts.name)
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(facts.path))
        shown = [
            about.name for about in book.sheets_metadata if about.visible == python_calamine.SheetVisibleEnum.Visible
        ]
        sheets = [(name, book.get_sheet_by_name(name)) for name in shown or book.sheet_names]
        filled = [(name, sheet) for name, sheet in sheets if sheet.height > 0]
        if not filled:
            raise UserError(f"{facts.name} has no sheet with rows; give the workbook with the table.")
        name, sheet = filled[0]
        if len(filled) > 1:
            others = ", ".join(f'"{other}"' for other, _ in filled[1:4])
            warnings.append(
                f'{facts.name} has several sheets with rows: "{name}" was read, {others} '
                f"{'were' if len(filled) > 2 else 'was'} not; put the sheet you mean first."
            )
        rows = enumerate(iter(sheet.iter_rows()), start=1)
        return _header(rows, facts), _chunks(rows)
    except UserError:
        raise
    except BaseException as error:
        # The library is Rust: where it panics, it raises what is no Exception.
        if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        said = str(error).partition("\n")[0][:120]
        raise UserError(
            f"{facts.name} cannot be opened as a workbook ({said}); save it again, without a password, or as CSV."
        ) from None


def _header(rows: Iterator[tuple[int, list[Any]]], facts: Facts) -> list[str]:
    for line, row in rows:
        cells = [_text(cell).strip() for cell in row]
        if not any(cells):
            continue
        if looks_like_data(cells):
            shown = next(cell for cell in cells if cell)[:40]
            raise UserError(
                f'{facts.name} row {line} holds values ("{shown}") where the names of the columns should be; '
                "add a header row that names each column."
            )
        return unique_names(cells)
    raise UserError(f"{facts.name} has no row with anything in it; give the workbook with the table.")


def _chunks(rows: Iterator[tuple[int, list[Any]]]) -> Iterator[Records]:
    chunk = Records()
    for line, row in rows:
        cells = [_text(cell) for cell in row]
        if any(cells):
            chunk.rows.append(cells)
            chunk.lines.append(line)
            chunk.characters += sum(map(len, cells))
            if chunk.full:
                yield chunk
                chunk = Records()
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
    return str(cell).replace("\x00", "\ufffd")


def _check(path: Path, name: str) -> None:
    """Refuse a zip that is no workbook, is damaged, or is more than memory should hold, whatever it claims."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if "xl/workbook.xml" not in archive.namelist():
                _refuse_zip(name, archive.namelist())
            if sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise UserError(_too_large(name, f"would unpack to more than {MAX_UNPACKED >> 30} GiB"))
            for part in parts:
                # Reading to the end proves size and checksum.
                with archive.open(part) as stream:
                    if _cells(stream) > MAX_CELLS:
                        raise UserError(_too_large(name, f"reaches over more than {MAX_CELLS:,} cells"))
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, NotImplementedError, RuntimeError, OSError):
        raise UserError(
            f"{name} is a damaged workbook or was cut short; save it again and give the new file."
        ) from None


def _too_large(name: str, why: str) -> str:
    return f"{name} {why}; workbooks of that size are not opened. Save the sheet as CSV and give that file."


def _refuse_zip(name: str, parts: list[str]) -> NoReturn:
    if "xl/workbook.bin" in parts:
        raise UserError(f"{name} is a binary workbook (.xlsb); save it as XLSX or CSV.")
    if "content.xml" in parts:
        raise UserError(f"{name} is an OpenDocument file; save the sheet as XLSX or CSV.")
    raise UserError(f"{name} is a zip archive, not a workbook; unpack it and give the table inside.")


def _cells(stream: Any) -> int:
    """Cells between the first column and row and the last that a sheet refers to, or as many as there are: a cell need not say
    where it stands. 0 for a part that holds none.
    """
    columns, last_row, kept, sheet, cells = set[bytes](), 0, b"", False, 0
    while block := stream.read(_BLOCK):
        text = kept + block
        sheet = sheet or b"sheetData" in text
        cells += len(_CELL.findall(text)) - len(_CELL.findall(kept))
        if sheet and (found := _REFERENCE.findall(text)):
            columns |= {letters for letters, _ in found}
            last_row = max(last_row, *map(int, {digits for _, digits in found}))
        kept = text[-_OVERLAP:]
    return max(cells, last_row * max((_column(letters) for letters in columns), default=0))


def _column(letters: bytes) -> int:
    place = 0
    for letter in letters.upper()[:8]:
        place = place * 26 + letter - 64
    return place
