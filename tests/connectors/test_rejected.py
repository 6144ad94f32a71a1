"""Rejected rows are saved whole, or not at all, and run in no spreadsheet."""

from __future__ import annotations

import csv
import os
import stat
from pathlib import Path

import pytest

from tests.connectors.making import csv_file, read, text_file
from winback.connectors import rejected
from winback.connectors.reading import Reading, write_rejected
from winback.connectors.rejected import guarded
from winback.errors import UserError


def reading(folder: Path, rows: list[list[str]] | None = None) -> Reading:
    rows = rows or [["great", "=1+1"], ["12", "-5"], ["9", "fine"]]
    return read(csv_file(folder, [["score", "comment"], *rows]), scale="0-10", text=("comment",))


def saved(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_every_rejected_row_with_its_reason(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    assert write_rejected(reading(tmp_path), out) == 2
    assert saved(out) == [
        ["line", "reason", "what to do", "score", "comment"],
        ["2", "score_not_a_number", 'feedback.csv line 2: score "great" is no number; map it with --blank "great" if it means no answer',
         "great", "'=1+1"],
        ["3", "score_out_of_range", 'feedback.csv line 3: score "12" is outside 0-10; map it with --blank 12', "12", "-5"],
    ]  # fmt: skip
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")


def test_nothing_rejected_gives_a_header_alone(tmp_path: Path) -> None:
    assert write_rejected(reading(tmp_path, [["9", "x"]]), tmp_path / "out.csv") == 0
    assert saved(tmp_path / "out.csv") == [["line", "reason", "what to do", "score", "comment"]]


def test_what_was_saved_can_be_mended_and_read_again(tmp_path: Path) -> None:
    write_rejected(reading(tmp_path, [["x", 'süd, "quoted"\nnext'], ["9", "y"], ["8", "z"]]), tmp_path / "out.csv")
    again = read(
        text_file(tmp_path, (tmp_path / "out.csv").read_text(encoding="utf-8-sig").replace(",x,", ",0,")),
        text=("comment",),
    )
    assert again.tables.feedback.query("f", "SELECT score, comment FROM f").fetchall() == [(0, 'süd, "quoted"\nnext')]


@pytest.mark.parametrize(
    "cell", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "-", "+", "--1", "-1e9", "-1 000"]
)
def test_cells_that_a_spreadsheet_would_run(cell: str) -> None:
    assert guarded([cell]) == ["'" + cell]


@pytest.mark.parametrize("cell", ["", "9", "-5", "+5", "-5.25", "-5,25", "north", "'=1", " =1", "a=1", "10 - likely"])
def test_cells_that_it_would_not(cell: str) -> None:
    assert guarded([cell]) == [cell]


def test_names_of_files_and_columns_are_guarded_too(tmp_path: Path) -> None:
    path = csv_file(tmp_path, [["score", "=HYPERLINK(1)"], ["x", "a"], ["9", "b"]], "=evil.csv")
    write_rejected(read(path, score="score"), tmp_path / "out.csv")
    header, row = saved(tmp_path / "out.csv")
    assert header[4] == "'=HYPERLINK(1)"
    assert row[2].startswith("'=evil.csv line 2")


def test_it_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out.csv"
    out.write_text("the last one")
    made = reading(tmp_path)

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rejected, "_write", broken)
    with pytest.raises(
        UserError, match=r"out.csv cannot be written \(No space left on device\); give another place with --rejected"
    ):
        write_rejected(made, out)
    assert out.read_text() == "the last one"
    assert sorted(place.name for place in tmp_path.iterdir()) == ["feedback.csv", "out.csv"]


def test_it_may_be_read_as_any_file_the_user_makes(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_rejected(reading(tmp_path), tmp_path / "out.csv")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out.csv").stat().st_mode) == 0o640


def test_places_where_it_cannot_be_written(tmp_path: Path) -> None:
    made = reading(tmp_path)
    with pytest.raises(UserError, match="is not a regular file; give the rejected rows the name of a file"):
        write_rejected(made, tmp_path)
    # A pipe in a folder of our own stands for /dev/null and its like, which must never be replaced by a file: where
    # the guard fails, a test on the true one takes it from the whole machine.
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UserError, match="is not a regular file"):
        write_rejected(made, tmp_path / "pipe")
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    with pytest.raises(UserError, match="cannot be written"):
        write_rejected(made, tmp_path / "no" / "out.csv")


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "out.csv")
    write_rejected(reading(tmp_path), tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert len(saved(tmp_path / "out.csv")) == 3
