"""A file of answers becomes the canonical feedback, every row of it accounted for."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.connectors.making import TODAY, column, csv_file, parquet_file, read, rejects, taken, text_file, xlsx_file
from winback.connectors.csvfile import feedback, read_feedback
from winback.errors import UserError
from winback.tables import FEEDBACK, check

HEADER = ["id", "customer_id", "email", "answered_at", "score", "comment", "region", "channel", "value", "weight"]
ROWS = [
    ["1", "C1", "a@x", "2026-11-01 10:00", "9", "very good indeed", "north", "web", "12.50", "1.5"],
    ["2", "C2", "b@x", "2026-11-02 11:00", "", "nothing to say about it", "south", "mail", "7", "0.5"],
    ["3", "C1", "a@x", "2026-11-03 23:30", "0", "terribly slow, again", "north", "web", "", "1"],
    ["4", "C3", "c@x", "", "7", "it was fine, really", "south", "phone", "3", "1"],
    ["5", "C4", "d@x", "2026-11-04", "10", "quick and kind people", "n/a", "web", "1", "1"],
]


def test_the_canonical_columns(tmp_path: Path) -> None:
    reading = read(csv_file(tmp_path, [HEADER, *ROWS]), money="value", weight="weight", currency="EUR")
    frame = reading.tables.feedback
    assert frame.columns == [
        "source", "row_number", "score", "occurred_at", "local_date", "customer", "respondent", "external_id", "comment", "money",
        "weight", "channel", "region",
    ]  # fmt: skip
    table = check(FEEDBACK, frame.to_arrow_table())  # every column has its canonical type
    assert table.schema.field("money").type == pa.decimal128(18, 4)
    assert column(reading, "source") == ["feedback.csv"] * 5
    assert column(reading, "row_number") == [2, 3, 4, 5, 6]
    assert column(reading) == [9, None, 0, 7, 10]
    assert column(reading, "occurred_at")[2:4] == ["2026-11-03 23:30:00+00", None]
    assert column(reading, "local_date")[2:4] == [dt.date(2026, 11, 3), None]
    assert column(reading, "money") == [Decimal("12.5"), 7, None, 3, 1]
    assert column(reading, "weight") == [1.5, 0.5, 1, 1, 1]
    assert column(reading, "region") == ["north", "south", "north", "south", None]
    assert (reading.rows, reading.blank, reading.without_date, reading.rejected) == (5, 1, 1, {})
    assert reading.mapping == {
        "score": "score", "date": "answered_at", "customer": "customer_id", "respondent": "email", "id": "id", "weight": "weight",
        "value": "value", "text": ("comment",), "by": ("region", "channel"),
    }  # fmt: skip
    assert reading.detected == ("score", "date", "id", "respondent", "customer", "text", "by")
    assert reading.attributes == ("region", "channel")
    assert reading.plain == {"channel": "channel"}
    assert (reading.tables.currency, reading.tables.zone) == ("EUR", "UTC")


def test_a_weight_is_never_detected(tmp_path: Path) -> None:
    reading = read(csv_file(tmp_path, [HEADER, *ROWS]))
    assert reading.mapping["weight"] is None
    assert "weight" not in reading.tables.feedback.columns


def test_weights_that_cannot_be_used(tmp_path: Path) -> None:
    weights = ["1,5", "0", "", "-1", "inf", "nan", "many", "2"]
    reading = read(
        csv_file(tmp_path, [["score", "w"], *[["9", w] for w in weights], ["0", "1"]], delimiter=";"), weight="w"
    )
    assert column(reading, "weight") == [1.5, 0, 2, 1]
    assert set(rejects(reading).values()) == {"weight_unusable"}
    assert (
        reading.examples[0]["message"] == 'feedback.csv line 4: weight "" is missing, negative or no number; correct it'
    )
    path = parquet_file(tmp_path, {"score": [9, 9, 9, 0], "w": [1.5, float("nan"), float("inf"), None]})
    assert column(read(path, weight="w"), "weight") == [1.5]


def test_the_last_row_with_an_id_wins_unless_it_is_bad(tmp_path: Path) -> None:
    rows = [
        ["id", "score"],
        ["a", "1"],
        ["b", "2"],
        ["a", "9"],
        ["c", "3"],
        ["c", "x"],
        ["", "5"],
        ["", "6"],
        [" b ", ""],
        ["d", "0"],
    ]
    reading = read(csv_file(tmp_path, rows), external_id="id")
    assert column(reading) == [9, 3, 5, 6, None, 0]
    assert rejects(reading) == {2: "duplicate_id", 3: "duplicate_id", 6: "score_not_a_number"}
    assert (
        reading.examples[0]["message"] == 'feedback.csv line 2: a later row has the same id "a" and replaces this one'
    )
    assert reading.blank == 1


def test_ids_of_very_large_files_are_not_looked_at_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feedback, "SAFE_TO_CHECK_IDS", 50)
    rows = [["id", "score"], *[[f"R{n}", str(n % 11)] for n in range(60)], ["R5", "9"]]
    reading = read(csv_file(tmp_path, rows))
    assert reading.warnings == ('Doubles of "id" were not looked for in 61 rows; add --id "id" to do so.',)
    assert reading.rejected == {}
    assert read(csv_file(tmp_path, rows), external_id="id").rejected == {"duplicate_id": 1}


def test_several_comments_become_one(tmp_path: Path) -> None:
    rows = [
        ["score", "good", "bad"],
        ["9", "the people there", ""],
        ["0", "", " the price of it "],
        ["5", "a", "b"],
        ["6", "", ""],
    ]
    reading = read(csv_file(tmp_path, rows), text=("good", "bad"))
    assert column(reading, "comment") == ["the people there", "the price of it", "a\nb", None]


def test_money_that_cannot_be_read_is_left_blank_and_counted(tmp_path: Path) -> None:
    rows = [["score", "value"], *[["9", f"€{n},50"] for n in range(20)], ["0", "$7"], ["1", "n/a"], ["2", "much"]]
    reading = read(csv_file(tmp_path, rows), money="value")
    assert column(reading, "money")[18:] == [Decimal("18.5"), Decimal("19.5"), None, None, None]
    assert reading.tables.currency == "EUR"
    assert reading.warnings == ('2 values of "value" are no money in EUR and are left blank.',)


def test_attributes_may_be_called_as_our_columns_are(tmp_path: Path) -> None:
    rows = [
        ["score", "source", "Region", "region", "weight"],
        *[[str(n), ["web", "mail"][n % 2], "ab"[n % 2], "cd"[n % 2], "xy"[n % 2]] for n in range(9)],
    ]
    reading = read(csv_file(tmp_path, rows))
    assert reading.attributes == ("source (column)", "Region", "region (column)", "weight (column)")
    assert column(reading, "source (column)")[:2] == ["web", "mail"]
    assert column(reading, "source")[0] == "feedback.csv"
    assert column(reading, "region (column)")[:2] == ["c", "d"]
    assert read(csv_file(tmp_path, rows), by=("source",)).attributes == ("source (column)",)


def test_sorts_of_survey_and_kinds_of_feedback(tmp_path: Path) -> None:
    rows = [
        ["score", "survey", "kind"],
        *[[str(n % 11), ["Relationship", "transactional"][n % 2], "survey"] for n in range(500)],
    ]
    rows[-1][1] = "something else"
    reading = read(csv_file(tmp_path, rows))
    assert column(reading, "survey (column)" if "survey" not in reading.plain else "survey")[:2] in (
        ["relationship", "transactional"], ["Relationship", "transactional"],
    )  # fmt: skip
    assert read(csv_file(tmp_path, rows[:-1])).plain == {"survey": "survey", "kind": "kind"}
    assert column(read(csv_file(tmp_path, rows[:-1])), "survey")[:2] == ["relationship", "transactional"]


def test_more_attributes_than_are_taken_are_named(tmp_path: Path) -> None:
    names = [f"a{n}" for n in range(10)]
    reading = read(csv_file(tmp_path, [["score", *names], *[[str(n % 11), *["xy"[n % 2]] * 10] for n in range(20)]]))
    assert len(reading.attributes) == 8
    assert reading.warnings == ("Also possible as attributes: a8, a9; add them with --by.",)


def test_a_formula_stays_text(tmp_path: Path) -> None:
    rows = [
        ["score", "comment"],
        ["9", '=cmd|"/c calc"!A1'],
        ["0", "+1+1 and some more words"],
        ["5", "@SUM(A1) of all of it"],
    ]
    assert column(read(csv_file(tmp_path, rows), text=("comment",)), "comment") == [row[1] for row in rows[1:]]
    assert rejects(read(csv_file(tmp_path, [*rows, ["=9", "x"]]), text=("comment",))) == {5: "score_not_a_number"}


def test_a_headerless_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r'line 1 holds values \("9"\) where the names of the columns should be'):
        read(csv_file(tmp_path, ROWS[0:1] and [["9", "great", "2026-01-01"], ["8", "fine", "2026-01-02"]]))


def test_one_column_is_enough(tmp_path: Path) -> None:
    reading = read(text_file(tmp_path, "score\n9\n0\n\n7\n"))
    assert column(reading) == [9, 0, 7]
    assert reading.attributes == ()


def test_the_formats_give_the_same_feedback(tmp_path: Path) -> None:
    wanted = ("score", "local_date", "customer", "comment", "region")
    of_csv = read(csv_file(tmp_path, [HEADER, *ROWS]))
    of_xlsx = read(xlsx_file(tmp_path, {"A": [HEADER, *[[cell or None for cell in row] for row in ROWS]]}))
    columns: dict[str, Any] = {name: [row[place] or None for row in ROWS] for place, name in enumerate(HEADER)}
    columns["score"] = pa.array([None if text is None else int(text) for text in columns["score"]], pa.int8())
    of_parquet = read(parquet_file(tmp_path, columns))
    for name in wanted:
        assert column(of_csv, name) == column(of_xlsx, name) == column(of_parquet, name), name


def test_everything_that_can_be_wrong_at_once(tmp_path: Path) -> None:
    text = (
        "id,score,date\n"  # line 1
        "1,9,2026-01-01\n"
        "2,great,2026-01-01\n"
        "3,12,2026-01-01\n"
        "4,9\n"  # 5
        '5,"9,2026-01-01\n'
        "6,9,1970-01-01\n"
        "7,9,2031-01-01\n"
        "8,9,soon\n"
        "9,9\x00,2026-01-01\n"  # 10
        "1,0,2026-01-02\n"
        ",,\n"
        "10,,\n"
    )
    reading = read(text_file(tmp_path, text), scale="0-10", external_id="id")
    assert rejects(reading) == {
        2: "duplicate_id", 3: "score_not_a_number", 4: "score_out_of_range", 5: "ragged_row", 6: "open_quote",
        7: "date_implausible", 8: "date_in_future", 9: "date_unreadable", 10: "nul_byte",
    }  # fmt: skip
    assert (reading.rows, taken(reading), reading.blank, reading.without_date) == (11, 2, 1, 1)
    assert all(example["message"].startswith(f"feedback.csv line {example['line']}") for example in reading.examples)
    assert str(reading).startswith("feedback.csv: 11 rows, 9 rejected, 1 blank\n  score        score  (detected)\n")


def test_a_reading_outlives_everything_around_it(tmp_path: Path) -> None:
    frame = read_feedback(csv_file(tmp_path, [HEADER, *ROWS]), None, feedback.Options(today=TODAY)).tables.feedback
    assert frame.query("f", "SELECT sum(score) FROM f").fetchall() == [(26,)]


def test_where_no_score_is_found_the_other_sheets_are_named(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path, {"Read me": [["made by"], ["a tool"]], "Answers": [["NPS"], [9], [3], [0]]})
    with pytest.raises(
        UserError, match=r'no column that is plainly the score.*"Read me" was read, "Answers" was not; put the sheet'
    ):
        read(path)
