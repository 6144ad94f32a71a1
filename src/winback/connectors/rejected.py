"""Rows that were not taken: the reasons there are, and the file they can be saved to."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from winback.errors import UserError
from winback.writing import written_whole

if TYPE_CHECKING:
    import pyarrow as pa

    from winback.connectors.reading import Reading

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
    "without_key": "the row lacks the id (or the month) that names it",
    "duplicate_key": "a later row has the same customer, or the same customer and month",
}

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # what a spreadsheet takes for a formula


def write_rejected(reading: Reading, path: str | Path) -> int:
    """Write every rejected row as CSV: its line, the reason, what to do, and its fields; return how many.

    The file is written whole or not at all. Cells that a spreadsheet would run as a formula get an apostrophe in
    front. UTF-8 with a byte order mark, which spreadsheets need to see. Raises UserError where it cannot be written.
    """
    path = Path(path).resolve()
    if path.exists() and not path.is_file():
        raise UserError(f"{path} is not a regular file; give the rejected rows the name of a file, like rejected.csv.")
    with written_whole(path, option="--rejected", encoding="utf-8-sig") as file:
        return _write(csv.writer(file), reading.rejected_batches())


def _write(writer: Any, batches: Iterator[pa.RecordBatch]) -> int:
    written = 0
    for place, batch in enumerate(batches):
        if place == 0:
            writer.writerow(guarded(batch.schema.names))
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            writer.writerow(guarded("" if cell is None else str(cell) for cell in row))
        written += batch.num_rows
    return written


def guarded(cells: Iterable[str]) -> list[str]:
    """Cells that no spreadsheet runs as a formula: an apostrophe stands before those that it would.

    A plain number, such as -5, stays as it is.
    """
    return ["'" + cell if cell.startswith(_FORMULA) and not _is_number(cell) else cell for cell in cells]


def _is_number(cell: str) -> bool:
    return cell.isascii() and cell[1:].replace(".", "", 1).replace(",", "", 1).isdigit() and cell[0] in "+-"
