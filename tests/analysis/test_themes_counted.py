"""Counting codings: the split sums, months have names, and a theme that burns is told."""

from __future__ import annotations

import numpy as np

from winback.analysis.codebook import Codebook, Theme
from winback.analysis.themes_counted import Answers, Named, month, rising

BOOK = Codebook((Theme("a", "A"), Theme("b", "B")))


def test_months() -> None:
    assert month(2026 * 12 + 4) == "2026-05"


def test_a_theme_that_burns_is_told() -> None:
    rng = np.random.default_rng(1)
    periods = np.repeat(np.arange(24200, 24220), 200)
    rate = np.where(periods == 24219, 0.5, 0.05)
    matrix = np.column_stack([rng.random(len(periods)) < rate, rng.random(len(periods)) < 0.1])
    answers = Answers(np.zeros(len(periods), dtype=np.int64), np.ones(len(periods)), False, periods)
    found = rising(Named(matrix, ("a", "b")), answers, BOOK).to_pylist()
    assert [row["theme"] for row in found] == ["a"]
    assert found[0]["customers"] > 80 and found[0]["expected"] < 20


def test_parts_sum_to_the_score() -> None:
    answers = Answers(np.array([0, 1, 2, 2]), np.array([1.0, 1, 1, 2]), True, np.zeros(4, dtype=np.int64))
    assert answers.parts.sum() == 100 * (3 - 1) / 5
