"""Noise that lasts: its size and memory are found where planted, whatever chance and the fit add."""

from __future__ import annotations

import numpy as np
import pytest

from tests.stats.panels import panel
from winback.stats.baseline import design, fit_baseline
from winback.stats.families import Share
from winback.stats.serial import Noise, beyond_chance, lasting, together


def test_the_mean_of_periods_that_go_together_by_hand() -> None:
    assert together(0.0, 4) == pytest.approx(1 / 4)
    assert together(1.0, 4) == 1.0
    assert together(0.5, 2) == pytest.approx((1 + 0.5) / 2)
    assert together(0.6, 3) == pytest.approx((3 + 2 * (2 * 0.6 + 0.36)) / 9)
    assert Noise(0.0, 0.2, 0.5).mean_of(2) == pytest.approx(0.15)


def _residuals(memory: float, wander: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What least squares leave of noise that lasts and noise that does not, at information 10 a period."""
    r = np.random.default_rng(4)
    x = design(np.arange(150.0), 150.0, (52.0,), 74.5)
    z = r.normal(0, np.sqrt(0.1), (400, 150))
    state = r.normal(size=400)
    for t in range(150):
        z[:, t] += np.sqrt(wander) * state
        state = memory * state + np.sqrt(1 - memory**2) * r.normal(size=400)
    left = z - z @ x @ np.linalg.inv(x.T @ x) @ x.T
    return left * 10.0, np.full(z.shape, 10.0), x


@pytest.mark.parametrize(("memory", "wander"), [(0.3, 0.1), (0.6, 0.06), (0.85, 0.06)])
def test_planted_noise_is_found_though_the_fit_takes_up_some_of_it(memory: float, wander: float) -> None:
    moved, strength, x = _residuals(memory, wander)
    found = lasting(moved, strength, x, np.full(x.shape[1], 1e6), 0.1, Noise())
    # The error of an autocovariance of 400 paths of 150 periods with memory r is about
    # sqrt((1 + r^2) / (1 - r^2) / 60,000) of the variance; four of these.
    error = 4 * (0.1 + wander) * np.sqrt((1 + memory**2) / (1 - memory**2) / 60_000)
    assert found[0] * found[1] == pytest.approx(wander * memory, abs=error)
    assert found[1] == pytest.approx(memory, abs=0.1)


def test_without_noise_that_lasts_there_is_hardly_any() -> None:
    moved, strength, x = _residuals(0.5, 0.0)
    assert lasting(moved, strength, x, np.full(x.shape[1], 1e6), 0.1, Noise())[0] < 0.003


def test_too_short_or_empty_is_nothing() -> None:
    assert lasting(np.zeros((3, 2)), np.ones((3, 2)), np.ones((2, 1)), np.ones(1), 1.0, Noise())[0] == 0.0
    assert lasting(np.zeros((3, 9)), np.zeros((3, 9)), np.ones((9, 1)), np.ones(1), 1.0, Noise())[0] == 0.0


def test_a_baseline_tells_it_from_what_varies_by_the_period() -> None:
    made = panel(8, segments=200, flares=0)
    r = np.random.default_rng(8)
    path = np.zeros((200, 130))
    for t in range(1, 130):
        path[:, t] = 0.6 * path[:, t - 1] + 0.8 * 0.3 * r.standard_normal(200)
    share = 1 / (1 + np.exp(-np.log(made["true"] / (1 - made["true"])) - path))
    bad = r.binomial(made["size"].astype(int), share).astype(float)
    noise = fit_baseline(
        bad[:, :122], made["size"][:, :122], made["times"][:122], made["times"][122:], family=Share(), cycles=(52.1775,), block=4
    ).noise  # fmt: skip
    assert noise.wander == pytest.approx(0.09, abs=0.03)
    assert noise.memory == pytest.approx(0.6, abs=0.1)
    assert noise.dispersion < 0.005


def test_it_is_no_more_than_the_squares_beyond_chance() -> None:
    r = np.random.default_rng(5)
    strength = np.full((200, 50), 4.0)
    chance = r.normal(0, 2.0, strength.shape)  # variance as the information: chance alone
    error = np.sqrt(2.0 / (strength**2).sum())
    assert beyond_chance(chance, strength, 1.0) <= 4 * error
    assert beyond_chance(chance * np.sqrt(2.0), strength, 1.0) == pytest.approx(1.0 / 4.0, abs=5 * error)
    assert beyond_chance(np.zeros((2, 3)), np.zeros((2, 3)), 1.0) == 0.0
    wild = _residuals(0.5, 0.0)
    assert lasting(*wild, np.full(4, 1e6), 0.1, Noise(), 0.001)[0] <= 0.001
