"""The baseline finds the level, the season and the dispersion that were planted, and is not eaten by an old fire."""

from __future__ import annotations

import numpy as np
import pytest

from tests.stats.panels import panel
from winback.stats.baseline import design, fit_baseline
from winback.stats.families import Count, Share


def test_a_cycle_needs_a_whole_turn_and_a_trend_half_of_one() -> None:
    assert design(np.arange(20.0), 20, (52.0,), 9.5).shape == (20, 1)
    assert design(np.arange(30.0), 30, (52.0,), 14.5).shape == (30, 2)
    assert design(np.arange(104.0), 104, (52.0,), 51.5).shape == (104, 4)


def test_the_planted_shares_and_dispersion_are_found() -> None:
    made = panel(1, segments=120, flares=0)
    past, last = slice(0, 122), slice(122, 130)
    found = fit_baseline(
        made["bad"][:, past], made["size"][:, past], made["times"][past], made["times"][last], family=Share(), cycles=(52.1775,), block=4
    )  # fmt: skip
    true = np.log(made["true"][:, last] / (1 - made["true"][:, last]))
    off = (found.predictor - true) / found.spread
    assert 0.5 < off.std() < 1.3  # the season is common here, which is narrower than what segments may differ by
    assert np.abs(found.predictor - true).mean() < 0.12
    assert found.noise.dispersion == pytest.approx(0.01, abs=0.004)
    assert found.noise.wander < 0.005


def test_an_old_fire_hardly_moves_the_baseline() -> None:
    calm, burnt = (panel(2, flares=0), panel(2, flares=0))
    burnt["bad"][5, 60:66] = np.minimum(burnt["size"][5, 60:66], 3 * burnt["bad"][5, 60:66] + 5)
    shares = [
        fit_baseline(
            made["bad"][:, :122], made["size"][:, :122], made["times"][:122], made["times"][122:], family=Share(), cycles=(52.1775,)
        ).predictor[5].mean()
        for made in (calm, burnt)
    ]  # fmt: skip
    raw = np.log(burnt["bad"][5, :122].sum() / calm["bad"][5, :122].sum())
    assert shares[1] - shares[0] < 0.6 * raw


def test_slow_variation_is_told_from_quick() -> None:
    made = panel(3, segments=150, flares=0)
    r = np.random.default_rng(3)
    slow = np.repeat(r.normal(0, 0.3, (150, 17)), 8, axis=1)[:, :130]
    share = 1 / (1 + np.exp(-np.log(made["true"] / (1 - made["true"])) - slow))
    bad = r.binomial(made["size"].astype(int), share).astype(float)
    found = fit_baseline(
        bad[:, :122], made["size"][:, :122], made["times"][:122], made["times"][122:], family=Share(), cycles=(52.1775,)
    )
    assert 0.03 < found.noise.wander < 0.12


def test_segments_without_answers_get_what_all_have_in_common_and_few_periods_do() -> None:
    bad, size = np.zeros((3, 6)), np.full((3, 6), 20.0)
    bad[:, :] = 5
    size[2], bad[2] = 0, 0
    found = fit_baseline(bad, size, np.arange(6.0), np.arange(6.0, 8.0), family=Share(), cycles=(52.0,))
    assert np.isfinite(found.predictor).all()
    assert found.predictor[2, 0] == pytest.approx(found.predictor[0, 0], abs=0.2)
    assert found.spread[2, 0] > found.spread[0, 0]


def test_what_coarser_groups_say_is_the_place_a_thin_segment_is_drawn_to() -> None:
    bad, size = np.array([[1.0] * 30, [8.0] * 30]), np.full((2, 30), 40.0)
    toward = (
        np.log(np.array([[0.025 / 0.975], [0.2 / 0.8]])) * np.ones(30),
        np.log(np.array([[0.025 / 0.975], [0.2 / 0.8]])) * np.ones(2),
    )
    found = fit_baseline(
        bad, size, np.arange(30.0), np.arange(30.0, 32.0), family=Share(), cycles=(52.0,), prior=toward
    )
    assert Share().mean(found.predictor)[:, 0] == pytest.approx([0.025, 0.2], abs=0.01)


def test_counts_have_a_baseline_too() -> None:
    r = np.random.default_rng(4)
    size = np.full((40, 60), 500.0)
    found = fit_baseline(
        r.poisson(20, (40, 60)).astype(float),
        size,
        np.arange(60.0),
        np.arange(60.0, 61.0),
        family=Count(),
        cycles=(52.0,),
    )
    assert np.exp(found.predictor).mean() * 500 == pytest.approx(20, rel=0.05)
