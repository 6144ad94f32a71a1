"""Files of coded interviews: which column is which, blanks, bad rows, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from winback.connectors.csvfile.codings import read_codings
from winback.errors import UserError


def write(folder: Path, text: str, name: str = "codings.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_columns_are_found_by_their_names(tmp_path: Path) -> None:
    found = read_codings(write(tmp_path, "Call ID,Reason,Region\n7,price,North\n7,line,North\n8,n/a,\n"), by=["region"])
    assert (found.mapping, found.by) == ({"interview": "Call ID", "theme": "Reason"}, {"Region": "Region"})
    assert found.detected == ("interview", "theme")
    rows = sorted(found.frame.fetchall())
    assert [row[1:] for row in rows] == [("7", "price", "North"), ("7", "line", "North"), ("8", None, None)]
    assert rows[0][0] < rows[1][0] < rows[2][0]


def test_columns_may_be_given(tmp_path: Path) -> None:
    file = write(tmp_path, "a;b;interview\n1;x;North\n2;;South\n")
    found = read_codings(file, interview="A", theme="b", by=["interview"])
    assert found.mapping == {"interview": "a", "theme": "b"}
    assert found.by == {"interview (column)": "interview"}  # the frame has an interview of its own
    assert found.detected == ()


def test_bad_rows_are_told(tmp_path: Path) -> None:
    found = read_codings(write(tmp_path, "interview,theme\n1,price\n2,line,more\n3,bill\n"))
    assert (found.rows, found.rejected) == (3, {"ragged_row": 1})
    assert found.warnings[-1].startswith("1 row was rejected. The first: codings.csv line 3")
    assert len(found.frame.fetchall()) == 2


@pytest.mark.parametrize(
    ("header", "options", "says"),
    [
        ("who,what", {}, "has no column that is plainly the interview; say which with --interview COL"),
        ("call,comment,theme", {}, "has several columns that could be the interview"),
        ("interview,what", {}, "no column that is plainly the theme"),
        ("interview,theme", {"interview": "calls"}, 'has no column "calls" \\(--interview\\)'),
        ("interview,theme", {"by": ["region"]}, 'has no column "region" \\(--by\\)'),
        ("interview,theme", {"by": ["theme"], "theme": "theme"}, "--by takes another column"),
        ("interview,theme", {"interview": "theme", "theme": "theme"}, "cannot be both"),
    ],
)
def test_refusals(tmp_path: Path, header: str, options: dict[str, str], says: str) -> None:
    rows = "\n".join(",".join("x" for _ in header.split(",")) for _ in range(3))
    with pytest.raises(UserError, match=says):
        read_codings(write(tmp_path, f"{header}\n{rows}\n"), **options)  # type: ignore[arg-type]


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no file"):
        read_codings(tmp_path / "none.csv")
