"""The grouped bootstrap: rows of a customer stay together, and its spread is that of the plain one."""

from __future__ import annotations

import numpy as np
import pytest

from winback.stats.resampling import groups_of, percentile_interval, replicate_sums


def test_rows_of_one_customer_share_a_group():
    groups, number = groups_of([7, 3, 7, 9, 3], seed=1)
    assert number == 3
    assert groups[0] == groups[2]
    assert groups[1] == groups[4]
    assert len(set(groups.tolist())) == 3


def test_many_customers_are_dealt_evenly():
    groups, number = groups_of(np.arange(5500), seed=1)
    assert number == 1000
    assert set(np.bincount(groups).tolist()) <= {5, 6}


def test_the_spread_of_sums_is_that_of_a_bootstrap_over_customers():
    rng = np.random.default_rng(2)
    values = rng.exponential(10, 20_000)
    groups, number = groups_of(np.arange(20_000), seed=3)
    sums = replicate_sums(groups, number, np.zeros(20_000, dtype=np.int64), values, 1, replicates=2000, seed=4)
    assert sums.mean() == pytest.approx(values.sum(), rel=0.002)
    # groups differ by chance, so their spread is known to 1 / sqrt(2 x 1000)
    assert sums.std() == pytest.approx(np.sqrt(20_000 * values.var()), rel=0.1)


def test_one_seed_draws_the_same_samples_for_every_value():
    groups, number = groups_of([1, 2, 3, 4], seed=0)
    columns = np.array([0, 0, 1, 1])
    ones = replicate_sums(groups, number, columns, np.ones(4), 2, replicates=50, seed=9)
    tens = replicate_sums(groups, number, columns, np.full(4, 10.0), 2, replicates=50, seed=9)
    assert np.allclose(tens, 10 * ones)
    assert np.allclose(ones.sum(axis=1), 4)


def test_an_interval_needs_half_of_its_replicates():
    assert percentile_interval(np.arange(101.0), 0.9) == pytest.approx((5, 95))
    assert np.isnan(percentile_interval(np.array([1.0, np.nan, np.nan]), 0.9)).all()
