"""Counting codings: the split sums, months have names, and a theme that burns is told."""

from __future__ import annotations

import numpy as np
import pytest

from winback.analysis.codebook import Codebook, Theme
from winback.analysis.themes_counted import Answers, Named, counted, groups_of, month, rising

BOOK = Codebook((Theme("a", "A"), Theme("b", "B")))


def test_months() -> None:
    assert month(2026 * 12 + 4) == "2026-05"


def test_a_theme_that_burns_is_told() -> None:
    rng = np.random.default_rng(1)
    periods = np.repeat(np.arange(24200, 24220), 200)
    rate = np.where(periods == 24219, 0.5, 0.05)
    matrix = np.column_stack([rng.random(len(periods)) < rate, rng.random(len(periods)) < 0.1])
    answers = Answers(np.zeros(len(periods), dtype=np.int64), np.ones(len(periods)), periods)
    found = rising(Named(matrix, ("a", "b")), answers, BOOK).to_pylist()
    assert [row["theme"] for row in found] == ["a"]
    assert found[0]["customers"] > 80 and found[0]["expected"] < 20


def test_parts_sum_to_the_score() -> None:
    answers = Answers(np.array([0, 1, 2, 2]), np.array([1.0, 1, 1, 2]), np.zeros(4, dtype=np.int64))
    assert answers.parts.sum() == 100 * (3 - 1) / 5


def test_shares_are_of_those_asked_about_and_a_few_are_not_told() -> None:
    answers = Answers(np.array([0, 0, 0, 0, 2]), np.array([1.0, 1, 1, 3, 2]), np.zeros(5, dtype=np.int64))
    naming = np.array([[True], [False], [True], [True], [True]])
    everyone, lost = np.ones(5, dtype=bool), np.array([True, True, False, False, False])
    (row,) = counted(naming, answers, everyone, level=0.95, groups=groups_of(answers, lost), minimum=2)
    assert (row["customers"], row["share"], row["detractor_share"], row["lost_share"]) == (4, 7 / 8, 5 / 6, 1 / 2)
    # Wilson's interval on 36/12 = 3 answers worth of weight, and on two answers of weight 1
    assert (row["detractor_low"], row["detractor_high"]) == pytest.approx((0.310, 0.982), abs=0.001)
    assert (row["lost_low"], row["lost_high"]) == pytest.approx((0.0945, 0.9055), abs=0.0001)
    assert row["promoter_share"] is None and row["passive_share"] is None  # one promoter, no passive
    (row,) = counted(naming, answers, everyone, level=0.95, groups=groups_of(answers, None))
    assert row["promoter_share"] == 1.0 and row["lost_share"] is None
