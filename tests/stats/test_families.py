"""Each family: its scale, its evidence, and draws that have the variance it says."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, poisson

from winback.stats.families import Count, Mean, Share


def test_evidence_of_a_share_is_the_log_likelihood_ratio_of_binomials() -> None:
    y, n, p = np.array([7.0]), np.array([20.0]), np.array([0.2])
    raised = 3 * 0.2 / (0.8 + 3 * 0.2)
    assert Share().shifted(p, 3.0)[0] == pytest.approx(raised)
    expected = binom.logpmf(7, 20, raised) - binom.logpmf(7, 20, 0.2)
    assert Share().evidence(y, n, p, 3.0)[0] == pytest.approx(expected)
    assert Share().against(y, n, p, np.array([raised]))[0] == pytest.approx(expected)


def test_evidence_of_a_count_is_the_log_likelihood_ratio_of_poissons() -> None:
    y, n, mean = np.array([3.0]), np.array([100.0]), np.array([0.1])
    expected = poisson.logpmf(3, 4.0) - poisson.logpmf(3, 10.0)
    assert Count(falling=True).evidence(y, n, mean, 0.4)[0] == pytest.approx(expected)
    assert Count().against(y, n, mean, np.array([0.04]))[0] == pytest.approx(expected)


def test_a_mean_is_watched_for_a_fall() -> None:
    family = Mean(0.8)
    low, high = (family.evidence(np.array([y]), np.array([10.0]), np.array([0.2]), 0.6)[0] for y in (-4.0, 2.0))
    assert low > 0 > high
    assert family.shifted(np.array([0.2]), 0.5)[0] == pytest.approx(-0.2)


@pytest.mark.parametrize("family", [Share(), Count(), Mean(0.8)], ids=["share", "count", "mean"])
def test_draws_vary_as_the_family_says_and_the_dispersion_is_found_again(family: Share | Count | Mean) -> None:
    size, mean = np.full((200, 200), 40.0), np.full((200, 200), 0.2)
    drawn = family.draw(size, mean, 0.02, np.random.default_rng(1))
    variance = 40 * family.variance(mean[0, :1])[0] * family.inflation(size[0, :1], mean[0, :1], 0.02)[0]
    assert drawn.mean() == pytest.approx(8.0, rel=0.01)
    assert drawn.var() == pytest.approx(variance, rel=0.03)
    found = family.dispersion((drawn - 8.0) ** 2, size, mean, 0.0, size > 0)
    assert found == pytest.approx(0.02, rel=0.15)


def test_predictors_are_kept_within_what_floating_point_can_tell() -> None:
    assert 0 < Share().mean(Share().inside(np.array([-1e6])))[0] < 1e-5
    assert np.isfinite(Count().mean(Count().inside(np.array([1e6])))).all()
    assert Share().link(0.0) < -13
