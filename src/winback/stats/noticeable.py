"""The smallest rise a segment could have shown: what four periods of so many answers can tell from chance.

A rise of odds ratio r moves the log likelihood ratio of n answers by n KL(p_r, p) on average, give or take log(r)
sqrt(n p_r (1 - p_r)); it is noticed four times in five where the average less 0.84 deviations passes the alarm's score
and what looking at all windows and sizes costs. Dispersion and the baseline's own uncertainty make n smaller.
`tests/stats/test_noticeable.py` compares this with draws.

Reference: T. L. Lai, "Information bounds and quick detection of parameter changes in stochastic systems", IEEE
Transactions on Information Theory 44, 1998 (the Kullback-Leibler number as the speed of detection).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

PERIODS = 4  # in which the rise should be noticed
LARGEST = 50.0  # odds ratio that stands for "no rise at all could have been noticed"
_LOOKING = 4.3  # what looking at all windows and sizes takes from the score, by draws
_POWER = 0.8416  # four times in five


def noticeable_rise(
    answers: ArrayLike, share: ArrayLike, *, score: float, dispersion: float = 0.0, spread: ArrayLike = 0.0
) -> Floats:
    """The smallest odds ratio noticed in four periods, four times in five; LARGEST where none would be.

    `answers` in those four periods together, `share` expected in them, `score` from which an alarm is given.
    """
    n, p, tau = (np.asarray(value, dtype=np.float64) for value in (answers, share, spread))
    n, p, tau = np.broadcast_arrays(n, np.clip(p, 1e-6, 1 - 1e-6), tau)
    heard = n / (1.0 + np.maximum(n / PERIODS - 1.0, 0.0) * dispersion)
    heard = heard / (1.0 + heard * p * (1.0 - p) * tau**2)
    low, high = np.zeros(n.shape), np.full(n.shape, np.log(LARGEST))
    for _ in range(40):
        middle = (low + high) / 2.0
        enough = _margin(heard, p, middle) >= score + _LOOKING
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.asarray(np.where(_margin(heard, p, np.log(LARGEST)) < score + _LOOKING, LARGEST, np.exp(high)))


def _margin(n: Floats, p: Floats, log_odds: Floats | float) -> Floats:
    ratio = np.exp(log_odds)
    raised = ratio * p / (1.0 - p + ratio * p)
    gain = n * (raised * log_odds - np.log1p(p * (ratio - 1.0)))
    return np.asarray(gain - _POWER * log_odds * np.sqrt(n * raised * (1.0 - raised)))
