"""The smallest rise that is noticed: compared with draws, and with what must be so."""

from __future__ import annotations

import numpy as np
import pytest

from winback.stats.burning import burning
from winback.stats.families import Share
from winback.stats.noticeable import LARGEST, noticeable_rise
from winback.stats.serial import Noise


@pytest.mark.parametrize("answers", [80.0, 200.0, 600.0])
def test_a_rise_of_that_size_is_noticed_four_times_in_five(answers: float) -> None:
    r = np.random.default_rng(1)
    rise = float(noticeable_rise(answers, 0.2, score=5.0))
    raised = rise * 0.2 / (0.8 + rise * 0.2)
    n = np.full((3000, 12), answers / 4)
    share = np.full(12, 0.2)
    share[8:] = raised
    y = r.binomial(n.astype(int), share).astype(float)
    hit = np.zeros(3000, dtype=bool)
    for t in range(8, 12):
        window = slice(t - 7, t + 1)
        logit = np.full((3000, 8), np.log(0.25))
        hit |= (
            burning(y[:, window], n[:, window], logit, np.full(logit.shape, 1e-6), Noise(), family=Share()).score >= 5.0
        )
    assert 0.65 < hit.mean() < 0.95


def test_more_answers_show_less_and_noise_takes_some_of_it() -> None:
    few, many = noticeable_rise([40.0, 400.0], 0.2, score=5.0)
    assert few > many > 1
    assert noticeable_rise(400.0, 0.2, score=5.0, dispersion=0.02) > many
    assert noticeable_rise(400.0, 0.2, score=5.0, spread=0.2) > many


def test_two_answers_show_nothing() -> None:
    assert noticeable_rise(2.0, 0.2, score=5.0) == LARGEST
    assert noticeable_rise(0.0, 0.2, score=5.0) == LARGEST
