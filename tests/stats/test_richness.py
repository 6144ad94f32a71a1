"""How much has been heard: equal to R's vegan, right in worlds whose truth is known, sane at the edges."""

from __future__ import annotations

import numpy as np
import pytest

from tests.stats.incidences import BCI
from tests.stats.worlds import interviews, zipf
from winback.stats import richness
from winback.stats.richness import Heard


def test_equal_to_vegan() -> None:
    assert (BCI.themes, BCI.mentions, BCI.once, BCI.twice) == (225, 4539, 21, 19)
    found = richness.chao2(BCI)
    assert found.total == pytest.approx(236.373157895, abs=1e-8)
    assert found.error == pytest.approx(6.54361038059, abs=1e-8)
    assert richness.jackknife(BCI) == pytest.approx(245.58, abs=1e-8)
    assert richness.jackknife(BCI, 2) == pytest.approx(247.872244898, abs=1e-8)
    assert richness.bootstrap_richness(BCI) == pytest.approx(235.686167533, abs=1e-8)
    assert richness.coverage(BCI) == pytest.approx(0.9955382003, abs=1e-9)


@pytest.mark.parametrize("exponent", [0.6, 1.0, 1.4])
def test_coverage_is_right_in_worlds_of_known_truth(exponent: float) -> None:
    """40 themes, two a call, 25 calls: hardly any bias, and 95 % intervals that hold the truth at least as often as 93 %."""
    shares = zipf(40, exponent, 2.0)
    counts = interviews(shares, 25, 1500, np.random.default_rng(int(100 * exponent)))
    truth = (shares * (counts > 0)).sum(axis=1) / shares.sum()
    heard = [Heard.of(25, row) for row in counts]
    errors = np.array([richness.coverage(one) for one in heard]) - truth
    ends = np.array([richness.coverage_interval(one) for one in heard])
    assert abs(errors.mean()) < 0.01
    assert ((ends[:, 0] <= truth) & (truth <= ends[:, 1])).mean() >= 0.93
    assert (ends[:, 1] - ends[:, 0]).mean() < 0.5


def test_nothing_heard_and_everything_heard() -> None:
    silent = Heard.of(12, [])
    assert np.isnan(richness.coverage(silent))
    assert np.isnan(richness.coverage_interval(silent)).all()
    assert richness.chao2(silent) == richness.Richness(0.0, 0.0, 0.0, 0.0)
    whole = Heard.of(20, [20, 18, 15, 11])
    assert richness.coverage(whole) == 1.0
    assert richness.chao2(whole).total == 4.0
    low, high = richness.coverage_interval(whole)
    assert 0.85 < low < 1.0
    assert high == 1.0


def test_every_theme_named_once() -> None:
    """All news: nothing can be told of what is left but that it is much."""
    fresh = Heard.of(5, [1] * 10)
    assert richness.coverage(fresh) < 0.2
    assert richness.chao2(fresh).total == pytest.approx(10 + 4 / 5 * 45)
    assert richness.coverage_interval(fresh)[0] == 0.0
    one = Heard.of(1, [1, 1, 1])
    assert richness.chao2(one).total == 3.0


def test_a_count_above_the_interviews_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="in none to all"):
        Heard.of(3, [4])
