"""Evidence rises while it burns, falls when it is out, and is an average likelihood ratio."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from winback.stats.burning import BEGINS, LONGEST, OVER, burning
from winback.stats.families import Share


def _one(bad: list[float], size: float = 30.0, spread: float = 1e-6, **more: object) -> tuple[float, int]:
    y = np.array([bad])
    n = np.full(y.shape, size)
    found = burning(y, n, np.full(y.shape, np.log(0.25)), np.full(y.shape, spread), 0.0, family=Share(), **more)  # type: ignore[arg-type]
    return float(found.score[0]), int(found.began[0])


def test_one_period_is_the_average_likelihood_ratio_by_hand() -> None:
    score, began = _one([12.0])
    ratios = []
    for odds in Share().effects:
        raised = odds * 0.2 / (0.8 + odds * 0.2)
        ratios.append(binom.pmf(12, 30, raised) / binom.pmf(12, 30, 0.2))
    assert score == pytest.approx(np.log(np.mean(ratios)) - np.log(1 / OVER))
    assert began == 1


def test_two_periods_by_hand_with_a_fire_that_is_out() -> None:
    ratio = [
        [binom.pmf(y, 30, o * 0.2 / (0.8 + o * 0.2)) / binom.pmf(y, 30, 0.2) for o in Share().effects] for y in (14, 5)
    ]
    first, second = np.array(ratio)
    alive = np.mean((first * (1 - OVER) + 1) * second)
    over = np.mean(first * OVER)
    assert _one([14.0, 5.0])[0] == pytest.approx(np.log(alive / (1 + BEGINS * over)) - np.log(1 / OVER))


def test_it_burns_since_the_period_it_began() -> None:
    assert _one([6, 6, 6, 6, 6, 15, 16, 14])[1] == 3
    assert _one([6, 6, 6, 6, 6, 6, 6, 18])[1] == 1


def test_a_fire_that_is_out_scores_low_and_calm_is_negative() -> None:
    burns, out, calm = _one([6] * 4 + [14] * 4)[0], _one([6] * 2 + [14] * 4 + [6] * 2)[0], _one([6] * 8)[0]
    assert burns > out + 5
    assert out < 2
    assert calm < 0


def test_an_uncertain_baseline_weakens_the_evidence() -> None:
    assert _one([6] * 5 + [11] * 3, spread=0.4)[0] < _one([6] * 5 + [11] * 3)[0]


def test_no_window_reaches_back_before_an_acknowledged_alarm() -> None:
    whole = _one([6] * 4 + [14] * 4)[0]
    after = _one([6] * 4 + [14] * 4, allowed=np.array([1]))[0]
    assert after < whole
    assert _one([6] * 4 + [14] * 4, allowed=np.array([0]))[0] == -np.inf


def test_overwhelming_evidence_stays_a_number() -> None:
    score, _ = _one([9e6] * LONGEST, size=1e7)
    assert np.isfinite(score) and score > 50


def test_the_chance_of_a_score_is_at_most_what_an_average_ratio_allows() -> None:
    r = np.random.default_rng(1)
    y = r.binomial(30, 0.2, (20_000, 8)).astype(float)
    n = np.full(y.shape, 30.0)
    score = burning(y, n, np.full(y.shape, np.log(0.25)), np.full(y.shape, 1e-6), 0.0, family=Share()).score
    for x in (0.0, 1.0, 2.0, 3.0):
        assert (score >= x).mean() <= np.exp(-x)
