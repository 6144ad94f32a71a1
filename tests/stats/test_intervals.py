"""Check values of the conventions, published intervals, and what must hold whatever the counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winback.stats.intervals import (
    difference_interval,
    effective_size,
    nps_interval,
    quantile_of,
    score_of,
    share_interval,
    tango_interval,
)

COUNTS = st.integers(min_value=0, max_value=2000)


@pytest.mark.parametrize(
    ("counts", "figures"),
    [
        ((40, 30, 30), (10.0, -6.3, 25.7)),
        ((8, 6, 6), (10.0, -24.7, 42.1)),
        ((200, 150, 150), (10.0, 2.7, 17.2)),
        ((10, 0, 0), (100.0, 47.5, 100.0)),
    ],
)
def test_check_values_of_the_conventions(counts, figures):
    """Promoters, passives and detractors give the score and its interval at 95 %, in points."""
    found = (score_of(*counts), *nps_interval(*counts))
    assert tuple(round(float(value), 1) for value in found) == figures


def test_arrays_come_back_in_their_shape():
    counts = np.arange(24).reshape(3, 2, 4)
    low, high = nps_interval(counts[0], counts[1], counts[2])
    assert low.shape == high.shape == (2, 4)
    assert score_of(counts[0], counts[1], counts[2]).shape == (2, 4)


def test_nobody_answered_is_nan_everywhere():
    for value in (score_of(0, 0, 0), *nps_interval(0, 0, 0), *tango_interval(0, 0, 0), *share_interval(0, 0)):
        assert np.isnan(value)
    assert np.isnan(difference_interval((0, 0, 0), (5, 1, 1))).all()
    assert np.isnan(effective_size(0, 0))


def test_weights_count_as_their_effective_size():
    heavy = nps_interval(400, 300, 300, n_eff=100)
    assert np.allclose(heavy, nps_interval(40, 30, 30))
    assert np.allclose(share_interval(300, 1000, n_eff=100), share_interval(30, 100))


def test_the_effective_size_follows_kish():
    weights = np.array([1.0, 1.0, 2.0, 4.0])
    size = effective_size(weights.sum(), (weights**2).sum())
    assert size == pytest.approx(64 / 22)
    assert 4 / size == pytest.approx(1 + weights.var() / weights.mean() ** 2)
    assert effective_size(7.0, 7.0) == pytest.approx(7.0)


def test_a_level_outside_its_range_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        nps_interval(1, 1, 1, level=95)
    assert quantile_of(0.95) == pytest.approx(1.959964, abs=1e-6)


def test_tango_gives_published_intervals():
    # Fagerland, Lydersen and Laake 2014, airway reactivity in 21 children: -0.517 to -0.026
    low, high = tango_interval(1, 13, 7)
    assert (round(float(low) / 100, 3), round(float(high) / 100, 3)) == (-0.517, -0.026)
    # R PropCIs, scoreci.mp(25, 28, 618, 0.90): -0.0148 to 0.0247
    low, high = tango_interval(28, 565, 25, level=0.90)
    assert (round(float(low) / 100, 4), round(float(high) / 100, 4)) == (-0.0148, 0.0247)


def test_wilson_gives_newcombes_published_intervals():
    # Newcombe 1998, table I, method 3: 81 of 263 and 0 of 20
    low, high = share_interval([81, 0], [263, 20])
    assert np.allclose(low, [0.2553, 0.0], atol=5e-5)
    assert np.allclose(high, [0.3662, 0.1611], atol=5e-5)


@given(COUNTS, COUNTS, COUNTS)
@settings(deadline=None)
def test_an_interval_holds_its_score_but_for_one_unanimous_answer(promoters, passives, detractors):
    answers = promoters + passives + detractors
    if answers == 0:
        return
    score = score_of(promoters, passives, detractors)
    low, high = nps_interval(promoters, passives, detractors)
    assert -100 <= low <= high <= 100
    if answers == 1 and passives == 0:
        assert not low <= score <= high  # the documented case
    else:
        assert low - 1e-9 <= score <= high + 1e-9
    strict = tango_interval(promoters, passives, detractors)
    assert -100 - 1e-9 <= strict[0] <= score + 1e-9
    assert score - 1e-9 <= strict[1] <= 100 + 1e-9


@given(COUNTS, COUNTS, COUNTS)
@settings(deadline=None)
def test_turning_the_scale_round_turns_the_interval_round(promoters, passives, detractors):
    low, high = nps_interval(promoters, passives, detractors)
    back_low, back_high = nps_interval(detractors, passives, promoters)
    assert np.allclose((low, high), (-back_high, -back_low), equal_nan=True)


@given(COUNTS, COUNTS, COUNTS, st.integers(min_value=2, max_value=50))
@settings(deadline=None)
def test_more_of_the_same_answers_never_widen_the_interval(promoters, passives, detractors, times):
    answers = promoters + passives + detractors
    if answers < 2:
        return
    few = nps_interval(promoters, passives, detractors)
    many = nps_interval(times * promoters, times * passives, times * detractors)
    if 0 < promoters < answers and detractors > 0 and few[0] > -100 and few[1] < 100:
        assert many[1] - many[0] <= few[1] - few[0] + 1e-9


@given(COUNTS, COUNTS, COUNTS, COUNTS)
@settings(deadline=None)
def test_a_difference_turned_round_changes_its_sign_only(a, b, c, d):
    first, second = (a, b, 1 + c), (c, 1 + d, a)
    low, high = difference_interval(first, second)
    back = difference_interval(second, first)
    assert -200 <= low <= high <= 200
    assert np.allclose((low, high), (-back[1], -back[0]))


def test_a_difference_adds_the_variances_of_two_large_samples():
    low, high = difference_interval((4000, 3000, 3000), (3500, 3000, 3500))
    variance = (0.7 - 0.01 + 0.7) / 10_000
    half = 100 * 1.959964 * variance**0.5
    assert low == pytest.approx(-10 - half, abs=0.01)
    assert high == pytest.approx(-10 + half, abs=0.01)


def test_coverage_is_near_the_level_from_five_answers_on():
    rng = np.random.default_rng(20261121)
    for answers, least in ((5, 0.90), (10, 0.92), (30, 0.93)):
        covered = []
        for shares in ((0.1, 0.5, 0.4), (0.3, 0.3, 0.4), (0.6, 0.3, 0.1), (0.8, 0.15, 0.05)):
            counts = rng.multinomial(answers, shares, size=4000).T
            low, high = nps_interval(*counts)
            truth = 100 * (shares[0] - shares[2])
            covered.append(np.mean((low <= truth + 1e-9) & (truth <= high + 1e-9)))
        assert min(covered) > least
        assert 0.935 < np.mean(covered) < 0.975


def test_two_small_samples_are_covered_too():
    rng = np.random.default_rng(5)
    for shares, other in (((0.8, 0.15, 0.05), (0.1, 0.3, 0.6)), ((0.4, 0.3, 0.3), (0.4, 0.3, 0.3))):
        low, high = difference_interval(
            tuple(rng.multinomial(8, shares, 4000).T), tuple(rng.multinomial(8, other, 4000).T)
        )
        truth = 100 * (other[0] - other[2] - shares[0] + shares[2])
        assert np.mean((low <= truth) & (truth <= high)) > 0.92
