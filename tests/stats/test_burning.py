"""Evidence rises while it burns, falls when it is out, and is an average likelihood ratio."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from winback.stats.burning import BEGINS, LONGEST, OVER, _moves, _places, _weights, burning
from winback.stats.families import Count, Share
from winback.stats.serial import Noise


def _one(
    bad: list[float], size: float = 30.0, spread: float = 1e-9, noise: Noise | None = None, **more: object
) -> tuple[float, int]:
    y = np.array([bad])
    n = np.full(y.shape, size)
    noise = noise or Noise()
    found = burning(y, n, np.full(y.shape, np.log(0.25)), np.full(y.shape, spread), noise, family=Share(), **more)  # type: ignore[arg-type]
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


def _all_windows(bad: list[float]) -> float:
    """The score by its definition: every beginning, every end, every size, one by one."""
    periods, alive, over = len(bad), 0.0, 0.0
    for odds in Share().effects:
        raised = odds * 0.2 / (0.8 + odds * 0.2)
        ratio = binom.pmf(bad, 30, raised) / binom.pmf(bad, 30, 0.2)
        for begin in range(periods):
            alive += np.prod(ratio[begin:]) * (1 - OVER) ** (periods - 1 - begin)
            for end in range(begin + 1, periods):
                over += np.prod(ratio[begin:end]) * (1 - OVER) ** (end - 1 - begin) * OVER
    k = len(Share().effects)
    return float(np.log(alive / k) - np.log(1 + BEGINS * over / k) - np.log(1 / OVER))


def test_a_fire_that_is_out_scores_low_and_calm_is_negative() -> None:
    burns, out, calm = [6.0] * 4 + [14.0] * 4, [6.0] * 2 + [14.0] * 4 + [6.0] * 2, [6.0] * 8
    for bad in (burns, out, calm):
        assert _one(bad)[0] == pytest.approx(_all_windows(bad), abs=1e-3)
    assert _one(burns)[0] > 0.0 > _one(calm)[0]
    assert _one(burns)[0] > _one(out)[0]


def test_noise_that_lasts_is_not_taken_for_a_fire_and_what_does_not_last_is_no_help_to_it() -> None:
    bad = [6.0] * 4 + [11.0] * 4
    sure = _one(bad)[0]
    lasting = _one(bad, noise=Noise(0.0, 0.09, 0.9))[0]
    short = _one(bad, noise=Noise(0.0, 0.09, 0.0))[0]
    assert lasting < short < sure


def test_the_hidden_nodes_have_the_variance_and_the_memory_of_the_noise() -> None:
    places, weights = _places(), _weights()
    assert weights.sum() == pytest.approx(1.0)
    assert (weights * places**2).sum() == pytest.approx(1.0)
    for memory in (0.0, 0.35, 0.9, 1.0):
        moves = _moves(np.array([memory]))[:, :, 0]
        assert moves.sum(axis=1) == pytest.approx(np.ones(len(places)))
        assert moves @ places == pytest.approx(memory * places)  # the mean of the next, from each node
        assert weights @ moves == pytest.approx(weights)  # it stays where it is, taken all together


def test_an_uncertain_baseline_weakens_the_evidence() -> None:
    assert _one([6] * 5 + [11] * 3, spread=0.4)[0] < _one([6] * 5 + [11] * 3)[0]


def test_no_window_reaches_back_before_an_acknowledged_alarm() -> None:
    whole = _one([6] * 4 + [14] * 4)[0]
    after = _one([6] * 4 + [14] * 4, allowed=np.array([1]))[0]
    assert after < whole
    assert _one([6] * 4 + [14] * 4, allowed=np.array([0]))[0] == -np.inf


def test_overwhelming_evidence_stays_a_number() -> None:
    score, _ = _one([9e6] * LONGEST, size=1e7)
    # Each period's evidence is cut at 80: a fire of eight periods against one of seven that is out.
    assert score == pytest.approx(80.0 + np.log(1 - OVER) - np.log(BEGINS * OVER) - np.log(1 / OVER), abs=1e-3)


def test_the_chance_of_a_score_is_at_most_what_an_average_ratio_allows() -> None:
    r = np.random.default_rng(1)
    y = r.binomial(30, 0.2, (20_000, 8)).astype(float)
    n = np.full(y.shape, 30.0)
    score = burning(y, n, np.full(y.shape, np.log(0.25)), np.full(y.shape, 1e-6), Noise(), family=Share()).score
    for x in (0.0, 1.0, 2.0, 3.0):
        bound = np.exp(-x)
        assert (score >= x).mean() <= bound + 3 * (bound / 20_000) ** 0.5


def test_counts_beyond_measure_have_a_score_that_can_be_written() -> None:
    n = np.full((2, 8), 1e14)
    y = np.array([[0.2] * 6 + [0.9] * 2, [0.2] * 8]) * n
    found = burning(y, n, np.full(y.shape, np.log(0.25)), np.full(y.shape, 1e-6), Noise(), family=Share())
    assert np.isfinite(found.score).all()
    assert found.score[0] > 50 and found.score[1] < 0


def test_counts_beyond_all_measure_overflow_nothing() -> None:
    many = np.full((1, 8), 1e16)
    calm = burning(0.2 * many, many, np.full((1, 8), np.log(0.25)), np.zeros((1, 8)), Noise(), family=Share())
    assert not calm.score[0] > 0
    gone = burning(0.0 * many, many, np.zeros((1, 8)), np.zeros((1, 8)), Noise(), family=Count(falling=True))
    assert 80.0 < gone.score[0] < 90.0  # one period, cut where no doubt is left
