"""Covariances of incomplete rows: against textbook cases, known worlds, and a bootstrap that fits every replicate anew."""

from __future__ import annotations

import numpy as np
import pytest

from tests.stats.worlds import ratings
from winback.stats.incomplete import bootstrap_covariances, moments
from winback.stats.relative_importance import lmg


def with_holes(values: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """The same with holes in all but the last column, by chance."""
    holed = values.copy()
    holed[:, :-1][rng.random(holed[:, :-1].shape) < share] = np.nan
    return holed


def shares(covariance: np.ndarray) -> np.ndarray:
    parts = lmg(covariance)
    return 100 * parts / parts.sum(axis=-1, keepdims=True)


def test_without_holes_it_is_the_usual_covariance() -> None:
    values = ratings(200, 4, np.random.default_rng(1))
    found = moments(values)
    assert found.mean == pytest.approx(values.mean(axis=0))
    assert found.covariance == pytest.approx(np.cov(values.T, bias=True))
    assert (found.iterations, found.converged) == (0, True)


def test_weights_count_rows() -> None:
    rng = np.random.default_rng(2)
    values, times = with_holes(ratings(80, 3, rng), 0.3, rng), rng.integers(1, 4, 80)
    weighted, repeated = moments(values, times), moments(np.repeat(values, times, axis=0))
    assert weighted.covariance == pytest.approx(repeated.covariance, abs=1e-6)
    assert weighted.mean == pytest.approx(repeated.mean, abs=1e-6)


def test_monotone_holes_have_a_closed_form() -> None:
    """Where only y has holes, its mean and variance are those of the regression on x (Little and Rubin, section 7.2)."""
    rng = np.random.default_rng(3)
    x = rng.normal(5, 2, 400)
    y = 1 + 0.7 * x + rng.normal(0, 1, 400)
    seen = x > 4.5  # missing by what is there
    slope = np.cov(x[seen], y[seen], bias=True)[0, 1] / x[seen].var()
    noise = (y[seen] - y[seen].mean() - slope * (x[seen] - x[seen].mean())).var()
    found = moments(np.column_stack([np.where(seen, y, np.nan), x]))
    assert found.converged
    assert found.mean[0] == pytest.approx(y[seen].mean() + slope * (x.mean() - x[seen].mean()), abs=1e-5)
    assert found.covariance[0, 0] == pytest.approx(noise + slope**2 * x.var(), abs=1e-4)
    assert found.covariance[0, 1] == pytest.approx(slope * x.var(), abs=1e-4)


def test_missing_by_chance_leaves_the_shares_where_they_were() -> None:
    """40 % of all marks missing, where no two rows in a hundred are whole: within 3 points of the full data."""
    for seed in range(3):
        rng = np.random.default_rng(100 + seed)
        values = ratings(4000, 8, rng)
        holed = with_holes(values, 0.4, rng)
        assert (~np.isnan(holed).any(axis=1)).mean() < 0.03
        found = shares(moments(holed).covariance)
        assert np.abs(found - shares(moments(values).covariance)).max() < 3.0


def test_replicates_without_holes_are_exact() -> None:
    values = ratings(150, 3, np.random.default_rng(4))
    found = bootstrap_covariances(values, replicates=400, seed=1)
    assert found.shape == (400, 4, 4)
    rng = np.random.default_rng(5)
    by_hand = np.array([np.cov(values[rng.integers(0, 150, 150)].T, bias=True) for _ in range(400)])
    assert found.mean(axis=0) == pytest.approx(by_hand.mean(axis=0), rel=0.05, abs=0.05)
    assert found.std(axis=0) == pytest.approx(by_hand.std(axis=0), rel=0.2)


def test_replicates_with_holes_wander_as_those_fitted_anew() -> None:
    rng = np.random.default_rng(6)
    holed = with_holes(ratings(600, 4, rng), 0.4, rng)
    quick = shares(bootstrap_covariances(holed, replicates=300, seed=1))
    anew = np.array([shares(moments(holed[rng.integers(0, 600, 600)]).covariance) for _ in range(120)])
    assert quick.std(axis=0) == pytest.approx(anew.std(axis=0), rel=0.3)
    assert quick.mean(axis=0) == pytest.approx(anew.mean(axis=0), abs=1.5)


def test_many_rows_are_drawn_in_groups() -> None:
    rng = np.random.default_rng(7)
    values = ratings(5000, 3, rng)
    found = bootstrap_covariances(values, replicates=300, seed=2)
    assert found[:, 0, 0].std() == pytest.approx(((values[:, 0] - values[:, 0].mean()) ** 2).std() / 5000**0.5, rel=0.2)


def test_same_seed_same_replicates() -> None:
    rng = np.random.default_rng(8)
    holed = with_holes(ratings(100, 3, rng), 0.3, rng)
    first, again = (bootstrap_covariances(holed, replicates=20, seed=3) for _ in range(2))
    assert (first == again).all()


def test_columns_that_tell_the_same_do_no_harm() -> None:
    rng = np.random.default_rng(9)
    values = ratings(300, 3, rng)
    doubled = with_holes(np.column_stack([values[:, :1], values]), 0.2, rng)
    found = moments(doubled)
    assert np.isfinite(found.covariance).all()
    assert np.isfinite(bootstrap_covariances(doubled, replicates=10, seed=1, fitted=found)).all()


def test_a_column_without_a_value_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no value at all"):
        moments(np.array([[1.0, np.nan], [2.0, np.nan]]))
    with pytest.raises(ValueError, match="should be"):
        moments(np.zeros(3))
