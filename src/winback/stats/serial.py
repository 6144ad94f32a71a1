"""What goes together from period to period: the noise of a share that wanders, measured over all segments.

A segment's share moves by itself: its logit carries noise a with a deviation of its own and a correlation `memory` from
one period to the next (autoregressive of order one), besides what varies from period to period alone. Windows add up
neighbouring periods, so that noise which lasts makes false alarms of those who take it for independent. Size and memory
are read from the autocovariances of the residuals, pooled over segments: chance within a period is independent of that
in the next, so only what lasts is left in the products of neighbours. The fit of the baseline takes up some of it and
makes neighbours go apart; what it should leave is computed for each memory, and the memory that fits best is taken.

References
----------
- S. L. Zeger, "A regression model for time series of counts", Biometrika 75, 1988 (a latent autoregressive process,
  its moments from residuals).
- R. A. Davis, W. T. M. Dunsmuir, Y. Wang, "On autocorrelation in a Poisson regression model", Biometrika 87, 2000.

"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LAGS = 8  # periods apart that are compared at most
MEMORIES = np.array([0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98])
_USUAL = 0.5  # memory where nothing tells


@dataclass(frozen=True)
class Noise:
    """dispersion: what varies from period to period; wander: variance of what lasts, on the predictor's scale; memory:
    its correlation from one period to the next.
    """

    dispersion: float = 0.0
    wander: float = 0.0
    memory: float = 0.0

    def mean_of(self, periods: float) -> float:
        """Variance of the mean of so many periods in a row of what lasts."""
        return self.wander * together(self.memory, periods)


def together(memory: float, periods: float) -> float:
    """Variance of the mean of so many periods over that of one: 1 where noise lasts for ever, 1 / periods where it does not."""
    n, r = max(periods, 1.0), memory
    if r >= 1.0:
        return 1.0
    return float(((1.0 + r) / (1.0 - r) - 2.0 * r * (1.0 - r**n) / (n * (1.0 - r) ** 2)) / n)


def beyond_chance(moved: Floats, strength: Floats, lost: float) -> float:
    """What all noise together may be, on the predictor's scale: the squares less chance, and one error of that.

    `lost` is the share of the squares that the fit has left. Noise of little memory shows in the products of neighbours
    hardly at all; without this bound a chance product would be blown up to a large one.
    """
    square = float((strength**2).sum())
    if square <= 0:
        return 0.0
    excess = (float((moved**2).sum()) / lost - float(strength.sum())) / square
    return max(excess, 0.0) + float(np.sqrt(2.0 / square))


def lasting(
    moved: Floats, strength: Floats, x: Floats, prior: Floats, white: float, guess: Noise, most: float = np.inf
) -> tuple[float, float]:
    """Wander and memory from (S, T) residuals times steepness, and their information.

    `x` (T, K) is the design that was fitted, `prior` (K,) the variances its coefficients have, `white` the variance of
    a period's residual over its information, by chance alone; `guess` what the fit took the noise to be; `most` what
    wander is at most.
    """
    lags = np.arange(1, min(LAGS, len(x) // 3) + 1)
    if not len(lags):
        return 0.0, _USUAL
    worth = np.array([float((strength[:, k:] * strength[:, :-k]).sum()) for k in lags])
    seen = np.array([float((moved[:, k:] * moved[:, :-k]).sum()) for k in lags])
    if worth.sum() <= 0:
        return 0.0, _USUAL
    seen /= np.maximum(worth, 1e-12)
    fitted = _Fitted(x, prior, white, guess)
    by_chance = white * fitted.left(np.eye(len(x)), lags) + fitted.left((x * prior) @ x.T, lags)
    apart = np.abs(np.subtract.outer(np.arange(len(x)), np.arange(len(x))))
    best, found = np.inf, (0.0, _USUAL)
    for memory in MEMORIES[1:]:
        shape = fitted.left(memory**apart, lags)
        power = float((worth * shape * shape).sum())
        wander = max(float((worth * shape * (seen - by_chance)).sum()) / power, 0.0) if power > 0 else 0.0
        wander = min(wander, most)
        error = float((worth * (seen - by_chance - wander * shape) ** 2).sum())
        if error < best:
            best, found = error, (wander, float(memory))
    return found


class _Fitted:
    """What a fit by weighted least squares leaves of noise: (I - H) C (I - H)', by how far periods are apart."""

    def __init__(self, x: Floats, prior: Floats, white: float, guess: Noise) -> None:
        taken = white + len(x) * guess.mean_of(len(x))
        self.x = x
        self.m = np.linalg.inv(x.T @ x / taken + np.diag(1.0 / prior)) / taken

    def left(self, covariance: Floats, lags: NDArray[np.int64]) -> Floats:
        """Mean covariance of residuals so many periods apart."""
        x, m, y = self.x, self.m, covariance @ self.x
        inner = m @ (x.T @ y) @ m
        found = []
        for k in lags.tolist():
            early, late = x[:-k], x[k:]
            total = float(np.trace(covariance, offset=k))
            total -= float((m * (early.T @ y[k:])).sum()) + float((m * (y[:-k].T @ late)).sum())
            total += float((inner * (early.T @ late)).sum())
            found.append(total / len(early))
        return np.array(found)
