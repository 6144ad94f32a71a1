"""Somers' D and Kendall's test, by hand and beside SciPy; and when a scale is said to be turned."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kendalltau, somersd

from winback.stats.turning import FEWEST, against, by_chance, turned


def of(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def test_the_order_is_counted_in_pairs() -> None:
    assert against(of(1, 2, 3), of(3, 2, 1)) == -1.0
    assert against(of(1, 1, 2), of(5, 1, 3)) == 0.0  # one pair up, one down, one with the same score
    assert against(of(1, 1, 2, 2), of(4, 4, 1, 4)) == -0.5  # two of four down, two equal
    assert against(of(3, 3), of(1, 2)) == 0.0


def test_chance_is_known_where_it_can_be_counted() -> None:
    assert by_chance(of(1, 1), of(2, 1)) == 1.0  # one score: nothing to be ordered
    assert by_chance(of(1, 2), of(1, 2)) == pytest.approx(0.8413447)  # S = 1, its variance 1


def test_both_are_what_scipy_says() -> None:
    draw = np.random.default_rng(3)
    scores = draw.integers(1, 6, 80).astype(float)
    moods = np.round(draw.normal(size=80) - 0.2 * scores, 1)
    assert against(scores, moods) == pytest.approx(somersd(scores, moods).statistic, abs=1e-12)
    asked = kendalltau(scores, moods, alternative="less", method="asymptotic")
    assert by_chance(scores, moods) == pytest.approx(asked.pvalue, rel=1e-9)


def test_only_what_is_clear_is_said() -> None:
    scores = np.tile(of(1, 2, 3, 4, 5), FEWEST // 5)
    assert turned(scores, -scores) and not turned(scores, scores)
    assert not turned(scores[:-1], -scores[:-1])  # one too few
    assert not turned(np.ones(FEWEST), -scores)
    many = np.tile(scores, 40)  # so many that chance is out of the question, and yet next to nothing
    weak = np.where(np.arange(len(many)) % 4 == 0, -many, 0.0)
    assert by_chance(many, weak) < 0.001 and -0.1 < against(many, weak) < 0 and not turned(many, weak)
