"""Whatever bytes a file holds, the reader gives a full account of them or refuses in a sentence, and soon.

A few examples run each time; WINBACK_FUZZ=20000 runs that many of each.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import os
import tempfile
import time
import zipfile
from contextlib import suppress
from functools import cache
from pathlib import Path

import pyarrow as pa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.connectors.making import (
    TODAY,
    accounted,
    column,
    csv_file,
    engine_of_tests,
    jsonl_file,
    parquet_file,
    rows_of,
    xlsx_file,
)  # fmt: skip
from winback.connectors.csvfile import Columns, Options, stage, to_feedback
from winback.connectors.csvfile.engine import connect
from winback.connectors.csvfile.tabular import read_table, read_unit_costs
from winback.connectors.rejected import write_rejected
from winback.errors import UserError

SECONDS = 20  # a file of a few kilobytes takes a tenth of one, on a machine with nothing else to do
fuzz = settings(
    max_examples=int(os.environ.get("WINBACK_FUZZ", "15")), deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


def survives(data: bytes, name: str, columns: Columns | None = None) -> None:
    """Read the bytes as a file of that name: a full account, or a UserError; nothing else, and soon."""
    began = time.process_time()
    # A damaged Parquet file may cost the engine its life, and that of the next file on it.
    engine = connect() if name.endswith(".parquet") else engine_of_tests()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        try:
            reading = to_feedback(stage(path, engine), columns or Columns(), Options(today=TODAY))
        except UserError as error:
            assert name in str(error) or 'of "' in str(error) or "could be" in str(error), error
            assert "\n" not in str(error).replace("\\n", "") or name.endswith((".jsonl", ".csv"))
        else:
            if not name.endswith(".parquet"):  # whose pages may turn out to be damaged when they are looked at
                accounted(reading)
                assert all(score is None or 0 <= score <= 10 for score in column(reading))
                write_rejected(reading, Path(folder, "rejected.csv"))
    assert time.process_time() - began < SECONDS


@cache
def valid_files() -> dict[str, bytes]:
    """A small file of every format, by its name."""
    rows = [["id", "score", "answered at", "region", "comment"]]
    for n in range(40):
        text = ["plain", 'with "quotes", and\na break', "süd", "", "=1+1"][n % 5]
        rows.append([f"R{n % 37}", str(n % 11), f"2026-0{1 + n % 9}-1{n % 10} 10:00", ["north", "south"][n % 2], text])
    items = [dict(zip(rows[0], row, strict=True)) | {"deep": {"x": row[0], "y": [1, None]}} for row in rows[1:]]
    columns = {name: [row[place] for row in rows[1:]] for place, name in enumerate(rows[0])}
    typed = columns | {
        "score": pa.array([int(text) for text in columns["score"]], pa.int8()),
        "answered at": pa.array(
            [dt.datetime.fromisoformat(text) for text in columns["answered at"]], pa.timestamp("us", tz="UTC")
        ),
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = [
            csv_file(folder, rows, "a.csv"), csv_file(folder, rows, "b.csv", delimiter=";", encoding="cp1252"),
            csv_file(folder, rows, "c.csv", delimiter="\t", encoding="utf-16", lineterminator="\n"),
            csv_file(folder, rows, "d.csv.gz"), jsonl_file(folder, items, "e.jsonl"), xlsx_file(folder, {"A": rows}, "f.xlsx"),
            parquet_file(folder, typed, "g.parquet"), parquet_file(folder, columns, "h.parquet", compression="none"),
        ]  # fmt: skip
        return {path.name: path.read_bytes() for path in paths}


PIECES = [
    b'"',
    b",",
    b";",
    b"\n",
    b"\r",
    b"\x00",
    b"\xff",
    b"\xef\xbb\xbf",
    b"{",
    b"}",
    b"[",
    b"'",
    b"\\",
    b"9",
    b"\t",
    b'""',
    b"\x1a",
]
edits = st.lists(
    st.tuples(st.sampled_from(["flip", "cut", "insert", "delete", "double"]), st.floats(0, 1), st.integers(0, 60) | st.integers(0, 255),
              st.sampled_from(PIECES)),
    min_size=1, max_size=8,
)  # fmt: skip


def edited(data: bytes, changes: list[tuple[str, float, int, bytes]]) -> bytes:
    made = bytearray(data)
    for what, where, number, piece in changes:
        place = int(where * len(made))
        if what == "flip" and place < len(made):
            made[place] ^= 1 + number % 255
        elif what == "cut":
            del made[place:]
        elif what == "insert":
            made[place:place] = piece * (1 + number % 5)
        elif what == "delete":
            del made[place : place + number]
        elif what == "double":
            made[place:place] = made[place : place + number]
    return bytes(made)


@given(st.binary(max_size=400), st.sampled_from(["a.csv", "a.jsonl", "a.csv.gz", "a.xlsx", "a.parquet"]))
@fuzz
@example(b"\x1f\x8b", "a.csv.gz")
@example(b"PAR1", "a.parquet")
@example(b"PK\x03\x04", "a.xlsx")
def test_any_bytes(data: bytes, name: str) -> None:
    survives(data, name)


@given(st.binary(max_size=300))
@fuzz
def test_any_bytes_packed(data: bytes) -> None:
    survives(gzip.compress(data, 1), "a.csv.gz")


@given(
    st.text(alphabet='ab09,;\t|"\n\r é\x00\ufeff=-.:/', max_size=300), st.sampled_from(["utf-8", "utf-16", "cp1252"])
)
@fuzz
@example('score\n"\n', "utf-8")
@example('score,b\n9,"a"b\n"""\n,"', "utf-8")
@example("score\r\n9\r0\n\r5", "utf-16")
def test_any_text_that_looks_like_a_table(text: str, encoding: str) -> None:
    survives(
        b"score,date,a\n".decode().encode(encoding) + text.encode(encoding, "ignore"), "a.csv", Columns(score="score")
    )


@given(st.lists(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3), max_leaves=6,
), max_size=8))  # fmt: skip
@fuzz
def test_any_json(items: list[object]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = jsonl_file(Path(folder), [{"score": 9}, *items, {"score": items[:1]}]).read_bytes()
    survives(data, "a.jsonl", Columns(score="score"))


@given(st.sampled_from(["a.csv", "b.csv", "c.csv", "e.jsonl"]), edits, st.booleans())
@fuzz
def test_valid_text_with_damage(name: str, changes: list[tuple[str, float, int, bytes]], packed: bool) -> None:
    data = edited(valid_files()[name], changes)
    survives(gzip.compress(data, 1) if packed else data, f"x{name}.gz" if packed else name)


@given(st.sampled_from(["d.csv.gz", "f.xlsx", "g.parquet", "h.parquet"]), edits)
@fuzz
def test_valid_packed_files_with_damage(name: str, changes: list[tuple[str, float, int, bytes]]) -> None:
    survives(edited(valid_files()[name], changes), name)


@given(st.sampled_from(["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"]), edits)
@fuzz
def test_workbooks_with_damage_inside(part: str, changes: list[tuple[str, float, int, bytes]]) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(valid_files()["f.xlsx"])) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(name, edited(old.read(name), changes) if name == part else old.read(name))
    survives(file.getvalue(), "f.xlsx")


@given(
    st.sampled_from(["a.csv", "e.jsonl", "f.xlsx"]),
    edits,
    st.sampled_from(["customers", "customer_periods", "departures", "cases"]),
)
@fuzz
def test_files_beside_the_answers_with_damage(
    name: str, changes: list[tuple[str, float, int, bytes]], table: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(edited(valid_files()[name], changes))
        try:
            file = read_table(
                path, table, connection=engine_of_tests(), given={"customer": "region"} if "cust" in table else {}
            )
        except UserError:
            pass
        else:
            assert file.rows == file.frame.count("*").fetchall()[0][0] + sum(file.rejected.values())
        with suppress(UserError):
            read_unit_costs(path)


# Control characters in number are no text, and the reader says so.
cells = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ue00a\ue00d", include_characters="\n\r\t"
    ),
    max_size=12,
)


@given(
    st.lists(st.tuples(cells, st.integers(0, 10) | st.none(), st.dates(dt.date(1990, 1, 1), TODAY) | st.none()), min_size=1, max_size=25),
    st.sampled_from(",;\t|"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
)  # fmt: skip
@fuzz
def test_what_csv_writes_is_read_back_exactly(
    rows: list[tuple[str, int | None, dt.date | None]], delimiter: str, encoding: str, end: str, quoting: int
) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    # Columns of their own say where a line belongs, and keep it from being blank.
    writer.writerow(["n", "score", "day", "words", "score two"])
    for n, (text, score, day) in enumerate(rows):
        writer.writerow([f"n{n}", "" if score is None else score, day or "", text, "x"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.csv")
        path.write_bytes(file.getvalue().encode(encoding))
        staged = stage(path, engine_of_tests())
        assert list(rows_of(staged).values()) == [
            (f"n{n}", "" if score is None else str(score), str(day or ""), text, "x")
            for n, (text, score, day) in enumerate(rows)
        ]
        scores = [score for _, score, _ in rows if score is not None]
        if scores and any(day for *_, day in rows):
            reading = to_feedback(staged, Columns(score="score", date="day"), Options(scale="0-10", today=TODAY))
            assert column(accounted(reading)) == [score for _, score, _ in rows]
            assert column(reading, "local_date") == [day for *_, day in rows]
