"""Benjamini and Hochberg's own example, and what the pooled form adds."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import false_discovery_control

from winback.stats.discoveries import q_of_fires, q_values

# Benjamini and Hochberg 1995, section 4.1: fifteen p-values of a study of thrombolysis; four are called at 0.05.
P = [
    0.0001,
    0.0004,
    0.0019,
    0.0095,
    0.0201,
    0.0278,
    0.0298,
    0.0344,
    0.0459,
    0.3240,
    0.4262,
    0.5719,
    0.6528,
    0.7590,
    1.0,
]


def test_the_published_example() -> None:
    assert (q_values(P) <= 0.05).sum() == 4
    assert q_values(P) == pytest.approx(false_discovery_control(P))
    assert q_values(P, dependent=True) == pytest.approx(false_discovery_control(P, method="by"))


def test_what_could_not_be_tested_counts_nowhere() -> None:
    found = q_values([0.01, np.nan, 0.04])
    assert found[[0, 2]] == pytest.approx([0.02, 0.04])
    assert np.isnan(found[1])
    assert q_values([]).tolist() == []


def test_p_values_lie_between_nought_and_one() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        q_values([1.2])


def test_pooled_over_many_batches_the_false_share_is_held() -> None:
    from scipy.special import ndtr

    r = np.random.default_rng(1)
    plain, pooled, calls = 0, 0, [0, 0]
    for _ in range(1500):
        z = r.standard_normal(200)
        z[:5] += 3.5
        p = 1 - ndtr(z)
        for place, found in enumerate((q_values(p) <= 0.1, q_values(p, pooled=True) <= 0.1)):
            calls[place] += int(found.sum())
            plain, pooled = plain + (place == 0) * int(found[5:].sum()), pooled + (place == 1) * int(found[5:].sum())
    assert pooled / calls[1] <= 0.1 + 3 * (0.1 / calls[1]) ** 0.5  # three standard errors of this simulation
    assert plain / calls[0] > pooled / calls[1]


def test_fires_are_counted_once_and_q_is_of_all_of_a_time() -> None:
    now = np.array([1e-6, 1e-3, 0.5, np.nan])
    past = np.array([[1e-5, 1e-5], [1.0, 1.0]])  # segment 0 has burnt at both looks: with now it is one fire
    found = q_of_fires(now, past, np.array([0, 1]), tests=100.0)
    assert found[0] == pytest.approx(100 * 1e-6 * 2 / 1)
    assert found[1] == pytest.approx(100 * 1e-3 * 3 / 4)
    assert found[2] == 1.0 and np.isnan(found[3])
    apart = q_of_fires(
        now, past[:, :1][[1, 1]], np.array([0, 1]), tests=100.0, same=lambda one, other: {one, other} == {0, 1}
    )
    assert apart[1] == pytest.approx(100 * 1e-3 * 2 / 1)  # the second is the same fire as the first


def test_a_past_that_burnt_makes_a_fire_likelier_and_what_is_dear_waits_for_more() -> None:
    now = np.array([1e-3, 0.4])
    calm, burnt = np.ones((2, 3)), np.array([[1.0, 1.0, 1.0], [1e-7, 1.0, 1e-7]])
    rows = np.arange(2)
    quiet, lively = (q_of_fires(now, past, rows, tests=200.0)[0] for past in (calm, burnt))
    assert quiet == pytest.approx(200 * 1e-3 * 2)
    assert lively == pytest.approx(200 * 1e-3 * 4 / 9)
    assert q_of_fires(now, burnt, rows, tests=200.0, dear=2.0)[0] == pytest.approx(200 * 1e-3 * 2)
    assert q_of_fires(now, burnt, rows, tests=200.0, dear=3.0)[0] == 1.0
    many = q_of_fires(now, burnt, rows, tests=200.0, each=10.0)[0]
    assert many == pytest.approx(200 * 1e-3 * 22 / 21**2)


def test_of_all_fires_of_many_periods_the_false_share_is_held() -> None:
    from scipy.special import ndtr

    r = np.random.default_rng(3)
    false = called = 0
    past = np.ones((60, 0))
    for period in range(400):
        z = r.standard_normal(60)
        z[0] += 4.0 * (period % 10 == 0)  # one fire in ten periods
        p = 1 - ndtr(z)
        found = q_of_fires(p, past[:, -24:], np.arange(60), tests=60.0 * (min(past.shape[1], 24) + 1)) <= 0.1
        past = np.column_stack([past, p])
        called += int(found.sum())
        false += int(found[1:].sum()) + int(found[0] and period % 10 > 0)
    assert called >= 10
    assert false / called <= 0.1 + 3 * (0.1 / called) ** 0.5  # three standard errors of this simulation
