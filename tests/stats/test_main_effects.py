"""Main effects: those planted are found, those that are none cost nothing."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from winback.stats.main_effects import fit_main_effects

LEVELS = [6, 5, 4]
LEAVES = np.array(list(itertools.product(*[range(k) for k in LEVELS])))


def _world(spread: float, answers: float = 40.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    r = np.random.default_rng(7)
    logit = -1.4 + sum(r.normal(0, spread, k)[LEAVES[:, a]] for a, k in enumerate(LEVELS))
    p = 1 / (1 + np.exp(-logit))
    n = r.poisson(answers, len(p)).astype(float)
    return n, r.binomial(n.astype(int), p).astype(float), p


def test_planted_effects_are_found() -> None:
    n, y, p = _world(0.5)
    found = fit_main_effects(LEAVES, LEVELS, n, y)
    assert np.abs(found.share(LEAVES) - p).mean() < 0.015
    raw = (y + 0.5) / (n + 1)
    assert np.abs(found.share(LEAVES) - p).mean() < 0.4 * np.abs(raw - p).mean()


def test_where_values_do_not_differ_they_are_pooled() -> None:
    n, y, p = _world(0.0)
    found = fit_main_effects(LEAVES, LEVELS, n, y)
    # Without pooling a leaf is off by what the shares of its three values are, each counted on its own answers.
    unpooled = np.sqrt(sum(p[0] * (1 - p[0]) * level / n.sum() for level in LEVELS))
    assert np.sqrt(((found.share(LEAVES) - p) ** 2).mean()) < 0.7 * unpooled
    # And by no more than the fit says itself: of 120 leaves one is 4 deviations off in one world of 130.
    rows = np.zeros((len(LEAVES), len(found.effects)))
    rows[:, 0] = 1
    np.put_along_axis(rows, found.places(LEAVES), 1.0, axis=1)
    deviation = np.sqrt(np.einsum("lk,km,lm->l", rows, found.covariance, rows))
    assert (np.abs(found.predictor(LEAVES) - np.log(p / (1 - p))) < 4 * deviation).all()


def test_a_leaf_without_a_value_gets_the_effects_it_has() -> None:
    n, y, _ = _world(0.5)
    found = fit_main_effects(LEAVES, LEVELS, n, y)
    blank = np.array([[0, -1, 2]])
    expected = found.effects[0] + found.effects[found.starts[0]] + found.effects[found.starts[2] + 2]
    assert found.predictor(blank)[0] == pytest.approx(expected)


def test_no_answers_and_all_bad_are_no_error() -> None:
    zero = np.zeros(len(LEAVES))
    assert np.isfinite(fit_main_effects(LEAVES, LEVELS, zero, zero).share(LEAVES)).all()
    n = np.full(len(LEAVES), 5.0)
    assert (fit_main_effects(LEAVES, LEVELS, n, n).share(LEAVES) > 0.95).all()
