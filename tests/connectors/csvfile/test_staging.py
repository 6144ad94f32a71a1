"""Any file becomes rows on the engine; nothing is typed yet, nothing is lost."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.connectors.making import (
    byte_file,
    csv_file,
    engine_of_tests,
    jsonl_file,
    parquet_file,
    rows_of,
    staged_rows,
    text_file,
    xlsx_file,
)  # fmt: skip
from winback.connectors.csvfile import lines, records, shelf, stage, staged
from winback.errors import UserError


def test_every_format_gives_the_same_rows(tmp_path: Path) -> None:
    rows = [["score", "region"], ["9", "north"], ["3", "süd"]]
    items = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    columns = {"score": ["9", "3"], "region": ["north", "süd"]}
    expected = [("9", "north"), ("3", "süd")]
    for path in (
        csv_file(tmp_path, rows), csv_file(tmp_path, rows, "a.tsv", delimiter="\t"), csv_file(tmp_path, rows, "a.csv.gz"),
        jsonl_file(tmp_path, items), jsonl_file(tmp_path, items, "a.jsonl.gz"),
        xlsx_file(tmp_path, {"A": rows}), parquet_file(tmp_path, columns),
    ):  # fmt: skip
        made = stage(path, engine_of_tests())
        assert made.names == ("score", "region"), path
        assert list(rows_of(made).values()) == expected, path
        assert made.sample.column("c1").to_pylist() == ["north", "süd"]
        assert made.rows == 2
        assert made.rejects.total == 0


def test_a_file_that_turns_out_to_be_windows_1252_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "BLOCK", 1000)
    monkeypatch.setattr("winback.connectors.csvfile.opening.HEAD", 1000)
    data = b"score,region\n" + b"9,north\n" * 500 + "3,süd\n".encode("cp1252")
    made = stage(byte_file(tmp_path, data), engine_of_tests())
    assert made.facts.encoding == "cp1252"
    assert rows_of(made)[502] == ("3", "süd")
    assert made.rejects.total == 0


def test_rows_beyond_memory_go_to_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [["id", "text"], *[[str(i), f"süd {i}"] for i in range(1000)]]
    path = csv_file(tmp_path, rows)
    expected = staged_rows(path)
    monkeypatch.setattr(shelf, "IN_MEMORY", 1000)
    monkeypatch.setattr(shelf, "ROW_GROUP", 5000)
    monkeypatch.setattr(records, "ROWS", 10)
    assert staged_rows(path) == expected == {i + 2: (str(i), f"süd {i}") for i in range(1000)}


def test_a_header_and_no_rows(tmp_path: Path) -> None:
    for path in (text_file(tmp_path, "score,region\n"), xlsx_file(tmp_path, {"A": [["score", "region"]]})):
        with pytest.raises(
            UserError, match=r"has a header \(score, region\) and no rows; export it again with its rows"
        ):
            stage(path, engine_of_tests())
    with pytest.raises(UserError, match=r"has a header \(a, b, c, d, e, …\) and no rows"):
        stage(text_file(tmp_path, "a,b,c,d,e,f\n"), engine_of_tests())


def test_no_row_that_can_be_read(tmp_path: Path) -> None:
    said = r"^No row of feedback.csv could be read. The first: feedback.csv line 2 has 1 fields where the header has 2; .*\.$"
    with pytest.raises(UserError, match=said):
        stage(text_file(tmp_path, 'score,region\n9\n"8\n'), engine_of_tests())


def test_rejects_are_counted_and_the_first_of_them_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staged, "KEPT", 3)
    made = stage(text_file(tmp_path, "score,region\n9,north\n" + "8\n" * 10 + '"7\n'), engine_of_tests())
    assert made.rejects.counts == {"ragged_row": 10, "open_quote": 1}
    assert [rejected.line for rejected in made.rejects.kept] == [3, 4, 5] or len(made.rejects.kept) == 3
    assert made.rejects.forgotten == 8
    assert made.warnings == (
        "feedback.csv: of 11 records that could not be parsed the first 3 are kept; the others are counted.",
    )


def test_long_rejects_do_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staged, "KEPT_CHARACTERS", 5000)
    made = stage(text_file(tmp_path, "score,region\n9,north\n" + ("x" * 1000 + "\n") * 20), engine_of_tests())
    assert made.rejects.total == 20
    assert len(made.rejects.kept) == 5


def test_white_space_of_other_kinds_around_values_is_noted(tmp_path: Path) -> None:
    assert stage(text_file(tmp_path, 'a,b\n"x\ny", z \n'), engine_of_tests()).spaces == {}
    assert stage(text_file(tmp_path, 'a,b\n"x\n",z\u00a0\n'), engine_of_tests()).spaces == {"a": "\n", "b": "\u00a0"}


def test_files_on_one_engine_do_not_touch_each_other(tmp_path: Path) -> None:
    first = stage(text_file(tmp_path, "a\nx\n", "1.csv"), engine_of_tests())
    second = stage(text_file(tmp_path, "b\ny\n", "2.csv"), engine_of_tests())
    lazy = [made.sql("SELECT c0 FROM raw") for made in (first, second)]
    assert [relation.fetchall() for relation in lazy] == [[("x",)], [("y",)]]


def test_a_packed_file_that_was_cut_keeps_its_rows(tmp_path: Path) -> None:
    whole = "id,text\n" + "".join(f"{i},{i * i * 7919}\n" for i in range(5000))
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(whole.encode())[:15_000])
    made = stage(tmp_path / "a.csv.gz", engine_of_tests())
    assert 500 < made.rows < 5000
    assert made.rejects.counts == {"file_cut": 1}
