"""Records on their way from a file to the engine."""

from __future__ import annotations

import pytest

from winback.connectors.csvfile import records
from winback.connectors.csvfile.records import Records, looks_like_data, readable, unique_names


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        (["score", "region"], ["score", "region"]),
        (["a", "a", "a"], ["a", "a (2)", "a (3)"]),
        (["a", "a", "a (2)"], ["a", "a (3)", "a (2)"]),
        (["", "b", ""], ["column 1", "b", "column 3"]),
        (["column 2", ""], ["column 2", "column 2 (2)"]),
        (["Score", "score"], ["Score", "score"]),  # the engine's names are c0 and c1
        (["How likely\nare you  to\r\nrecommend us?"], ["How likely are you to recommend us?"]),
        (["\ufeffscore", "a\x00b", "x\x7f\x1by", "\ud800z"], ["score", "a b", "x y", "\ufffdz"]),
        (["select", 'say "hi"', "it's", "{x}", "back\\slash"], ["select", 'say "hi"', "it's", "{x}", "back\\slash"]),
    ],
)
def test_every_column_gets_a_name_of_its_own_that_can_be_printed(cells: list[str], names: list[str]) -> None:
    assert unique_names(cells) == names


@pytest.mark.parametrize(
    "cells",
    [["9"], ["C1", "9"], ["9", "great service", "north"], ["2026-11-21", "a", "b", "c", "d", "e"], ["2023", "2024"],
     ["c", "21.11.2026 10:30", "x", "y", "z", "p"], ["9,5", "a"], ["C1", "great", "9", "", "north", "basic"]],
)  # fmt: skip
def test_a_first_row_of_values_is_no_header(cells: list[str]) -> None:
    assert looks_like_data(cells)


@pytest.mark.parametrize(
    "cells",
    [["score"], ["customer", "2023", "2024"], ["Q1", "Q2"], ["1st", "a"], ["a", "b", "c", "d", "e", "7"], ["21.11.2026 Score"], [],
     ["2026-11"], ["", ""]],
)  # fmt: skip
def test_names_are_a_header(cells: list[str]) -> None:
    assert not looks_like_data(cells)


def test_what_is_no_text_is_shown_as_such() -> None:
    assert readable("a\x00b") == "a\ufffdb"
    assert readable("a\udcffb") == "a\ufffdb"
    assert readable("\ud83d\ude00 fine é") == "😀 fine é"


def test_a_chunk_is_full_by_rows_cells_or_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "ROWS", 3)
    monkeypatch.setattr(records, "CELLS", 10)
    monkeypatch.setattr(records, "CHARACTERS", 100)
    assert not Records().full
    assert not Records(rows=[["a"]] * 2, characters=99).full
    assert Records(rows=[["a"]] * 3).full
    assert Records(rows=[["a"] * 5] * 2).full
    assert Records(characters=100).full
