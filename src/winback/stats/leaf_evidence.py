"""How much more likely what a leaf shows is under an effect than without: for shares, and for sums with a forecast.

Shares are binomial, their evidence divided by the dispersion beyond chance. That is read from leaves of which some
burn: where a cause holds many of the leaves that tell anything, the middle leaf burns too, so each is taken for calm or
raised, whichever share of raised ones is likeliest. Sums with a forecast are
compared by the deviation d = 2 (f - a) / (f + a), which is alike for all leaves that a cause touches (Li and others);
a leaf's deviation is normal round the effect or round nought, or an outlier, so that no leaf alone carries a zone.
How wide the noise is and how often it has outliers is learned from the side to which nothing happened, since causes
push one way (Kalander).

References
----------
- Z. Li and others, "Generic and robust localization of multi-dimensional root causes", ISSRE 2019 (the deviation).
- M. Kalander, "RiskLoc: localization of multi-dimensional root causes by weighted risk", arXiv 2205.10004, 2022 (the
  quiet side as the measure of noise).

"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

ODDS = np.array([2.0, 2.8, 4.0, 5.6])  # of few answers: what could be seen at all
MANY_ODDS = np.array([1.5, 2.0, 3.0, 4.5, 7.0, 12.0, 25.0])  # of many
_STEP = 0.1  # between effects on a deviation
_NARROW = 0.1  # spread of deviations round a cause's own
_TAIL = 10  # deviations of the quiet side that tell how far noise reaches
_QUIET = 0.6745  # the median of a normal deviation's size
_RAISED = np.array([0.0, 0.02, 0.05, 0.1, 0.2, 0.4])  # shares of the leaves that may burn
_DISPERSIONS = np.r_[0.0, np.geomspace(1e-4, 0.4, 10)]
DISPERSIONS = np.r_[0.0, np.geomspace(1e-4, 0.4, 28)]  # that may be where it is not known
_WORTH = 1.0  # log likelihood that a dispersion has to gain
_SOME = 600  # leaves, those of most answers, that tell the dispersion
_FEWEST = 5  # leaves that can tell it


@dataclass(frozen=True)
class ShareLeaves:
    """Bad answers `bad` of `total` where the share `expected` was to be seen, at inflated variance; `odds` are tried."""

    bad: Floats
    total: Floats
    expected: Floats
    inflation: Floats
    odds: Floats

    @classmethod
    def of(cls, bad: Floats, total: Floats, expected: Floats, odds: Floats, dispersion: float) -> ShareLeaves:
        """At the variance of beta-binomial counts."""
        return cls(bad, total, expected, 1.0 + np.maximum(total - 1.0, 0.0) * dispersion, odds)

    @property
    def effects(self) -> int:
        return len(self.odds)

    def shifted(self, shift: Integers) -> Floats:
        """The share that is expected where the effect `shift` (L,) explains a leaf (-1: none)."""
        ratio = np.where(shift >= 0, self.odds[shift], 1.0)
        return np.asarray(ratio * self.expected / (1.0 - self.expected + ratio * self.expected), dtype=np.float64)

    def evidence(self, shift: Integers) -> Floats:
        """(L, G): what is explained already has its odds moved by the effect that explains it."""
        p = self.shifted(shift)
        gain = self.bad[:, None] * np.log(self.odds) - self.total[:, None] * np.log1p(p[:, None] * (self.odds - 1.0))
        return np.asarray(gain / self.inflation[:, None], dtype=np.float64)


def quiet_dispersion(bad: Floats, total: Floats, expected: Floats) -> float:
    """Dispersion of the middle of the leaves: that at which half of the squared residuals lie below a normal's median."""
    variance = total * expected * (1.0 - expected)
    told = variance > 1.0
    if told.sum() < 5:
        return 0.0
    z2 = (bad[told] - total[told] * expected[told]) ** 2 / variance[told]
    low, high = 0.0, 0.5
    for _ in range(30):
        middle = (low + high) / 2.0
        above = float(np.median(z2 / (1.0 + np.maximum(total[told] - 1.0, 0.0) * middle))) > _QUIET**2
        low, high = (middle, high) if above else (low, middle)
    return high if high > 1e-6 else 0.0


def dispersion_beside(bad: Floats, total: Floats, expected: Floats, odds: Floats) -> float:
    """The likeliest beta-binomial dispersion of leaves of which some may be raised by these odds.

    0 where it is not likelier than none by more than the one number it takes to say it (Akaike), and where fewer than
    five leaves have two answers: one answer tells nothing of dispersion.
    """
    y, n, p = _telling(bad, total, expected)
    shares = np.vstack([p, *(ratio * p / (1.0 - p + ratio * p) for ratio in odds)])

    def likelihood(dispersion: float) -> float:
        by_effect = _beta_binomial(y, n, shares, dispersion)
        gain = np.exp(np.clip(by_effect[1:] - by_effect[0], -50.0, 50.0)).mean(axis=0) - 1.0
        return float(by_effect[0].sum() + np.log1p(_RAISED[:, None] * gain).sum(axis=1).max())

    return _likeliest(likelihood, worth=_WORTH) if len(y) >= _FEWEST else 0.0


def dispersion_of_calm(bad: Floats, total: Floats, expected: Floats) -> float:
    """The likeliest beta-binomial dispersion where no leaf is raised: all that is beyond chance is dispersion."""
    y, n, p = _telling(bad, total, expected)
    return _likeliest(lambda d: float(_beta_binomial(y, n, p, d).sum()), worth=0.0) if len(y) >= _FEWEST else 0.0


def calm_likelihood(bad: Floats, total: Floats, expected: Floats, dispersion: float) -> Floats:
    """(D,) log likelihoods of (L, D) draws of bad answers where no leaf is raised."""
    told = _told(total)
    y, n, p = bad[told], total[told, None], expected[told, None]
    return np.asarray(_beta_binomial(y, n, p, dispersion).sum(axis=0), dtype=np.float64)


def _told(total: Floats) -> Integers:
    """The leaves that tell most of dispersion: one answer tells nothing."""
    told = np.flatnonzero(total >= 2.0)
    return np.asarray(told[np.argsort(-total[told], kind="stable")[:_SOME]], dtype=np.int64)


def _telling(bad: Floats, total: Floats, expected: Floats) -> tuple[Floats, Floats, Floats]:
    told = _told(total)
    return bad[told], total[told], expected[told]


def _likeliest(likelihood: Callable[[float], float], *, worth: float) -> float:
    """The dispersion of most likelihood; 0 where it is not likelier than none by more than `worth`."""
    found = [likelihood(dispersion) for dispersion in _DISPERSIONS.tolist()]
    place = int(np.argmax(found))
    if found[place] - found[0] <= worth:
        return 0.0
    low, best, high = (float(_DISPERSIONS[min(max(at, 1), 10)]) for at in (place - 1, place, place + 1))
    finer = [best, float(np.sqrt(low * best)), float(np.sqrt(best * high))]
    return max(finer, key=likelihood)


def _beta_binomial(y: Floats, n: Floats, p: Floats, dispersion: float) -> Floats:
    """Log likelihood but for what does not depend on p and the dispersion."""
    if dispersion <= 0:
        return np.asarray(y * np.log(p) + (n - y) * np.log1p(-p), dtype=np.float64)
    k = 1.0 / dispersion - 1.0
    return np.asarray(betaln(y + k * p, n - y + k * (1.0 - p)) - betaln(k * p, k * (1.0 - p)), dtype=np.float64)


@dataclass(frozen=True)
class SumLeaves:
    """Deviations of leaves, the width of the noise, how often it has outliers, and the effects that are tried."""

    deviation: Floats
    noise: float
    outliers: float
    tried: Floats
    limit: float  # beyond it a leaf by itself is no noise
    side: float  # 1 where causes make less than forecast, -1 where more
    usual: float  # nine tenths of the quiet side lie within

    @classmethod
    def of(cls, actual: Floats, forecast: Floats) -> SumLeaves:
        """From what was seen and what was forecast, neither negative, both together above nought."""
        d = 2.0 * (forecast - actual) / (forecast + actual)
        sides = {sign: sign * d[sign * d > 0] for sign in (-1.0, 1.0)}
        widths = {sign: float(np.median(side)) if len(side) > 5 else np.inf for sign, side in sides.items()}
        quiet = min(widths, key=lambda sign: widths[sign])
        noise = widths[quiet] / _QUIET if np.isfinite(widths[quiet]) else 0.05
        noise = max(noise, 0.004)
        calm = np.sort(sides[quiet])
        outliers = (float((calm > 4.0 * noise).sum()) + 0.5) / (len(calm) + 100.0)
        limit = noise * 3.0
        if len(calm) > _TAIL:
            top = calm[-_TAIL:]
            limit = float(top[0] + max(float((top - top[0]).mean()), 0.05 * noise) * np.log(_TAIL / 0.05))
        usual = float(np.quantile(calm, 0.9)) if len(calm) else 0.0
        grid = np.arange(-2.0, 2.0 + _STEP / 2, _STEP)
        least = max(1.2 * noise, _STEP)
        tried = grid[np.abs(grid) >= min(least, 1.5)]
        return cls(d, noise, min(outliers, 0.1), tried, max(limit, 3.0 * noise), -quiet, usual)

    @property
    def effects(self) -> int:
        return len(self.tried)

    def evidence(self, shift: Integers) -> Floats:
        """(L, G): what is explained already tells nothing more."""
        wide = float(np.hypot(self.noise, _NARROW))
        base = np.log((1.0 - self.outliers) * _normal(self.deviation, self.noise) + self.outliers / 4.0)
        raised = _normal(self.deviation[:, None] - self.tried[None, :], wide)
        found = np.log((1.0 - self.outliers) * raised + self.outliers / 4.0) - base[:, None]
        found[shift >= 0] = 0.0
        return np.asarray(found, dtype=np.float64)

    def alone(self, uncovered: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Leaves further out, on the side of the causes, than noise reaches.

        The noise of that side may be wider than that of the other: it is as wide as nine tenths of its leaves that no
        cause covers say.
        """
        own = np.maximum(self.side * self.deviation[uncovered], 0.0)
        own = own[own > 0]
        wider = 1.0
        if len(own) > _TAIL and self.usual > 0:
            wider = max(1.0, float(np.quantile(own, 0.9)) / self.usual)
        return np.asarray(self.side * self.deviation > self.limit * wider, dtype=bool)


def _normal(values: Floats, width: float) -> Floats:
    return np.asarray(np.exp(-0.5 * (values / width) ** 2) / (width * np.sqrt(2.0 * np.pi)), dtype=np.float64)
