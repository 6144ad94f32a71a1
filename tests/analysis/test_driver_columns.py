"""A driver as numbers: what its values make of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from winback.analysis.driver_columns import DriverColumn, describe, driver_column
from winback.errors import UserError
from winback.scales import Scale


def column(values: list[Any], **options: Any) -> DriverColumn:
    return driver_column("x", pa.chunked_array([pa.array(values)]), **options)


@pytest.mark.parametrize(
    ("values", "kind", "scale"),
    [
        ([1, 2, 5, None], "rating", "1-5"),
        ([0, 3, 5], "rating", "0-5"),
        ([1, 6, 7], "rating", "1-7"),
        ([2.5, 4.0, 8.5], "rating", "1-10"),
        ([0, 7, 10], "rating", "0-10"),
        (["1", "4", "5 - very good", None], "rating", "1-5"),
        (["8/10", "3/10", "9/10"], "rating", "1-10"),
        ([4, 5], "rating", "1-5"),
        ([12.7, 3.1, 8.0], "measure", None),
        ([1, 5, 120], "measure", None),
        (["3.1305754585888623", "1e-05", "-.5", "12"], "measure", None),
        ([-3, 4, 5], "measure", None),
        ([True, False, None], "yes_no", None),
        ([0, 1, 1], "yes_no", None),
        (["1", "2", "2"], "yes_no", None),
        (["yes", "no", "n/a"], "yes_no", None),
        (["Home", "Work", "Plus"], "category", None),
        (["same", "same", None], "constant", None),
        ([7, 7, 7], "constant", None),
        ([None, None], "constant", None),
    ],
)
def test_kinds_are_told_by_values(values: list[Any], kind: str, scale: str | None) -> None:
    if all(value is None for value in values):
        values = [*values]
        found = driver_column("x", pa.chunked_array([pa.array(values, pa.float64())]))
    else:
        found = column(values)
    assert describe(found) == {"kind": kind, "scale": scale, "nested": False}


def test_dissatisfied_is_the_low_end_of_the_scale() -> None:
    assert column([0, 6, 7, 10, None]).dissatisfied() == pytest.approx([1, 1, 0, 0, np.nan], nan_ok=True)
    assert column([1, 3, 4, 5]).dissatisfied().tolist() == [1, 1, 0, 0]
    assert np.isnan(column([1, 5, 120]).dissatisfied()).all()


def test_a_scale_may_be_given_and_turned_round() -> None:
    marks = column([1, 2, 3, 6], scale=Scale.parse("6-1"))
    assert describe(marks)["scale"] == "6-1"
    assert marks.columns[:, 0].tolist() == [-1, -2, -3, -6]
    assert marks.values.tolist() == [1, 2, 3, 6]
    assert marks.dissatisfied().tolist() == [0, 0, 1, 1]  # 3 lies six tenths up from the worst
    other = column([1, 2, 30], scale=Scale.parse("1-5"))
    assert other.kind == "measure"
    assert other.notes == ('"x" has values outside 1-5, such as 30: it is taken as a measure.',)


def test_yes_is_more_than_no_in_every_language() -> None:
    assert column(["yes", "no"]).columns[:, 0].tolist() == [1, 0]
    assert column(["nein", "ja"]).columns[:, 0].tolist() == [0, 1]
    assert column(["Ja", "Nein"]).columns[:, 0].tolist() == [1, 0]


def test_words_among_numbers_are_not_answered_and_told() -> None:
    found = column(["5", "4", "1", "don't know", "-", None])
    assert found.answered.tolist() == [True, True, True, False, False, False]
    assert found.notes == ('1 value of "x", such as "don\'t know", is no number and counts as not answered.',)


def test_values_may_mean_no_answer() -> None:
    assert column([5, 4, 1, 99], blanks=["99"]).answered.tolist() == [True, True, True, False]
    assert column(["5", "4", "1", "6"], blanks=["6"]).kind == "rating"
    assert column(["a", "b", "c", "?"], blanks=["?"]).answered.tolist() == [True, True, True, False]


def test_a_category_has_a_column_for_each_value_but_the_most_frequent() -> None:
    found = column(["b", "a", "b", "c", None])
    assert found.columns[:4].tolist() == [[0, 0], [1, 0], [0, 0], [0, 1]]
    assert np.isnan(found.columns[4]).all()


def test_a_blank_may_mean_not_used() -> None:
    found = column([4.0, None, 2.0, 5.0], nested=True)
    assert found.columns.tolist() == [[4, 1], [pytest.approx(11 / 3), 0], [2, 1], [5, 1]]
    assert found.nested is True
    assert found.answered.tolist() == [True, False, True, True]
    assert column([4.0, 2.0, 5.0], nested=True).nested is False
    assert column(["used", None, "used"], nested=True).columns.tolist() == [[1], [0], [1]]


def test_what_is_no_driver_is_refused() -> None:
    with pytest.raises(UserError, match="holds dates"):
        column([dt.date(2026, 1, 1)])
    with pytest.raises(UserError, match="has 31 different values"):
        column([f"value {number}" for number in range(31)])
