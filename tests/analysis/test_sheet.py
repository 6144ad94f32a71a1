"""Ready tables: columns by name, numbers checked with their line."""

from __future__ import annotations

from pathlib import Path

import pytest

from winback.analysis.sheet import read_sheet
from winback.errors import UserError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "cube.csv"
    file.write_text("region,plan,bad,Total Answers\nNorth,Home,1,10\nSouth,,2.5,20\n")
    return file


def test_named_columns_and_the_rest(path: Path) -> None:
    sheet = read_sheet(path, texts=["region"], numbers=["bad", "total answers"], rest=True)
    assert sheet.texts == {"region": ["North", "South"], "plan": ["Home", None]}
    assert sheet.numbers["bad"].tolist() == [1.0, 2.5]
    assert sheet.numbers["total answers"].tolist() == [10.0, 20.0]
    assert len(sheet) == 2


def test_a_column_that_is_not_there(path: Path) -> None:
    with pytest.raises(UserError, match='cube.csv has no column "wrong"; it has region, plan, bad'):
        read_sheet(path, texts=["wrong"], numbers=[])


def test_a_number_that_is_none(path: Path) -> None:
    with pytest.raises(UserError, match='line 2: "region" holds "North"; it needs a number'):
        read_sheet(path, texts=[], numbers=["region"])
    with pytest.raises(UserError, match='line 3: "plan" is blank'):
        path.write_text("region,plan\nNorth,1\nSouth,\n")
        read_sheet(path, texts=[], numbers=["plan"])


def test_counts_may_not_be_negative(path: Path) -> None:
    path.write_text("region,bad\nNorth,1\nSouth,-3\n")
    sheet = read_sheet(path, texts=["region"], numbers=["bad"])
    with pytest.raises(UserError, match='line 3: "bad" is -3; counts cannot be negative'):
        sheet.needs_counts("bad")


def test_counts_that_could_not_be_added_up_are_refused(path: Path) -> None:
    path.write_text("region,bad\nNorth,1\nSouth,1.7e308\n")
    sheet = read_sheet(path, texts=["region"], numbers=["bad"])
    with pytest.raises(UserError, match='line 3: "bad" is 1.7e\\+308, too large to be added up'):
        sheet.needs_counts("bad")
