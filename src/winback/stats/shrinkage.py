"""Steadied scores: a segment's score drawn towards that of all segments, the more the fewer answers it has.

The model is the Dirichlet-multinomial: each segment has shares of detractors, passives and promoters of its own,
spread round a common mean with a concentration k that is estimated from the segments themselves (empirical Bayes).
A segment's steadied shares are those of its n answers plus k answers at the common mean: n / (n + k) is what its own
answers weigh.

The common mean m and k are those of greatest likelihood, times a wide prior on k alone: k round 100, between 2 and
5,000 in 19 of 20 companies, which says that true scores of segments differ by about 8 points, and may by 1 or by 50.
With dozens of segments the prior is not felt; with two to five it stops the likelihood from running to "no difference
at all", where it lands in up to half of all cases though there is one (Chung and others). For two segments of 100
answers it lowers the Brier score of the chance of being worse from .110 to .086 where true scores spread by 25 points,
from .169 to .138 where by 13, and costs .286 for .259 where they are truly alike (`python -m bench.stats comparison`
measures ours).

References
----------
- J. E. Mosimann, "On the compound multinomial distribution", Biometrika 49, 1962.
- T. P. Minka, "Estimating a Dirichlet distribution", technical report, MIT, 2000 (gradient and Hessian).
- B. S. Weir and W. G. Hill, "Estimating F-statistics", Annual Review of Genetics 36, 2002 (moments, net of noise).
- Y. Chung, S. Rabe-Hesketh and others, "A nondegenerate penalized likelihood estimator for variance parameters in
  multilevel models", Psychometrika 78, 2013.

"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_LOG_K_CENTER, _LOG_K_SPREAD = float(np.log(100.0)), 2.0  # the prior on the concentration
_TRACE = 1e-3  # of an answer in each band, so that a band nobody chose keeps a share above nought


@dataclass(frozen=True)
class Shrinkage:
    """Steadied scores of S segments; bands in the order detractors, passives, promoters.

    prior_mean: (3,) shares a segment with no answers is given. concentration: k, in answers. alphas: (S, 3) parameters
    of each segment's Dirichlet posterior. nps: (S,) steadied scores in points. own_weight: (S,) n / (n + k), 0 to 1.
    All nan where no segment has an answer.
    """

    prior_mean: Floats
    concentration: float
    alphas: Floats
    nps: Floats
    own_weight: Floats

    @property
    def prior_nps(self) -> float:
        """The score towards which all are drawn, in points."""
        return float(100.0 * (self.prior_mean[2] - self.prior_mean[0]))


def shrink(counts: ArrayLike) -> Shrinkage:
    """Empirical-Bayes scores of segments from (S, 3) counts of detractors, passives and promoters.

    Counts may be fractions: weights scaled to the effective number of answers. Each steadied score lies between the
    segment's raw score and `prior_nps`. The latter weighs segments by what they tell about the mean, so one huge
    segment does not speak for all: it need not equal the score of all answers taken together. Segments without
    answers get the prior mean. One segment alone keeps its score. 100,000 segments take under a second.

    Raises ValueError where counts are negative, not finite or not three a segment.
    """
    x = np.asarray(counts, dtype=np.float64)
    if x.ndim != 2 or x.shape[1] != 3:
        raise ValueError(f"counts have shape {x.shape}; they should be (segments, 3)")
    if not np.isfinite(x).all() or (x < 0).any():
        raise ValueError("counts must be finite and not negative")
    sizes = x.sum(axis=1)
    if not (sizes > 0).any():
        blank = np.full(x.shape, np.nan)
        return Shrinkage(np.full(3, np.nan), float("nan"), blank, blank[:, 0], blank[:, 1])
    told = x[sizes > 0]
    prior = _fit(told) if len(told) > 1 else float(np.exp(_LOG_K_CENTER)) * told[0] / told[0].sum()
    k = float(prior.sum())
    alphas = x + prior
    nps = 100.0 * (alphas[:, 2] - alphas[:, 0]) / (sizes + k)
    return Shrinkage(prior / k, k, alphas, nps, sizes / (sizes + k))


def _fit(x: Floats) -> Floats:
    """The prior's three parameters, by damped Newton steps on their logarithms from a moment start."""
    likelihood = _Likelihood(x)
    point = np.log(_moment_start(x))
    value, gradient, hessian = likelihood.at(point)
    for _ in range(50):
        curvature, axes = np.linalg.eigh(-hessian)
        curvature = np.maximum(np.abs(curvature), 1e-9 * np.abs(curvature).max() + 1e-12)
        step = axes @ ((axes.T @ gradient) / curvature)
        if float(gradient @ step) < 1e-10:
            break
        step *= min(1.0, 2.0 / float(np.abs(step).max()))
        for _ in range(30):
            new = likelihood.at(point + step)
            if new[0] >= value - 1e-10 * (1.0 + abs(value)):
                break
            step = step / 2.0
        point = point + step
        value, gradient, hessian = new
    return np.asarray(np.exp(point), dtype=np.float64)


class _Likelihood:
    """Log-likelihood of the prior's log parameters with its gradient and Hessian.

    Equal counts are gathered first: whole numbers then cost the same for a hundred segments and a hundred thousand.
    """

    def __init__(self, x: Floats) -> None:
        columns = [*x.T, x.sum(axis=1)]
        values = [np.unique(column[column > 0], return_counts=True) for column in columns]
        self.counts = np.concatenate([counts for counts, _ in values])
        self.which = np.repeat(np.arange(4), [len(counts) for counts, _ in values])  # band, or 3 for the sizes
        self.times = np.concatenate([times for _, times in values]) * np.where(self.which == 3, -1.0, 1.0)

    def at(self, point: Floats) -> tuple[float, Floats, Floats]:
        from scipy.special import digamma, gammaln

        alpha = np.exp(point)
        k = float(alpha.sum())
        mean = alpha / k
        parameters = np.append(alpha, k)
        points = np.append(self.counts + parameters[self.which], parameters)  # one call for all: most are short
        value = float(self._sums(gammaln(points)).sum())
        slope, bend = self._sums(digamma(points)), self._sums(_trigamma(points))
        chain = alpha * (slope[:3] + slope[3])
        hessian = np.outer(alpha, alpha) * bend[3] + np.diag(alpha**2 * bend[:3] + chain)
        off = (np.log(k) - _LOG_K_CENTER) / _LOG_K_SPREAD**2
        spread = np.diag(mean) - np.outer(mean, mean)
        value += -0.5 * off * (np.log(k) - _LOG_K_CENTER) + _TRACE * float(np.log(mean).sum())
        gradient = chain - off * mean + _TRACE * (1.0 - 3.0 * mean)
        hessian -= np.outer(mean, mean) / _LOG_K_SPREAD**2 + (off + 3.0 * _TRACE) * spread
        return value, gradient, hessian

    def _sums(self, values: Floats) -> Floats:
        """By band and for the sizes: what a function gains from the prior's parameter to it and the counts."""
        gained = (values[:-4] - values[-4:][self.which]) * self.times
        return np.asarray(np.bincount(self.which, weights=gained, minlength=4), dtype=np.float64)


def _moment_start(x: Floats) -> Floats:
    """Parameters from the spread between segments, less what sampling alone would give."""
    n = x.sum(axis=1)
    total, segments = float(n.sum()), len(n)
    mean = (x.sum(axis=0) + _TRACE) / (total + 3.0 * _TRACE)
    k = 100.0
    freedom = float(np.maximum(n - 1.0, 0.0).sum())
    if segments > 1 and freedom > 0:
        shares = x / n[:, None]
        between = float((n[:, None] * (shares - mean) ** 2).sum()) / (segments - 1)
        within = float((n[:, None] * shares * (1.0 - shares)).sum()) / freedom
        typical = (total - float((n**2).sum()) / total) / (segments - 1)
        whole = between + (typical - 1.0) * within
        alike = (between - within) / whole if whole > 0 else 0.0
        k = 1.0 / float(np.clip(alike, 1e-4, 0.5)) - 1.0
    return np.asarray(k * mean, dtype=np.float64)


def _trigamma(x: Floats) -> Floats:
    """The second derivative of log gamma for x > 0, to 1e-12: recurrence to x + 8, then the asymptotic series.

    A tenth of the cost of scipy's polygamma(1, x).
    """
    result = np.zeros_like(x)
    for shift in range(8):
        step = 1.0 / (x + shift)
        result += step * step
    inverse = 1.0 / (x + 8.0)
    square = inverse * inverse
    tail = square * (1 / 6 - square * (1 / 30 - square * (1 / 42 - square * (1 / 30 - square * 5 / 66))))
    return np.asarray(result + inverse * (1.0 + inverse / 2.0 + tail))
