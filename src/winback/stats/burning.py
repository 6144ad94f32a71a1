"""Does it burn now? Evidence that a rise has begun within the last periods and still lasts.

For each segment the last W periods are compared under three accounts: nothing happened; a rise of some size began in
one of them and still lasts; a rise began and is over. The score is the logarithm of the second's likelihood over that
of the first and third together, averaged over sizes, beginnings, ends, and over what the baseline might truly be
(Gauss-Hermite nodes of its spread). So it is a scan over windows of 1 to W periods that gives each window its weight
instead of taking the greatest, and it falls when a fire is out. Averages of likelihood ratios are what no other test
beats on average, and exceed x under "nothing happened" with a chance of at most 1 / x.

References
----------
- A. N. Shiryaev, "On optimum methods in quickest detection problems", Theory of Probability and its Applications 8,
  1963; M. Pollak, "Optimal detection of a change in distribution", Annals of Statistics 13, 1985.
- M. Kulldorff, "Prospective time periodic geographical disease surveillance using a scan statistic", JRSS A 164, 2001.

"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winback.stats.families import Family

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LONGEST = 8  # periods a window has at most
OVER = 1.0 / LONGEST  # chance that a rise ends after a period
BEGINS = 0.1  # how much an old fire that is out counts against one that burns: an alarm is nine to one for the latter
_STRONG = 80.0  # evidence of one period is cut here: beyond any doubt, and within floating point
_NODES, _NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(5)


@dataclass(frozen=True)
class Evidence:
    """Of S segments: score (S,) log likelihood ratio; began (S,) periods ago the likeliest window began (1: this one)."""

    score: Floats
    began: Integers


def burning(
    total: Floats, size: Floats, predictor: Floats, spread: Floats, dispersion: float, *, family: Family,
    allowed: Integers | None = None,
) -> Evidence:  # fmt: skip
    """Evidence of a rise from the last W periods: sums, sizes, predictor and its spread, all (S, W), latest last.

    `allowed` (S,) is how many of the last periods may be in the window: less than W where an alarm was acknowledged.
    The score is -inf where none is.
    """
    segments, periods = total.shape
    middle = family.mean(predictor)
    inflation = family.inflation(size, middle, dispersion)
    y, n = total / inflation, size / inflation
    open_ = np.ones((periods, segments))
    if allowed is not None:
        open_ = (np.arange(periods, 0, -1)[:, None] <= allowed[None, :]).astype(np.float64)
    # A level that is off is off in all periods of the window alike: one deviation a node.
    deviation = spread[:, -1:]
    calm = np.zeros((len(_NODES), segments))
    now, past = np.zeros((len(_NODES), segments)), np.zeros((len(_NODES), segments))
    starts = np.zeros((periods, segments))
    for place, node in enumerate(_NODES):
        mean = middle if node == 0 else family.mean(family.inside(predictor + node * deviation))
        calm[place] = np.log(_NODE_WEIGHTS[place]) + family.against(y, n, middle, mean).sum(axis=1)
        for effect in family.effects:
            gain = family.evidence(y, n, mean, effect).T
            ratio = np.exp(np.clip(gain, -_STRONG, _STRONG))
            alive, over = np.zeros(segments), np.zeros(segments)
            for at in range(periods):
                over += alive * OVER
                alive = (alive * (1.0 - OVER) + open_[at]) * ratio[at]
            now[place] += alive
            past[place] += over
            if node == 0:
                starts += _windows(gain) * open_
    weight = np.exp(calm - calm.max(axis=0))
    k = len(family.effects)
    burns = (weight * now).sum(axis=0) / k
    nothing = (weight * (1.0 + BEGINS * past / k)).sum(axis=0)
    with np.errstate(divide="ignore"):
        score = np.log(burns) - np.log(nothing) - np.log(1.0 / OVER)
    return Evidence(score=score, began=periods - np.argmax(starts, axis=0))


def _windows(gain: Floats) -> Floats:
    """Likelihood ratio of each window from a period to the last, (W, S)."""
    lasting = np.arange(len(gain) - 1, -1, -1)[:, None] * np.log1p(-OVER)
    return np.asarray(np.exp(np.clip(np.cumsum(gain[::-1], axis=0)[::-1] + lasting, -600.0, 600.0)), dtype=np.float64)
