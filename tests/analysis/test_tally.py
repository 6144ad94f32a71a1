"""Counting on the engine: what a tally holds, and what it refuses."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from tests.spec.answers import answers
from winback.analysis.tally import MONEY_UNIT, UNDATED, labels, period_index, period_start, tally
from winback.errors import UserError
from winback.tables import Tables

ROWS = answers("""
    score  region  respondent  local_date  money
    9      North   ann         2026-01-05  1.5
    0      North   ann         2026-03-05  2.25
    8      South   bob         2026-01-07  .
    .      South   bob         2026-02-07  9
    7      South   .           .           4
""")


def test_a_cell_holds_its_period_and_the_period_of_the_next_answer() -> None:
    found = tally(ROWS, by=["region"], unit="month", money="money").cells.to_pylist()
    january, march = 2026 * 12, 2026 * 12 + 2
    assert [
        (c["region"], c["wb_period"], c["wb_next"], c["wb_score"], c["wb_answers"], c["wb_money"]) for c in found
    ] == [
        ("North", january, march, 9.0, 1, 15_000),
        ("North", march, None, 0.0, 1, 22_500),
        ("South", UNDATED, None, 7.0, 1, 40_000),
        ("South", january, None, 8.0, 1, None or 0),
    ]


def test_values_that_differ_by_spaces_or_say_nothing_are_one() -> None:
    table = pa.table({"score": [9.0, 9.0, 0.0, 0.0], "region": ["North", " North ", "n/a", ""]})
    found = tally(table, by=["region"]).cells.to_pylist()
    assert [(c["region"], c["wb_answers"]) for c in found] == [("North", 2), (None, 2)]


def test_labels_are_the_same_from_every_type() -> None:
    assert labels(pa.array([1.0, 2.5, None])).to_pylist() == ["1", "2.5", None]
    assert labels(pa.array([True, False])).to_pylist() == ["true", "false"]
    assert labels(pa.array([dt.date(2026, 1, 2)])).to_pylist() == ["2026-01-02"]
    assert labels(pa.array(["a", "b"]).dictionary_encode()).to_pylist() == ["a", "b"]
    assert labels(pa.array([float("nan")])).to_pylist() == [None]


@pytest.mark.parametrize(
    "day", [dt.date(2026, 11, 21), dt.date(2024, 2, 29), dt.date(1999, 12, 31), dt.date(2026, 1, 1)]
)
def test_a_day_lies_in_its_period(day: dt.date) -> None:
    for unit in ("month", "week"):
        index = period_index(day, unit)  # type: ignore[arg-type]
        assert period_start(index, unit) <= day < period_start(index + 1, unit)  # type: ignore[arg-type]


def test_a_scores_column_of_whole_numbers_and_of_nan() -> None:
    assert tally(pa.table({"score": pa.array([9, None, 3], pa.int8())})).cells.column("wb_answers").to_pylist() == [
        1,
        1,
    ]
    assert tally(pa.table({"score": [float("nan"), 3.0]})).cells.num_rows == 1


def test_what_cannot_be_counted_is_told() -> None:
    with pytest.raises(UserError, match="Periods need a date"):
        tally(pa.table({"score": [1.0]}), unit="month")
    with pytest.raises(UserError, match=r"A window \(since\) needs a date"):
        tally(pa.table({"score": [1.0]}), since=dt.date(2026, 1, 1))
    with pytest.raises(UserError, match='may not be called "wb_next"'):
        tally(pa.table({"score": [1.0], "wb_next": ["a"]}), by=["wb_next"])
    with pytest.raises(UserError, match="hold no feedback"):
        tally(Tables())


def test_a_lazy_frame_without_an_order_cannot_count_persons_once() -> None:
    import polars

    frame = polars.LazyFrame({"score": [1.0, 2.0], "respondent": ["a", "a"]})
    with pytest.raises(UserError, match="which answer is the latest"):
        tally(frame)
    # in memory, the order of the rows decides
    assert tally(frame.collect()).cells.column("wb_score").to_pylist() == [2.0]


def test_money_is_summed_in_whole_ten_thousandths() -> None:
    table = pa.table({"score": [9.0] * 3, "money": [0.1, 0.2, 0.3]})
    assert tally(table, money="money").cells.column("wb_money").to_pylist() == [round(0.6 * MONEY_UNIT)]


def test_an_attribute_may_be_called_like_a_figure() -> None:
    table = pa.table(
        {"score": [1.0, 9.0], "period": ["a", "b"], "next": ["x", None], "answers": ["1", "2"], "money": ["m", "m"]}
    )
    found = tally(table, by=["period", "next", "answers", "money"]).cells.to_pylist()
    assert [(c["period"], c["next"], c["answers"], c["wb_answers"]) for c in found] == [
        ("a", "x", "1", 1),
        ("b", None, "2", 1),
    ]


def test_what_is_said_to_be_a_date_or_a_number_must_be_one() -> None:
    with pytest.raises(UserError, match='The column "date" holds String, not dates'):
        tally(pa.table({"score": [1.0], "date": ["31.01.2026"]}), unit="month")
    with pytest.raises(UserError, match='The column "score" holds String, not numbers'):
        tally(pa.table({"score": ["nine"]}))


def test_money_beyond_what_can_be_summed_exactly_is_told() -> None:
    table = pa.table({"score": [9.0] * 30, "money": [9e13] * 30})
    with pytest.raises(UserError, match="more than 900 trillion"):
        tally(table, money="money")
