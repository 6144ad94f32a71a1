"""Nothing that stands in a file or in its name is ever read as SQL, as a pattern or as a format."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.connectors.making import (
    column,
    csv_file,
    engine_of_tests,
    jsonl_file,
    parquet_file,
    read,
    text_file,
    xlsx_file,
)
from winback.connectors.csvfile import stage
from winback.connectors.csvfile.tabular import read_table

NASTY = [
    "'", "''", '"', '""', "';", "'; DROP TABLE raw; --", '"; DROP TABLE raw; --', "\\", "\\'", "{", "}", "{x}", "{0}", "{{", "%s", "%",
    "$1", "?", ":a", "--", "/*", "*/", "a;b", "`", "é'ü", "日本'", "x\u2028y", "x' || 'y", "E'\\n'", "$$", "🙂", "NULL", "c0", "raw",
    "moment", "line", "rejected_because", "*", "[a]", "(b)",
]  # fmt: skip
RESERVED = [
    "select",
    "SELECT",
    "from",
    "order",
    "group",
    "table",
    "user",
    "date",
    "time",
    "all",
    "end",
    "case",
    "null",
    "primary",
    "row",
]
FORMATS = ["csv", "jsonl", "xlsx", "parquet"]


def made(folder: Path, format_: str, columns: dict[str, list[str]], name: str | None = None) -> Path:
    rows = [list(row) for row in zip(*columns.values(), strict=True)]
    if format_ == "csv":
        return csv_file(folder, [list(columns), *rows], name or "a.csv", delimiter="\t")
    if format_ == "jsonl":
        return jsonl_file(folder, [dict(zip(columns, row, strict=True)) for row in rows], name or "a.jsonl")
    if format_ == "xlsx":
        return xlsx_file(folder, {"A": [list(columns), *rows]}, name or "a.xlsx")
    return parquet_file(folder, columns, name or "a.parquet")


@pytest.mark.parametrize("format_", FORMATS)
def test_columns_called_anything(tmp_path: Path, format_: str) -> None:
    long = "x" * 500
    names = [*NASTY, *RESERVED, long, long[:-1] + "y"]
    columns = {"score": ["9", "0", "8", "7"]} | {name: ["a", "b", "a", "b"] for name in names}
    path = made(tmp_path, format_, columns)
    names = list(stage(path, engine_of_tests()).names[1:])
    reading = read(path, score="score", by=tuple(names), date="-", text=("-",))
    assert len(set(map(str.lower, reading.attributes))) == len(names) == len(reading.attributes)
    frame = reading.tables.feedback.order("row_number").to_arrow_table()
    for name in reading.attributes:
        assert frame.column(name).to_pylist() == ["a", "b", "a", "b"], name
    for place in range(0, len(names) - 2, 9 if format_ == "csv" else 27):  # some in roles of their own
        customer, id_, text = names[place : place + 3]
        said = read(path, score="score", customer=customer, external_id=id_, text=(text,), by=("-",), date="-")
        assert column(said, "customer") == column(said, "comment") == ["a", "b"]
        assert said.rejected == {"duplicate_id": 2}


@pytest.mark.parametrize("format_", FORMATS)
def test_values_of_anything(tmp_path: Path, format_: str) -> None:
    columns = {
        "score": ["9"] * len(NASTY),
        "place": NASTY,
        "id": [f"{n}{text}" for n, text in enumerate(NASTY)],
        "why": NASTY,
    }
    reading = read(
        made(tmp_path, format_, columns), by=("place",), external_id="id", text=("why",), customer="place", date="-"
    )
    assert column(reading, "place") == [None if text in ("NULL", "--") else text for text in NASTY]
    assert column(reading, "comment") == column(reading, "customer") == NASTY
    file = read_table(made(tmp_path, format_, columns), "customers", given={"customer": "id"}, wanted=("place",))
    assert len(file.frame.fetchall()) == len(NASTY)


@pytest.mark.parametrize("format_", ["csv", "parquet"])
def test_words_in_the_score_column_of_anything(tmp_path: Path, format_: str) -> None:
    words = [text for text in NASTY if text not in ("NULL", "--")]
    reading = read(
        made(tmp_path, format_, {"score": [*words, "9", "0"], "n": ["x"] * (len(words) + 2)}),
        score="score",
        scale="0-10",
    )
    assert column(reading) == [9, 0]
    assert reading.rejected == {"score_not_a_number": len(words)}
    assert reading.rejected_rows().column("score").to_pylist() == words
    assert f'score "{words[0]}" is no number' in reading.examples[0]["message"]
    blanks = read(
        made(tmp_path, format_, {"score": [*words, "9"], "n": ["x"] * (len(words) + 1)}),
        score="score",
        scale="0-10",
        blanks=tuple(words),
    )
    assert (blanks.blank, blanks.rejected) == (len(words), {})


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize(
    "name", ["it's", 'say "hi"', "{x}", "$1 ? :a", "[a]*?", "süd 日本", "a;b --", "back\\slash", " ", "x" * 200]
)
def test_files_and_folders_called_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_: str, name: str
) -> None:
    folder = tmp_path / f"{name} folder"
    folder.mkdir()
    path = made(folder, format_, {"score": ["9", "x"], "n": ["1", "2"]}, f"{name}.{format_}")
    reading = read(path, score="score", scale="0-10")
    assert column(reading, "source") == [path.name]
    assert reading.examples[0]["message"].startswith(f"{path.name} line ")
    monkeypatch.chdir(folder)
    assert stage(Path(path.name), engine_of_tests()).rows == 2


def test_a_value_for_an_option_may_be_anything_too(tmp_path: Path) -> None:
    path = text_file(tmp_path, "score,n\n9,1\n0,2\n")
    for text in NASTY[:5]:
        assert read(path, currency=text).tables.currency == text
    assert read(path, blanks=tuple(NASTY)).blank == 0


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20), min_size=1, max_size=6))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(["a", "A", " a", "a "])
@example(["\x85", "\u2028", "\x1c"])
def test_any_names_at_all(tmp_path: Path, names: list[str]) -> None:
    path = jsonl_file(tmp_path, [{"the score": 9, **{f"{n}{name}": "v" for n, name in enumerate(names)}}])
    made_names = stage(path, engine_of_tests()).names
    assert len(set(made_names)) == len(names) + 1
    reading = read(path, score="the score", by=made_names[1:], scale="0-10", date="-")
    assert all(column(reading, name) == ["v"] for name in reading.attributes)


def test_five_thousand_columns(tmp_path: Path) -> None:
    names = [f"Q{n}" for n in range(4998)]
    rows = [["score", "Region", *names], *[[str(n % 11), "ab"[n % 2], *[str(n)] * 4998] for n in range(9)]]
    reading = read(csv_file(tmp_path, [[*row] for row in rows]))
    assert reading.attributes == ("Region",)
    assert sum(column(reading)) == sum(n % 11 for n in range(9))
