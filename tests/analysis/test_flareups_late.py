"""How late answers come: the days within which 95 of 100 have, and what cannot be told."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from winback.analysis.flareups_late import FAR, lag_of
from winback.errors import UserError

DAY = dt.date(2026, 1, 1)


def _table(late: list[int], given: dt.date = DAY) -> pa.Table:
    days = [given] * len(late)
    return pa.table(
        {"score": [9.0] * len(late), "local_date": days, "came": [given + dt.timedelta(days=n) for n in late]}
    )


def test_the_days_within_which_nineteen_of_twenty_have_come() -> None:
    assert lag_of(_table([0] * 18 + [4, 30]), "came", {}) == (4, DAY + dt.timedelta(days=30))
    assert lag_of(_table([0] * 19 + [30]), "came", {})[0] == 0


def test_young_answers_do_not_make_it_shorter() -> None:
    young = DAY + dt.timedelta(days=FAR + 10)
    both = pa.concat_tables([_table([7] * 20), _table([0] * 200, young)])
    assert lag_of(both, "came", {}) == (7, young)


def test_an_answer_that_came_before_it_was_given_came_at_once() -> None:
    assert lag_of(_table([-3] * 20), "came", {})[0] == 0


def test_without_both_days_it_says_so() -> None:
    blank = _table([1, 2]).set_column(2, "came", pa.array([None, None], pa.date32()))
    with pytest.raises(UserError, match='No answer has a day in "came"'):
        lag_of(blank, "came", {})
    with pytest.raises(UserError, match="needs the date of the answer too"):
        lag_of(_table([1]).drop_columns("local_date"), "came", {})
