"""What is watched: shares of answers, counts, or means; each with its scale, its chance variation, and its evidence.

A family says how the mean depends on the predictor, how much chance alone moves it, and how much more likely a
period's sum is after a rise than before it. Variation beyond chance (beta-binomial for shares, negative binomial for
counts) divides the evidence: a sum of n answers with inflation D tells as much as n / D answers (Wedderburn's
quasi-likelihood), which is linear in the sum and costs no special functions. The p-values rest on draws from the full
distributions, not on this.

References
----------
- R. W. M. Wedderburn, "Quasi-likelihood functions, generalized linear models, and the Gauss-Newton method",
  Biometrika 61, 1974.
- J. G. Skellam, "A probability distribution derived from the binomial distribution by regarding the probability of
  success as variable between the sets of trials", JRSS B 10, 1948 (the beta-binomial).

"""

from __future__ import annotations

from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FURTHEST = 12.0  # on the logit scale: beyond it nothing is left to tell


class Family(Protocol):
    """One kind of measure."""

    effects: tuple[float, ...]
    unit: float  # what a predictor moves by, in the scale on which a logit moves by one
    steep: float  # of the score of the likelihood in the residual
    sign: float  # 1 where a rise is looked for, -1 for a fall

    def inside(self, predictor: Floats) -> Floats: ...
    def link(self, mean: Any) -> Any: ...
    def mean(self, predictor: Floats) -> Floats: ...
    def variance(self, mean: Floats) -> Floats: ...
    def information(self, mean: Floats) -> Floats: ...
    def inflation(self, size: Floats, mean: Floats, dispersion: float) -> Floats: ...
    def dispersion(self, squares: Floats, size: Floats, mean: Floats, wander: float, told: Any) -> float: ...
    def evidence(self, total: Floats, size: Floats, mean: Floats, effect: float) -> Floats: ...
    def against(self, total: Floats, size: Floats, first: Floats, second: Floats) -> Floats: ...
    def shifted(self, mean: Floats, effect: float) -> Floats: ...
    def draw(self, size: Floats, mean: Floats, dispersion: float, random: np.random.Generator) -> Floats: ...


class Share:
    """A share of answers: detractors, or those who name a theme. Effects are odds ratios."""

    effects: tuple[float, ...] = (1.5, 2.0, 2.75, 4.0)
    unit = steep = sign = 1.0

    def inside(self, predictor: Floats) -> Floats:
        return np.clip(predictor, -FURTHEST, FURTHEST)

    def link(self, mean: Any) -> Any:
        inside = np.clip(mean, 1e-6, 1 - 1e-6)
        return np.log(inside / (1.0 - inside))

    def mean(self, predictor: Floats) -> Floats:
        return np.asarray(1.0 / (1.0 + np.exp(-predictor)), dtype=np.float64)

    def variance(self, mean: Floats) -> Floats:
        return mean * (1.0 - mean)

    def information(self, mean: Floats) -> Floats:
        return mean * (1.0 - mean)

    def inflation(self, size: Floats, mean: Floats, dispersion: float) -> Floats:
        return np.asarray(1.0 + np.maximum(size - 1.0, 0.0) * dispersion, dtype=np.float64)

    def dispersion(self, squares: Floats, size: Floats, mean: Floats, wander: float, told: Any) -> float:
        """Beta-binomial correlation by moments: the sum of z^2 - 1 over the sum of n - 1, less what wanders."""
        chance = np.maximum(mean * (1.0 - mean), 1e-12)
        z2 = np.where(told, squares / np.maximum(size * chance, 1e-12) - wander * size * chance, 0.0)
        above = float((z2 - told).sum())
        return float(np.clip(above / max(float(np.maximum(size - 1.0, 0.0).sum()), 1.0), 0.0, 0.3))

    def evidence(self, total: Floats, size: Floats, mean: Floats, effect: float) -> Floats:
        return np.asarray(total * np.log(effect) - size * np.log1p(mean * (effect - 1.0)), dtype=np.float64)

    def against(self, total: Floats, size: Floats, first: Floats, second: Floats) -> Floats:
        """Log likelihood with the second mean, less that with the first."""
        rise = np.log(second / first)
        return np.asarray(total * rise + (size - total) * np.log((1.0 - second) / (1.0 - first)), dtype=np.float64)

    def shifted(self, mean: Floats, effect: float) -> Floats:
        return np.asarray(effect * mean / (1.0 - mean + effect * mean), dtype=np.float64)

    def draw(self, size: Floats, mean: Floats, dispersion: float, random: np.random.Generator) -> Floats:
        share = mean
        if dispersion > 0:
            k = 1.0 / dispersion - 1.0
            share = random.beta(np.maximum(mean * k, 1e-9), np.maximum((1.0 - mean) * k, 1e-9))
        return random.binomial(np.round(size).astype(np.int64), np.clip(share, 0.0, 1.0)).astype(np.float64)


class RareShare(Share):
    """A share that is small as a rule and may grow many times over: those who name a theme."""

    effects: tuple[float, ...] = (1.5, 2.5, 5.0, 12.0)


class Count:
    """A count beside what was to be expected of it. Effects are ratios; below one for a fall (silence)."""

    rise: ClassVar[tuple[float, ...]] = (1.5, 2.0, 2.75, 4.0)
    fall: ClassVar[tuple[float, ...]] = (0.6, 0.4, 0.2, 0.05)
    unit = steep = 1.0

    def __init__(self, *, falling: bool = False) -> None:
        self.effects = self.fall if falling else self.rise
        self.sign = -1.0 if falling else 1.0

    def inside(self, predictor: Floats) -> Floats:
        return np.clip(predictor, -2 * FURTHEST, 2 * FURTHEST)

    def link(self, mean: Any) -> Any:
        return np.log(np.maximum(mean, 1e-6))

    def mean(self, predictor: Floats) -> Floats:
        return np.exp(predictor)

    def variance(self, mean: Floats) -> Floats:
        return mean

    def information(self, mean: Floats) -> Floats:
        return mean

    def inflation(self, size: Floats, mean: Floats, dispersion: float) -> Floats:
        return np.asarray(1.0 + size * mean * dispersion, dtype=np.float64)

    def dispersion(self, squares: Floats, size: Floats, mean: Floats, wander: float, told: Any) -> float:
        """Negative-binomial dispersion by moments: variance m + m^2 (dispersion + wander)."""
        expected = size * mean
        above = float(np.where(told, squares - expected, 0.0).sum())
        square = float(np.where(told, expected**2, 0.0).sum())
        return float(np.clip(above / max(square, 1e-12) - wander, 0.0, 4.0))

    def evidence(self, total: Floats, size: Floats, mean: Floats, effect: float) -> Floats:
        return np.asarray(total * np.log(effect) - size * mean * (effect - 1.0), dtype=np.float64)

    def against(self, total: Floats, size: Floats, first: Floats, second: Floats) -> Floats:
        return np.asarray(total * np.log(second / first) - size * (second - first), dtype=np.float64)

    def shifted(self, mean: Floats, effect: float) -> Floats:
        return mean * effect

    def draw(self, size: Floats, mean: Floats, dispersion: float, random: np.random.Generator) -> Floats:
        expected = size * mean
        if dispersion > 0:
            expected = expected * random.gamma(1.0 / dispersion, dispersion, expected.shape)
        return random.poisson(np.minimum(expected, 1e15)).astype(np.float64)


class Mean:
    """A mean of answers, such as the score in hundredths of a point (-1, 0, 1 an answer), watched for a fall.

    `deviation` is the standard deviation of one answer. Effects are falls in these deviations.
    """

    effects: tuple[float, ...] = (0.2, 0.4, 0.6, 0.9)
    sign = -1.0

    def __init__(self, deviation: float) -> None:
        self.unit = max(deviation, 1e-3)
        self.square = self.unit**2
        self.steep = 1.0 / self.square

    def inside(self, predictor: Floats) -> Floats:
        return predictor

    def link(self, mean: Any) -> Any:
        return mean

    def mean(self, predictor: Floats) -> Floats:
        return predictor

    def variance(self, mean: Floats) -> Floats:
        return np.full_like(mean, self.square)

    def information(self, mean: Floats) -> Floats:
        return np.full_like(mean, 1.0 / self.square)

    def inflation(self, size: Floats, mean: Floats, dispersion: float) -> Floats:
        return np.asarray(1.0 + np.maximum(size - 1.0, 0.0) * dispersion, dtype=np.float64)

    def dispersion(self, squares: Floats, size: Floats, mean: Floats, wander: float, told: Any) -> float:
        z2 = np.where(told, squares / np.maximum(size * self.square, 1e-12) - wander * size / self.square, 0.0)
        above = float((z2 - told).sum())
        return float(np.clip(above / max(float(np.maximum(size - 1.0, 0.0).sum()), 1.0), 0.0, 0.3))

    def evidence(self, total: Floats, size: Floats, mean: Floats, effect: float) -> Floats:
        fall = effect * np.sqrt(self.square)
        return np.asarray((-fall * (total - size * mean) - size * fall**2 / 2.0) / self.square, dtype=np.float64)

    def against(self, total: Floats, size: Floats, first: Floats, second: Floats) -> Floats:
        shift = second - first
        return np.asarray((shift * (total - size * first) - size * shift**2 / 2.0) / self.square, dtype=np.float64)

    def shifted(self, mean: Floats, effect: float) -> Floats:
        return np.asarray(mean - effect * np.sqrt(self.square), dtype=np.float64)

    def draw(self, size: Floats, mean: Floats, dispersion: float, random: np.random.Generator) -> Floats:
        deviation = np.sqrt(size * self.square * self.inflation(size, mean, dispersion))
        return np.asarray(size * mean + deviation * random.standard_normal(size.shape), dtype=np.float64)
