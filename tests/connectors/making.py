"""Little files for the reader's tests, and what to ask of what was read."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from winback.connectors.csvfile import Columns, Options, Staged, stage, to_feedback
from winback.connectors.csvfile.engine import connect
from winback.connectors.reading import Reading

TODAY = dt.date(2026, 11, 21)


def text_file(folder: Path, text: str, name: str = "feedback.csv", *, encoding: str = "utf-8") -> Path:
    return byte_file(folder, text.encode(encoding), name)


def byte_file(folder: Path, data: bytes, name: str = "feedback.csv") -> Path:
    path = folder / name
    path.write_bytes(gzip.compress(data, 1) if name.endswith(".gz") else data)
    return path


def csv_file(folder: Path, rows: Iterable[Sequence[object]], name: str = "feedback.csv", **how: Any) -> Path:
    """A CSV file of these rows, the first of them the header."""
    encoding = how.pop("encoding", "utf-8")
    file = io.StringIO(newline="")
    csv.writer(file, **how).writerows(rows)
    return text_file(folder, file.getvalue(), name, encoding=encoding)


def jsonl_file(folder: Path, items: Iterable[object], name: str = "feedback.jsonl") -> Path:
    """A JSON-lines file of these items; texts stand as they are."""
    return text_file(folder, "".join((i if isinstance(i, str) else json.dumps(i)) + "\n" for i in items), name)


def parquet_file(folder: Path, columns: Mapping[str, Any], name: str = "feedback.parquet", **how: Any) -> Path:
    path = folder / name
    pq.write_table(pa.table(dict(columns)), path, **how)
    return path


def xlsx_file(folder: Path, sheets: Mapping[str, Sequence[Sequence[object]]], name: str = "feedback.xlsx") -> Path:
    """A workbook with these sheets, each a list of rows."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    path = folder / name
    book.save(path)
    return path


def read(path: Path, **said: Any) -> Reading:
    """Read a file with columns and options by name; the day is always the same, and so is the engine."""
    columns = {name: said.pop(name) for name in list(said) if name in Columns.__dataclass_fields__}
    return accounted(
        to_feedback(stage(path, engine_of_tests()), Columns(**columns), Options(**{"today": TODAY, **said}))
    )


@cache
def engine_of_tests() -> duckdb.DuckDBPyConnection:
    """One engine for many files: it takes longer to start than they to be read."""
    return connect()


def accounted(reading: Reading) -> Reading:
    """The same reading, once its rows have been counted: none is in two places, none has vanished."""
    rejected = sum(reading.rejected.values())
    assert reading.rows == taken(reading) + rejected
    assert sum(batch.num_rows for batch in reading.rejected_batches()) == rejected
    assert len(reading.examples) <= rejected
    lines = [row["line"] for row in reading.rejected_rows().to_pylist()]
    assert lines == sorted(lines)
    return reading


def taken(reading: Reading) -> int:
    return int(reading.tables.feedback.query("f", "SELECT count(*) FROM f").fetchall()[0][0])


def column(reading: Reading, name: str = "score") -> list[Any]:
    """The values of a canonical column, in the order of the file. Times come as text."""
    quoted = '"' + name.replace('"', '""') + '"'
    kind = f"CASE WHEN typeof({quoted}) LIKE 'TIMESTAMP%' THEN CAST({quoted} AS VARCHAR) END"
    relation = reading.tables.feedback.query(
        "f", f"SELECT {quoted} AS v, {kind} AS t, row_number FROM f ORDER BY row_number"
    )
    if str(relation.types[0]).startswith("TIMESTAMP"):
        relation = relation.query("f", "SELECT t, row_number FROM f ORDER BY row_number")
    return [row[0] for row in relation.fetchall()]


def rejects(reading: Reading) -> dict[int, str]:
    """The reason of every rejected row, by its line."""
    return {row["line"]: row["reason"] for row in reading.rejected_rows().to_pylist()}


def staged_rows(path: Path) -> dict[int, tuple[Any, ...]]:
    """The rows of a file as they stand, by line."""
    return rows_of(stage(path, engine_of_tests()))


def rows_of(staged: Staged) -> dict[int, tuple[Any, ...]]:
    return {line: tuple(cells) for line, *cells in staged.sql("SELECT * FROM raw ORDER BY line").fetchall()}
