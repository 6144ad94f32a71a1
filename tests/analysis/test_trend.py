"""The score over time: units, gaps, sentences."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

import winback as wb
from winback.analysis.tally import tally
from winback.errors import UserError


def monthly(*scores: float) -> pa.Table:
    days = [dt.date(2025 + month // 12, month % 12 + 1, 10) for month in range(len(scores)) for _ in range(40)]
    values = [10.0 if place < 20 + score / 5 else 0.0 for score in scores for place in range(40)]
    return pa.table({"score": values, "local_date": pa.array(days)})


def test_a_clear_fall_and_a_faint_one() -> None:
    assert wb.trend(monthly(80, 60, 0, -80)).summary() == "From +80 to −80 over 4 months, more than chance explains."
    assert wb.trend(monthly(10, 10, 0)).summary().endswith("which chance alone can explain.")
    assert wb.trend(monthly(10)).summary().startswith("Too few periods")


def test_the_verdict_rests_on_what_weighted_answers_are_worth() -> None:
    """40 answers a month, of which one stands for nearly all: the score goes from +100 to -100, and that is chance."""
    table = monthly(100, -100)
    heavy = [1000.0 if place in (0, 40) else 1.0 for place in range(80)]
    weighed = wb.trend(table.append_column("w", pa.array(heavy)), weight="w")
    assert [row["nps"] for row in weighed.rows()] == [100.0, -100.0]
    assert weighed.summary().endswith("which chance alone can explain.")
    assert wb.trend(table).summary().endswith("more than chance explains.")


def test_a_period_that_is_still_running_is_not_set_against_whole_ones() -> None:
    found = wb.trend(monthly(10, 10, 0, -80), today=dt.date(2025, 4, 12))
    assert found.rows()[-1]["partial"]
    assert found.summary() == "From +10 to 0 over 3 months, which chance alone can explain."


def test_a_tally_by_another_period_is_refused() -> None:
    with pytest.raises(UserError, match="needs answers counted by week"):
        wb.trend(tally(monthly(1), unit="month"), unit="week")


def test_no_date_at_all_is_told() -> None:
    table = pa.table({"score": [9.0], "local_date": pa.array([None], pa.date32())})
    with pytest.raises(UserError, match="No answer has a date"):
        wb.trend(table)
