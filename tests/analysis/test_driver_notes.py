"""Notes on drivers that are the same everywhere, copies, or blank not by chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest

from winback.analysis.driver_columns import DriverColumn, driver_column
from winback.analysis.driver_notes import odd_drivers

SCORE = np.tile(np.array([2.0, 9.0, 7.0, 10.0]), 20)


def _driver(name: str, values: Sequence[object]) -> DriverColumn:
    return driver_column(name, pa.chunked_array([pa.array(values)]), blanks=(), scale=None, nested=False)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([None] * 80, "“one” is blank in every answer: nothing can go with it."),
        ([3] * 80, "“one” is the same in every answer: nothing can go with it."),
        ([*SCORE.astype(int).tolist()], "“one” says the same as the score: it explains nothing of it. Leave it out."),
        ([*(10 - SCORE.astype(int)).tolist()], "“one” says the same as the score: it explains nothing of it. Leave it out."),
    ],
)  # fmt: skip
def test_one_that_tells_nothing(values: list[object], said: str) -> None:
    column = pa.array(values, pa.int64())
    one = driver_column("one", pa.chunked_array([column]), blanks=(), scale=None, nested=False)
    assert odd_drivers([one], SCORE, np.ones(80)) == [said]


def test_two_that_say_the_same() -> None:
    first, second = _driver("support", [1, 2, 3, 5] * 20), _driver("twin", [1, 2, 3, 5] * 20)
    other = _driver("billing", [1, 1, 5, 2] * 20)
    assert odd_drivers([first, second, other], SCORE, np.ones(80)) == [
        "“support” and “twin” say the same: each has half of what belongs to both. Leave one out."
    ]
    assert odd_drivers([first, other, _driver("plan", ["a", "b", "c", "d"] * 20)], SCORE, np.ones(80)) == []


def test_blanks_that_go_with_the_score() -> None:
    there = [None if score == 2 else int(place % 5) + 1 for place, score in enumerate(np.repeat([2.0, 9.0, 8.0], 30))]
    score = np.repeat([2.0, 9.0, 8.0], 30) + np.tile([0.0, 0.5, 1.0], 30)
    (note,) = odd_drivers([_driver("app", there)], score, np.ones(90))
    assert note.startswith("Those who left “app” blank score 6.5 worse than those who answered it")
