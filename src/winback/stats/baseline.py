"""What a segment should have shown: an empirical-Bayes baseline with season and trend, pooled over segments.

Each segment has a level, a season and a trend of its own on the logit scale (log for counts, plain for means), drawn
round those of all segments. How far segments differ in each is estimated from the segments themselves, so that a thin
segment follows the others and a thick one its own past; where segments do not differ, they are pooled wholly. The last
periods are left out by whoever calls, so that a flare-up does not eat its own baseline, and high stretches of the past
are weighed down by (2.58 / z)^2. What varies beyond chance is measured in two parts: from period to period, and what
lasts from one to the next (`winback.stats.serial`).

Reference values are `expected` on the watched periods and `spread`, the standard deviation of its predictor as far as
the baseline is not known; the noise comes on top.

References
----------
- C. P. Farrington and others, "A statistical algorithm for the early detection of outbreaks of infectious disease",
  JRSS A 159, 1996 (the last weeks left out).
- A. Noufaily and others, "An improved algorithm for outbreak detection in multiple surveillance systems", Statistics
  in Medicine 32, 2013 (weights of past high weeks).
- N. E. Breslow and D. G. Clayton, "Approximate inference in generalized linear mixed models", JASA 88, 1993.

"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winback.stats.families import Family
from winback.stats.serial import Noise, beyond_chance, lasting, together

Floats = NDArray[np.float64]

HIGH = 2.58  # standardised excess from which a stretch of the past is weighed down
FEW = 1_000  # segments that are enough to learn how much segments differ
_ROUNDS = 12
_WEAK = 2.0  # segments' worth of prior knowledge on how much segments differ
_LEVEL, _SHAPE = 0.5, 0.1  # how much they differ by that knowledge: in level, in season and trend


@dataclass(frozen=True)
class Baseline:
    """The expected mean of S segments on W watched periods.

    predictor and spread: (S, W) on the family's scale. noise: what varies beyond chance. history: (S,) answers the
    baseline rests on. past: (S, H) the predictor of the periods it was fitted to.
    """

    predictor: Floats
    spread: Floats
    noise: Noise
    history: Floats
    past: Floats


def design(times: Floats, span: float, cycles: Sequence[float], middle: float) -> Floats:
    """Columns of level, seasons and trend at these times: (T, K). A cycle needs a whole turn of history."""
    columns = [np.ones(len(times))]
    for cycle in cycles:
        if span >= cycle:
            columns += [np.cos(2 * np.pi * times / cycle), np.sin(2 * np.pi * times / cycle)]
    if span >= max(cycles) / 2:
        columns.append((times - middle) / max(cycles))
    return np.column_stack(columns)


def fit_baseline(
    total: Floats, size: Floats, times: Floats, watched: Floats, *, family: Family, cycles: Sequence[float],
    prior: tuple[Floats, Floats] | None = None, block: int = 1,
) -> Baseline:  # fmt: skip
    """The baseline of segments from (S, H) sums and sizes at H past times, foretold for the W watched times.

    `size` is the number of answers (for counts what they are counted from), nought where there are none. `cycles` are
    the lengths of seasons in periods. `prior` is what coarser groups say of each segment on the predictor's scale, at
    past and at watched times, (S, H) and (S, W): a segment is drawn to it and to what all have in common. `block` adds
    up so many neighbouring periods for the fit, which is as good for what is smooth and costs less.
    """
    span = float(times[-1] - times[0] + 1)
    middle = float(times.mean())
    toward, ahead_toward = prior if prior is not None else (np.zeros((1, len(times))), np.zeros((1, 1)))
    data = _blocks(total, size, toward, times, block)
    x = design(data.times, span, cycles, middle)
    some = np.unique(np.linspace(0, len(total) - 1, FEW).astype(int)) if len(total) > FEW else np.arange(len(total))
    pool = _Pool(data.of(some), x, family, float(block))
    pool.learn(_Data(total, size, toward, times).of(some), design(times, span, cycles, middle))
    whole = pool if len(some) == len(total) else pool.over(data)
    coefficients, covariance = whole.solve(rounds=1 if whole is pool else 2)
    ahead = design(watched, span, cycles, middle)
    variance = np.einsum("wk,skl,wl->sw", ahead, covariance, ahead)
    return Baseline(
        predictor=family.inside(ahead_toward + coefficients @ ahead.T),
        spread=np.sqrt(np.maximum(variance, 0.0)),
        noise=pool.noise,
        history=size.sum(axis=1),
        past=family.inside(toward + coefficients @ design(times, span, cycles, middle).T),
    )


@dataclass(frozen=True)
class _Data:
    """Sums, sizes and priors of segments by period; the prior has one row where it is the same for all."""

    y: Floats
    n: Floats
    toward: Floats
    times: Floats

    def of(self, rows: NDArray[np.int64]) -> _Data:
        toward = self.toward if len(self.toward) == 1 else self.toward[rows]
        return _Data(self.y[rows], self.n[rows], toward, self.times)


def _blocks(total: Floats, size: Floats, toward: Floats, times: Floats, block: int) -> _Data:
    """Sums over neighbouring periods, counted from the last; a remainder makes a shorter first block."""
    if block <= 1:
        return _Data(total, size, toward, times)
    starts = np.arange(len(times) % block, len(times), block)
    if starts[0] > 0:
        starts = np.r_[0, starts]
    lengths = np.diff(np.r_[starts, len(times)])
    n = np.add.reduceat(size, starts, axis=1)
    if len(toward) == 1:
        around = np.add.reduceat(toward, starts, axis=1) / lengths
    else:  # weighed by answers
        told = np.add.reduceat(toward * (size + 1e-9), starts, axis=1)
        around = told / (n + 1e-9 * lengths)
    return _Data(np.add.reduceat(total, starts, axis=1), n, around, np.add.reduceat(times, starts) / lengths)


class _Pool:
    """Segments that share one prior: their common coefficients, and how much they differ in each."""

    def __init__(self, data: _Data, x: Floats, family: Family, periods: float) -> None:
        self.y, self.n, self.toward, self.x, self.family, self.periods = data.y, data.n, data.toward, x, family, periods
        self.outer = (x[:, :, None] * x[:, None, :]).reshape(len(x), -1)
        k = x.shape[1]
        self.known = np.array([_LEVEL**2] + [_SHAPE**2] * (k - 1)) * family.unit**2
        self.common = np.zeros(k)
        self.common[0] = family.link((self.y.sum() + 0.5) / (self.n.sum() + 1.0)) - self._middle()
        self.variances = self.known.copy()
        self.weights = np.ones_like(self.y)
        self.noise = Noise()
        self.u = np.tile(self.common, (len(self.y), 1))

    def _middle(self) -> float:
        """The prior where the answers are."""
        weight = self.n if len(self.toward) > 1 else self.n.sum(axis=0, keepdims=True)
        return float((self.toward * weight).sum() / max(float(weight.sum()), 1e-9))

    def over(self, data: _Data) -> _Pool:
        """All segments, with what was learned from some of them."""
        whole = _Pool(data, self.x, self.family, self.periods)
        whole.common, whole.variances = self.common, self.variances
        whole.noise = self.noise
        whole.u = np.tile(self.common, (len(data.y), 1))
        whole.solve(rounds=2)
        whole.weigh()
        return whole

    def learn(self, periods: _Data, x: Floats) -> None:
        """Common coefficients, variances, weights of high stretches, dispersion: in turn, until they agree."""
        heard = self.n.sum(axis=1) > 0
        for step in range(_ROUNDS):
            u, covariance = self.solve(rounds=4 if step == 0 else 2)
            if heard.any():
                own = np.einsum("skk->sk", covariance)[heard]
                share = self.variances / (self.variances + own)  # thick segments say more of the common coefficients
                self.common = (share * u[heard]).sum(axis=0) / share.sum(axis=0)
                away = (u[heard] - self.common) ** 2 + own
                self.variances = (away.sum(axis=0) + _WEAK * self.known) / (heard.sum() + _WEAK)
            if step in (1, 4, 8):
                self.weigh()
                self._measure(periods, x)

    def solve(self, *, rounds: int) -> tuple[Floats, Floats]:
        """Each segment's coefficients and their covariance, by Newton steps from where it stands."""
        precision = np.diag(1.0 / self.variances)
        k = len(self.common)
        slow = self._whole()
        inverse: Floats = np.zeros((len(self.y), k, k))
        for _ in range(rounds):
            mean = self._mean(self.x, self.toward)
            slope = self.n * self.family.information(mean)
            a_period = self.family.inflation(self.n / self.periods, mean, self.noise.dispersion)
            worth = self.weights / (a_period + slow * slope)
            residual = worth * (self.y - self.n * mean) * self.family.steep
            hessian = ((worth * slope) @ self.outer).reshape(-1, k, k) + precision
            inverse = np.asarray(np.linalg.inv(hessian), dtype=np.float64)
            gradient = residual @ self.x - (self.u - self.common) @ precision
            self.u = self.u + np.clip(np.einsum("skl,sl->sk", inverse, gradient), -2.0, 2.0)
        return self.u, inverse

    def _whole(self) -> float:
        """Variance a row of data has so that the mean of all rows is as far off as noise that lasts makes it."""
        periods = len(self.x) * self.periods
        return len(self.x) * self.noise.mean_of(periods)

    def _mean(self, x: Floats, toward: Floats) -> Floats:
        return self.family.mean(self.family.inside(toward + self.u @ x.T))

    def weigh(self) -> None:
        """High stretches of the past count less: an old flare-up is not the normal state."""
        mean = self._mean(self.x, self.toward)
        a_period = self.family.inflation(self.n / self.periods, mean, self.noise.dispersion)
        slow = self.noise.wander * together(self.noise.memory, self.periods)
        inflation = a_period + slow * self.n * self.family.information(mean)
        deviation = np.sqrt(np.maximum(self.n * self.family.variance(mean) * inflation, 1e-12))
        z = self.family.sign * (self.y - self.n * mean) / deviation
        self.weights = np.where(z > HIGH, (HIGH / np.maximum(z, HIGH)) ** 2, 1.0)

    def _by_period(self, periods: int) -> Floats:
        """The weights of rows that hold several periods, for each of these."""
        block = int(self.periods)
        lengths = np.full(len(self.x), block)
        if periods % block:
            lengths[0] = periods % block
        return np.repeat(self.weights, lengths, axis=1)

    def _measure(self, data: _Data, x: Floats) -> None:
        """Noise that lasts from products of residuals, the other from squares; extremes are cut at 3.

        High stretches of the past count less here too: fires are no noise.
        """
        mean = self._mean(x, data.toward)
        strength = data.n * self.family.information(mean)
        inflation = self.family.inflation(data.n, mean, self.noise.dispersion)
        beyond = np.maximum(inflation + self.noise.wander * strength, 1e-12)
        scale = np.sqrt(np.maximum(data.n * self.family.variance(mean) * beyond, 1e-12))
        told = data.n > 0
        residual = np.where(told, np.clip((data.y - data.n * mean) / scale, -3.0, 3.0), 0.0) * scale
        white = float((strength * inflation).sum()) / max(float((strength**2).sum()), 1e-12)
        calm = self._by_period(len(x))
        moved = residual * self.family.steep * calm
        lost = 1.0 - min(0.5, self.x.shape[1] / max(len(x), 1))  # what the fit itself takes up
        most = beyond_chance(residual * self.family.steep, strength, lost)
        wander, memory = lasting(moved, strength * calm, x, self.variances, white, self.noise, most)
        dispersion = self.family.dispersion(residual**2 / lost, data.n, mean, wander, told)
        self.noise = Noise(dispersion, wander, memory)
