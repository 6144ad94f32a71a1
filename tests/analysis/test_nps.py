"""The score: published check values, and its sentence."""

from __future__ import annotations

import pyarrow as pa
import pytest

import winback as wb


def of(promoters: int, passives: int, detractors: int) -> pa.Table:
    return pa.table({"score": [10.0] * promoters + [8.0] * passives + [0.0] * detractors})


@pytest.mark.parametrize(
    ("promoters", "passives", "detractors", "nps", "low", "high"),
    [(40, 30, 30, 10.0, -6.3, 25.7), (8, 6, 6, 10.0, -24.7, 42.1), (200, 150, 150, 10.0, 2.7, 17.2), (10, 0, 0, 100.0, 47.5, 100.0)],
)  # fmt: skip
def test_check_values(promoters: int, passives: int, detractors: int, nps: float, low: float, high: float) -> None:
    row = wb.nps(of(promoters, passives, detractors)).rows()[0]
    assert (row["nps"], round(row["low"], 1), round(row["high"], 1)) == (nps, low, high)


def test_summary() -> None:
    assert wb.nps(of(40, 30, 30)).summary() == "+10 [−6, +26] from 100 answers."
    assert wb.nps(of(3, 0, 0)).summary() == "3 answers: too few to show a score."


def test_no_answers_are_no_score() -> None:
    row = wb.nps(pa.table({"score": pa.array([None, None], pa.float64())}), minimum=1).rows()[0]
    assert (row["answers"], row["nps"], row["suppressed"]) == (0, None, True)


def test_values_between_the_bands_belong_to_one() -> None:
    row = wb.nps(pa.table({"score": [6.0, 6.5, 8.9, 9.0]}), minimum=1).rows()[0]
    assert (row["detractors"], row["passives"], row["promoters"]) == (1, 2, 1)
