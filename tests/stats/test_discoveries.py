"""Benjamini and Hochberg's own example, and what the pooled form adds."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import false_discovery_control

from winback.stats.discoveries import q_values

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
