"""Steadied scores: against a direct maximisation, published behaviour, and the shapes segments come in."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import gammaln, polygamma

from tests.stats.worlds import segments
from winback.stats.shrinkage import _trigamma, shrink

SEGMENT = st.tuples(*[st.integers(min_value=0, max_value=400)] * 3)


def test_it_finds_the_same_prior_as_a_direct_search():
    counts = segments(40, 30, 40, np.random.default_rng(1)).counts

    def loss(point):
        alpha = np.exp(point)
        k, n = alpha.sum(), counts.sum(axis=1)
        fit = (gammaln(counts + alpha) - gammaln(alpha)).sum() - (gammaln(n + k) - gammaln(k)).sum()
        return -(fit - 0.5 * ((np.log(k) - np.log(100)) / 2) ** 2)

    found = np.exp(
        minimize(loss, np.log([5.0, 5.0, 5.0]), method="Nelder-Mead", options={"fatol": 1e-10, "xatol": 1e-8}).x
    )
    ours = shrink(counts)
    assert np.allclose(ours.prior_mean * ours.concentration, found, rtol=2e-3)


def test_it_recovers_the_spread_of_a_known_world():
    for concentration in (10, 40, 160):
        world = segments(1500, concentration, 40, np.random.default_rng(concentration))
        ours = shrink(world.counts)
        assert ours.concentration == pytest.approx(concentration, rel=0.15)
        assert np.allclose(ours.prior_mean, world.shares.mean(axis=0), atol=0.008)


def test_it_beats_raw_scores_of_small_segments_by_far():
    world = segments(600, 40, 15, np.random.default_rng(7))
    small = world.counts.sum(axis=1) < 30
    raw = np.mean((world.raw - world.scores)[small] ** 2)
    ours = np.mean((shrink(world.counts).nps - world.scores)[small] ** 2)
    assert ours < 0.6 * raw


def test_segments_that_are_alike_are_pooled():
    ours = shrink(np.tile([30, 30, 40], (20, 1)))
    assert np.allclose(ours.nps, 10.0, atol=0.05)
    world = segments(300, 1e6, 30, np.random.default_rng(3))
    ours = shrink(world.counts)
    assert ours.own_weight.mean() < 0.08
    assert np.std(ours.nps) < 0.1 * np.std(world.raw)


def test_one_segment_keeps_its_score():
    assert shrink([[3, 3, 4]]).nps[0] == pytest.approx(10.0)
    assert shrink([[0, 0, 5]]).nps[0] == pytest.approx(100.0)


def test_two_segments_far_apart_stay_apart():
    ours = shrink([[400, 100, 0], [0, 100, 400]])
    assert ours.nps[0] < -75 < 75 < ours.nps[1]


def test_segments_without_answers_get_the_mean_of_the_others():
    ours = shrink([[0, 0, 0], [10, 20, 30], [30, 30, 40]])
    assert ours.nps[0] == pytest.approx(ours.prior_nps)
    assert ours.own_weight[0] == 0
    blank = shrink(np.zeros((2, 3)))
    assert np.isnan(blank.nps).all()
    assert np.isnan(blank.concentration)


def test_a_huge_segment_does_not_speak_for_the_small_ones():
    small = [[6, 2, 2], [5, 3, 2], [6, 3, 1], [5, 4, 1], [7, 2, 1]] * 4
    ours = shrink([[100_000, 100_000, 800_000], *small])
    assert ours.nps[0] == pytest.approx(70.0, abs=0.1)
    assert ours.prior_nps < -20


def test_a_band_nobody_chose_is_no_trouble():
    ours = shrink([[0, 0, 9], [0, 0, 4], [0, 0, 30]])
    assert np.isfinite(ours.alphas).all()
    assert (ours.nps > 99).all()


def test_effective_counts_shrink_more_than_whole_ones():
    counts = segments(200, 30, 30, np.random.default_rng(5)).counts
    halves, whole = shrink(counts * 0.37), shrink(counts)
    assert halves.own_weight.mean() < whole.own_weight.mean()


def test_a_hundred_thousand_segments_take_about_a_second():
    counts = segments(100_000, 30, 12, np.random.default_rng(2)).counts
    counts *= np.random.default_rng(1).uniform(0.4, 1.0, (100_000, 1))  # fractions are the slow case
    start = time.process_time()
    shrink(counts)
    assert time.process_time() - start < 4.0  # 0.6 s measured; the margin is for a busy machine


@given(st.lists(SEGMENT, min_size=1, max_size=12))
@settings(deadline=None, max_examples=50)
def test_a_steadied_score_lies_between_raw_and_prior(rows):
    counts = np.array(rows, dtype=float)
    sizes = counts.sum(axis=1)
    ours = shrink(counts)
    if sizes.max() == 0:
        return
    assert ours.prior_mean.sum() == pytest.approx(1.0)
    assert np.isfinite(ours.concentration)
    assert ours.concentration > 0
    raw = 100 * (counts[:, 2] - counts[:, 0])[sizes > 0] / sizes[sizes > 0]
    low, high = np.minimum(raw, ours.prior_nps), np.maximum(raw, ours.prior_nps)
    assert ((low - 1e-6 <= ours.nps[sizes > 0]) & (ours.nps[sizes > 0] <= high + 1e-6)).all()


def test_wrong_counts_are_refused():
    for counts in ([1, 2, 3], [[1, 2]], [[1, 2, -1]], [[1, 2, np.nan]]):
        with pytest.raises(ValueError, match="counts"):
            shrink(counts)


def test_trigamma_is_scipys():
    x = np.array([1e-4, 0.02, 0.7, 1.0, 9.5, 300.0, 1e7])
    assert np.allclose(_trigamma(x), polygamma(1, x), rtol=1e-12)
