"""Does it burn now? Evidence that a rise has begun within the last periods and still lasts.

For each segment the last W periods are compared under three accounts: nothing happened; a rise of some size began in
one of them and still lasts; a rise began and is over. The score is the logarithm of the second's likelihood over that
of the first and third together, averaged over sizes, beginnings, ends, and over where the share may be without any
rise: its baseline may be off, and it wanders by itself. That hidden deviation is a chain of nodes whose correlation and
variance are those of the noise (Rouwenhorst), so that the sum over all its paths is one pass forward in time, as in any
hidden Markov model. So it is a scan over windows of 1 to W periods that gives each window its weight instead of taking
the greatest, that does not take a share which wanders for one that burns, and that falls when a fire is out. Averages
of likelihood ratios are what no other test beats on average, and exceed x under "nothing happened" with a chance of at
most 1 / x.

References
----------
- A. N. Shiryaev, "On optimum methods in quickest detection problems", Theory of Probability and its Applications 8,
  1963; M. Pollak, "Optimal detection of a change in distribution", Annals of Statistics 13, 1985.
- M. Kulldorff, "Prospective time periodic geographical disease surveillance using a scan statistic", JRSS A 164, 2001.
- K. A. Kopecky, R. M. H. Suen, "Finite state Markov-chain approximations to highly persistent processes", Review of
  Economic Dynamics 13, 2010 (Rouwenhorst's nodes: mean, variance and correlation are exact).

"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

from winback.stats.families import Family
from winback.stats.serial import Noise

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LONGEST = 8  # periods a window has at most
OVER = 1.0 / LONGEST  # chance that a rise ends after a period
BEGINS = 0.1  # how much an old fire that is out counts against one that burns: an alarm is nine to one for the latter
NODES = 7  # of the hidden deviation
_STRONG = 80.0  # evidence of one period is cut here: beyond any doubt, and within floating point
_BEYOND = 600.0  # a score that says no more by being greater
_AT_ONCE = 2048  # segments worked on together, so that they stay in the processor's cache


@dataclass(frozen=True)
class Evidence:
    """Of S segments: score (S,) log likelihood ratio; began (S,) periods ago the likeliest window began (1: this one)."""

    score: Floats
    began: Integers


def burning(
    total: Floats, size: Floats, predictor: Floats, spread: Floats, noise: Noise, *, family: Family,
    allowed: Integers | None = None,
) -> Evidence:  # fmt: skip
    """Evidence of a rise from the last W periods: sums, sizes, predictor and its spread, all (S, W), latest last.

    `allowed` (S,) is how many of the last periods may be in the window: less than W where an alarm was acknowledged.
    The score is -inf where none is.
    """
    parts = []
    for start in range(0, max(len(total), 1), _AT_ONCE):
        rows = slice(start, start + _AT_ONCE)
        known = None if allowed is None else allowed[rows]
        parts.append(_forward(total[rows], size[rows], predictor[rows], spread[rows], noise, family, known))
    score, began = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Evidence(score, began)


def _forward(
    total: Floats, size: Floats, predictor: Floats, spread: Floats, noise: Noise, family: Family, allowed: Integers | None
) -> tuple[Floats, Integers]:  # fmt: skip
    segments, periods = total.shape
    middle = family.mean(predictor)
    inflation = family.inflation(size, middle, noise.dispersion)
    y, n = total / inflation, size / inflation
    open_ = np.ones((periods, segments))
    if allowed is not None:
        open_ = (np.arange(periods, 0, -1)[:, None] <= allowed[None, :]).astype(np.float64)
    variance = spread[:, -1] ** 2 + noise.wander
    deviation = np.sqrt(variance)[:, None] * _places()
    kept = (spread[:, -1] ** 2 + noise.wander * noise.memory) / np.maximum(variance, 1e-300)
    moves = _moves(np.where(variance > 0, kept, 1.0))
    effects = family.effects
    k = len(effects)
    state = np.zeros((k + 2, NODES, segments))  # nothing so far; burns, by effect; has burnt
    state[0] = _weights()[:, None]
    gains = np.zeros((k, segments, periods))
    for t in range(periods):
        if t:
            state = _moved(state, moves)
        mean = family.mean(family.inside(predictor[:, t] + deviation.T))
        calm = family.against(y[:, t], n[:, t], middle[:, t], mean)
        calm = np.exp(np.clip(calm, -_STRONG, _STRONG))
        state[-1] += OVER * state[1:-1].sum(axis=0)
        state[-1] *= calm
        for e, effect in enumerate(effects):
            gain = np.clip(family.evidence(y[:, t], n[:, t], mean, effect), -_STRONG, _STRONG)
            gains[e, :, t] = gain[NODES // 2]
            state[1 + e] = ((1.0 - OVER) * state[1 + e] + open_[t] * state[0]) * np.exp(gain) * calm
        state[0] *= calm
        # Kept within floating point; a ratio does not mind.
        state /= np.maximum(state.max(axis=(0, 1)), 1e-280)
    burns = state[1:-1].sum(axis=(0, 1)) / k
    nothing = (state[0] + BEGINS * state[-1] / k).sum(axis=0)
    with np.errstate(divide="ignore"):
        # Counts by the million of millions leave nothing of the other accounts.
        score = np.minimum(np.log(burns) - np.log(np.maximum(nothing, 1e-300)) - np.log(1.0 / OVER), _BEYOND)
    starts = np.sum([_windows(gain.T) for gain in gains], axis=0) * open_
    return score, periods - np.argmax(starts, axis=0)


def _places() -> Floats:
    return np.asarray(np.sqrt(NODES - 1.0) * np.linspace(-1.0, 1.0, NODES), dtype=np.float64)


def _weights() -> Floats:
    return np.array([comb(NODES - 1, g) for g in range(NODES)]) / 2.0 ** (NODES - 1)


def _moves(kept: Floats) -> Floats:
    """(G, G, S) chances to go from a node to another where the correlation of neighbours is `kept` (S,).

    A node is a number of heads among G - 1 coins; each coin stays with chance (1 + kept) / 2.
    """
    stay = (1.0 + np.clip(kept, 0.0, 1.0)) / 2.0
    found = np.ones((1, 1, len(kept)))
    for coins in range(1, NODES):
        wider = np.zeros((coins + 1, coins + 1, len(kept)))
        wider[:-1, :-1] += stay * found
        wider[:-1, 1:] += (1.0 - stay) * found
        wider[1:, :-1] += (1.0 - stay) * found
        wider[1:, 1:] += stay * found
        wider[1:-1] /= 2.0
        found = wider
    return found


def _moved(state: Floats, moves: Floats) -> Floats:
    found = state[:, :1] * moves[0]
    for g in range(1, NODES):
        found += state[:, g : g + 1] * moves[g]
    return np.asarray(found, dtype=np.float64)


def _windows(gain: Floats) -> Floats:
    """Likelihood ratio of each window from a period to the last, (W, S)."""
    lasting = np.arange(len(gain) - 1, -1, -1)[:, None] * np.log1p(-OVER)
    return np.asarray(np.exp(np.clip(np.cumsum(gain[::-1], axis=0)[::-1] + lasting, -600.0, 600.0)), dtype=np.float64)
