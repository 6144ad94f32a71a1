"""The chance of being worse than the rest: against simulation, and that it keeps what it promises."""

from __future__ import annotations

import time

import numpy as np
import pytest

from tests.stats.worlds import segments
from winback.stats.comparison import _less, probability_worse
from winback.stats.shrinkage import Shrinkage, shrink


def drawn(alphas, number, rng):
    gammas = rng.standard_gamma(alphas, (number, 3))
    return (gammas[:, 2] - gammas[:, 0]) / gammas.sum(axis=1)


def under(prior, counts):
    """The shrinkage of counts under a prior that is given, not estimated."""
    prior, counts = np.asarray(prior, dtype=float), np.asarray(counts, dtype=float)
    alphas = counts + prior
    k, sizes = prior.sum(), counts.sum(axis=1)
    return Shrinkage(prior / k, k, alphas, 100 * (alphas[:, 2] - alphas[:, 0]) / (sizes + k), sizes / (sizes + k))


def test_it_agrees_with_simulation_from_one_answer_to_ten_thousand():
    rng = np.random.default_rng(20261121)
    firsts, seconds, truths = [], [], []
    for concentration in (1, 3, 10, 60, 400):
        for mean in ([0.2, 0.3, 0.5], [0.04, 0.16, 0.8], [0.15, 0.7, 0.15], [0.6, 0.25, 0.15]):
            prior = np.array(mean) * concentration
            for answers, others in ((1, 2), (1, 3000), (4, 40), (30, 30), (30, 10_000), (300, 5), (10_000, 10_000)):
                first = prior + rng.multinomial(answers, rng.dirichlet(prior + 0.2))
                second = prior + rng.multinomial(others, mean)
                difference = drawn(first, 40_000, rng) - drawn(second, 40_000, rng)
                firsts.append(first)
                seconds.append(second)
                truths.append(np.mean(difference < 0) + np.mean(difference == 0) / 2)
    errors = np.abs(_less(np.array(firsts), np.array(seconds)) - truths)
    assert errors.max() < 0.01 + 0.006  # 40,000 draws are off by 0.006 themselves at the most, in 140 cases
    assert errors.mean() < 0.003


def test_the_rest_is_all_other_segments_by_their_answers():
    rng = np.random.default_rng(3)
    counts = np.array([[4.0, 1, 2], [10, 20, 30], [1, 0, 5]])
    shrinkage = under([2.0, 3.0, 5.0], counts)
    draws = np.array([drawn(alpha, 200_000, rng) for alpha in shrinkage.alphas])
    sizes = counts.sum(axis=1)
    for i in range(3):
        others = [j for j in range(3) if j != i]
        rest = (sizes[others] @ draws[others]) / sizes[others].sum()
        assert probability_worse(counts, shrinkage)[i] == pytest.approx(np.mean(draws[i] < rest), abs=0.01)


def test_two_segments_share_one_certainty():
    counts = np.array([[3.0, 2, 4], [7, 5, 1]])
    assert probability_worse(counts, shrink(counts)).sum() == pytest.approx(1.0, abs=1e-6)


def test_people_without_a_segment_belong_to_the_rest():
    counts = np.array([[8.0, 6, 10], [6, 8, 9]])
    shrinkage = shrink(counts)
    happy = probability_worse(counts, shrinkage, total=counts.sum(axis=0) + np.array([0, 50, 450]))
    angry = probability_worse(counts, shrinkage, total=counts.sum(axis=0) + np.array([450, 50, 0]))
    assert (happy > 0.9).all()
    assert (angry < 0.1).all()
    same = probability_worse(counts, shrinkage, total=counts.sum(axis=0))
    assert np.allclose(same, probability_worse(counts, shrinkage))


def test_worse_answers_raise_the_chance():
    rows = np.array([[d, 10, 30.0 - d] for d in range(0, 31, 3)])
    crowd = np.tile([300.0, 300, 400], (5, 1))
    shrinkage = under([3.0, 3.0, 4.0], np.vstack([rows, crowd]))
    chances = probability_worse(np.vstack([rows, crowd]), shrinkage)[: len(rows)]
    assert (np.diff(chances) > 0).all()


def test_more_of_the_same_answers_make_it_surer():
    chances = []
    for times in (1, 3, 10, 100):
        counts = np.array([[4.0 * times, 3 * times, 3 * times], [300, 300, 400], [300, 300, 400]])
        chances.append(probability_worse(counts, under([3.0, 3.0, 4.0], counts))[0])
    assert chances == sorted(chances)
    assert chances[-1] > 0.99


def test_it_is_nan_where_there_is_nothing_to_compare():
    counts = np.array([[1.0, 3, 6], [0, 0, 0]])
    assert np.isnan(probability_worse(counts, shrink(counts))).all()
    assert np.isnan(probability_worse(np.zeros((2, 3)), shrink(np.zeros((2, 3))))).all()


def test_segments_that_overlap_are_refused():
    counts = np.array([[5.0, 5, 5], [5, 5, 5]])
    with pytest.raises(ValueError, match="overlap"):
        probability_worse(counts, shrink(counts), total=[6, 6, 6])
    with pytest.raises(ValueError, match="shape"):
        probability_worse(counts[:1], shrink(counts))


def test_its_chances_come_true():
    rng = np.random.default_rng(11)
    chances, outcomes = [], []
    for number, concentration, typical in ((300, 30, 25), (40, 15, 40), (6, 60, 80)):
        for _ in range(max(3, 900 // number)):
            world = segments(number, concentration, typical, rng)
            chances.append(probability_worse(world.counts, shrink(world.counts)))
            outcomes.append(world.worse)
    chance, outcome = np.concatenate(chances), np.concatenate(outcomes)
    assert np.mean((chance - outcome) ** 2) < 0.17  # 0.25 for a coin
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        here = (chance >= low) & (chance < low + 0.2)
        assert np.mean(outcome[here]) == pytest.approx(np.mean(chance[here]), abs=0.07)


def test_a_hundred_thousand_segments_take_seconds_and_twice_the_same():
    rng = np.random.default_rng(2)
    truth = rng.dirichlet(np.array([6.0, 9, 15]), 100_000)
    counts = rng.multinomial(np.maximum(1, rng.lognormal(2.5, 1, 100_000)).astype(int), truth) * 1.3
    shrinkage = shrink(counts)
    start = time.process_time()
    first = probability_worse(counts, shrinkage)
    assert time.process_time() - start < 6.0  # 0.6 s measured
    assert np.isfinite(first).all()
    assert (first == probability_worse(counts, shrinkage)).all()
