"""Evidence of a leaf: by hand, and what the quiet side teaches."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import betabinom, binom

from winback.stats.leaf_evidence import (
    ODDS,
    ShareLeaves,
    SumLeaves,
    calm_likelihood,
    dispersion_beside,
    dispersion_of_calm,
    quiet_dispersion,
)


def test_evidence_of_a_share_by_hand_before_and_after_it_is_explained() -> None:
    leaves = ShareLeaves(np.array([7.0]), np.array([20.0]), np.array([0.2]), np.ones(1), np.array([2.0, 3.0]))
    double, triple = 0.4 / 1.2, 0.6 / 1.4
    plain = leaves.evidence(np.array([-1]))
    assert plain[0] == pytest.approx([binom.logpmf(7, 20, p) - binom.logpmf(7, 20, 0.2) for p in (double, triple)])
    again = leaves.evidence(np.array([1]))
    both = 2 * triple / (1 - triple + 2 * triple)
    assert again[0, 0] == pytest.approx(binom.logpmf(7, 20, both) - binom.logpmf(7, 20, triple))


def test_dispersion_of_the_quiet_leaves_is_found_though_some_burn() -> None:
    r = np.random.default_rng(1)
    n, p = np.full(400, 200.0), np.full(400, 0.2)
    k = 1 / 0.02 - 1
    y = r.binomial(200, r.beta(0.2 * k, 0.8 * k, 400)).astype(float)
    y[:20] = 150
    assert quiet_dispersion(y, n, p) == pytest.approx(0.02, rel=0.8)
    assert quiet_dispersion(r.binomial(200, 0.2, 400).astype(float), n, p) < 0.004
    assert quiet_dispersion(np.array([1.0]), np.array([5.0]), np.array([0.2])) == 0.0


def test_dispersion_is_found_though_half_of_the_leaves_that_tell_it_burn() -> None:
    r = np.random.default_rng(1)
    n, p = np.full(60, 12.0), np.full(60, 0.2)
    burnt = np.where(np.arange(60) < 30, 3 * p / (1 + 2 * p), p)
    y = r.binomial(12, burnt).astype(float)
    assert quiet_dispersion(y, n, p) > 0.08, "the middle leaf burns"
    assert dispersion_beside(y, n, p, ODDS) == 0.0
    k = 1 / 0.1 - 1
    y = r.binomial(12, r.beta(burnt * k, (1 - burnt) * k)).astype(float)
    assert dispersion_beside(y, n, p, ODDS) == pytest.approx(0.1, abs=0.06)


def test_dispersion_where_nothing_burns_takes_all_that_is_beyond_chance() -> None:
    r = np.random.default_rng(1)
    n, p = np.full(60, 12.0), np.full(60, 0.2)
    y = r.binomial(12, np.where(np.arange(60) < 30, 3 * p / (1 + 2 * p), p)).astype(float)
    assert dispersion_beside(y, n, p, ODDS) == 0.0
    assert dispersion_of_calm(y, n, p) > 0.02, "the leaves that burn are taken for dispersed"
    assert dispersion_of_calm(r.binomial(12, 0.2, 60).astype(float), n, p) < 0.02
    assert dispersion_of_calm(np.arange(50) % 2.0, np.ones(50), np.full(50, 0.2)) == 0.0


def test_the_likelihood_of_calm_is_the_beta_binomials_for_each_draw() -> None:
    n, p = np.array([10.0, 4.0, 1.0]), np.array([0.2, 0.3, 0.5])
    drawn = np.array([[3.0, 0.0], [1.0, 4.0], [1.0, 0.0]])
    k = 1 / 0.05 - 1
    by_hand = betabinom.logpmf(drawn[:2].T, n[:2], k * p[:2], k * (1 - p[:2])).sum(axis=1)
    found = calm_likelihood(drawn, n, p, 0.05)
    assert found[1] - found[0] == pytest.approx(
        by_hand[1] - by_hand[0] - (_ways(drawn[:2, 1], n[:2]) - _ways(drawn[:2, 0], n[:2]))
    )


def _ways(y: np.ndarray, n: np.ndarray) -> float:
    """Log of the number of ways, which does not depend on shares and is left out."""
    return float(np.log([math.comb(int(b), int(a)) for a, b in zip(y, n, strict=True)]).sum())


def test_few_leaves_tell_no_dispersion() -> None:
    single, share = np.ones(50), np.full(50, 0.2)
    assert dispersion_beside(np.arange(50) % 2.0, single, share, ODDS) == 0.0
    assert dispersion_beside(np.array([9.0, 0.0]), np.array([9.0, 9.0]), share[:2], ODDS) == 0.0


def test_noise_is_read_from_the_side_where_nothing_happened() -> None:
    r = np.random.default_rng(2)
    forecast = np.full(600, 100.0)
    actual = forecast * (1 + 0.05 * r.standard_normal(600))
    actual[:300] *= 0.4
    leaves = SumLeaves.of(actual, forecast)
    assert leaves.noise == pytest.approx(0.05, rel=0.25)
    assert leaves.side == 1.0
    assert leaves.alone(np.arange(600) >= 300)[:300].all()
    assert not leaves.alone(np.arange(600) >= 300)[300:].any()
    evidence = leaves.evidence(np.full(600, -1))
    assert (evidence[:300].max(axis=1) > 3).all()
    assert leaves.evidence(np.zeros(600, dtype=int)).max() == 0.0
