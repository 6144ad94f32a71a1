"""Every row is taken, or rejected with its line, its reason and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.connectors.making import engine_of_tests, parquet_file, text_file
from winback.connectors.csvfile import account, stage
from winback.connectors.csvfile.account import Judged, judge

TEXT = "id,score\na,9\nb,x\na,8\n,7\nragged\nb,6\na,y\n,5\n"


def sentence(reason: str, fields: Mapping[str, str]) -> str:
    return f"{reason} of {fields['id']}"


def judged(folder: Path, text: str = TEXT, *, doubles: bool = True) -> Judged:
    fields = {"row_number": "line", "external_id": "nullif(c0, '')", "score": "TRY_CAST(c1 AS DOUBLE)", "select": "c1"}
    reasons = {"score_not_a_number": "TRY_CAST(c1 AS DOUBLE) IS NULL", "score_out_of_range": "c1 = 'y'"}
    staged = stage(text_file(folder, text), engine_of_tests())
    return judge(staged, fields, reasons, sentence, key=("external_id",) if doubles else ())


def rows(relation: Any) -> list[tuple[Any, ...]]:
    return relation.order("row_number").fetchall()  # type: ignore[no-any-return]


def test_the_last_row_that_is_good_wins(tmp_path: Path) -> None:
    made = judged(tmp_path)
    # The last row with id a has no score: it does not replace the one before it. Rows without id stay as they are.
    assert rows(made.taken()) == [(4, "a", 8, "8"), (5, None, 7, "7"), (7, "b", 6, "6"), (9, None, 5, "5")]
    assert made.tally.rejected == {"ragged_row": 1, "score_not_a_number": 2, "duplicate_id": 1}
    assert made.tally.lacking == {"score": 0}
    assert made.tally.filled == {"score": 5}


def test_without_a_key_doubles_stay(tmp_path: Path) -> None:
    assert judged(tmp_path, doubles=False).tally.rejected == {"ragged_row": 1, "score_not_a_number": 2}


def test_rejected_rows_come_by_line_with_their_fields(tmp_path: Path) -> None:
    table = pa.Table.from_batches(judged(tmp_path).rejected_batches())
    assert table.schema == pa.schema(
        {"line": pa.int64(), "reason": pa.string(), "what to do": pa.string(), "id": pa.string(), "score": pa.string()}
    )
    assert [tuple(row.values()) for row in table.to_pylist()] == [
        (2, "duplicate_id", "feedback.csv line 2: duplicate_id of a", "a", "9"),
        (3, "score_not_a_number", "feedback.csv line 3: score_not_a_number of b", "b", "x"),
        (6, "ragged_row", "feedback.csv line 6 has 1 fields where the header has 2; put quotes round fields that hold the delimiter or a line break", "ragged", ""),
        (8, "score_not_a_number", "feedback.csv line 8: score_not_a_number of a", "a", "y"),
    ]  # fmt: skip


def test_examples_are_the_first_of_each_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account, "EXAMPLES", 1)
    assert [(example["line"], example["reason"]) for example in judged(tmp_path).examples()] == [
        (2, "duplicate_id"), (3, "score_not_a_number"), (6, "ragged_row"),
    ]  # fmt: skip


def test_nothing_rejected(tmp_path: Path) -> None:
    made = judged(tmp_path, "id,score\na,9\nb,8\n")
    assert made.examples() == []
    (batch,) = made.rejected_batches()
    assert (batch.num_rows, batch.schema.names) == (0, ["line", "reason", "what to do", "id", "score"])


def test_fields_beyond_the_header_are_not_lost(tmp_path: Path) -> None:
    (batch,) = judged(tmp_path, "id;score\na;9\nb;8;more;and more\n").rejected_batches()
    assert batch.to_pylist()[0]["score"] == "8;more;and more"


def test_columns_called_as_ours_are(tmp_path: Path) -> None:
    staged = stage(text_file(tmp_path, "line,reason,id\n1,x,a\n"), engine_of_tests())
    (batch,) = judge(staged, {"row_number": "line"}, {"without_key": "true"}, sentence).rejected_batches()
    assert batch.to_pylist() == [
        {"line": 2, "reason": "without_key", "what to do": "feedback.csv line 2: without_key of a", "line (2)": "1", "reason (2)": "x", "id": "a"}
    ]  # fmt: skip


def test_many_rejected_rows_come_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account, "BATCH", 7)
    made = judged(tmp_path, "id,score\n" + "".join(f"{n},x\n" + "ragged\n" * (n % 3 == 0) for n in range(30)) + "z,9\n")
    first = next(made.rejected_batches())
    assert made.staged.one("SELECT count(*) FROM raw") == (31,)  # who stops in the middle leaves the engine free
    batches = list(made.rejected_batches())
    assert batches[0] == first
    assert [batch.num_rows for batch in batches] == [7, 7, 7, 7, 7, 5]
    lines = [line for batch in batches for line in batch.column("line").to_pylist()]
    assert lines == sorted(lines) == list(range(2, 42))


def test_a_parquet_file_is_judged_lazily_unless_rows_replace_each_other(tmp_path: Path) -> None:
    staged = stage(parquet_file(tmp_path, {"id": ["a", "b", "a"], "score": [9, 12, 8]}), engine_of_tests())
    fields = {"row_number": "line", "external_id": "c0", "score": "c1"}
    lazy = judge(staged, fields, {"score_out_of_range": "c1 > 10"}, sentence)
    assert "read_parquet" in lazy.rows.sql_query()
    assert rows(lazy.taken(without=["external_id"])) == [(1, 9), (3, 8)]
    dear = judge(staged, fields, {"score_out_of_range": "c1 > 10"}, sentence, key=("external_id",))
    assert "read_parquet" not in dear.rows.sql_query()
    assert rows(dear.taken()) == [(3, "a", 8)]
    assert lazy.tally.rejected == {"score_out_of_range": 1}
    assert dear.tally.rejected == {"score_out_of_range": 1, "duplicate_id": 1}
    plain = judge(staged, fields, {}, sentence)
    assert (plain.tally.rejected, plain.examples(), rows(plain.taken())[1]) == ({}, [], (2, "b", 12))
