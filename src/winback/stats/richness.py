"""How much has been heard: coverage, and how many themes are unheard. By interviews: `rarefaction`; what further ones
would bring: `outlook`; when a rule would stop: `stopping`.

The data are incidences: in how many of T interviews each theme was named. With S themes named, U mentions in all, Q1
themes named once and Q2 twice:

    coverage        1 - Q1/U A,  A = (T-1) Q1 / ((T-1) Q1 + 2 Q2)      what share of all they would say has been heard
    never heard     Q0 = (T-1)/T Q1^2 / (2 Q2), Chao2 = S + Q0         a lower bound of the number of themes

Where no theme was named twice, A = (T-1)(Q1-1) / ((T-1)(Q1-1) + 2) and Q0 = (T-1)/T Q1 (Q1-1)/2.

References
----------
- I. J. Good, "The population frequencies of species", Biometrika 40, 1953.
- A. Chao, "Estimating the population size for capture-recapture data with unequal catchability", Biometrics 43, 1987
  (Chao2 and its interval); variances as in R. K. Colwell, EstimateS user's guide, and R's vegan::specpool.
- A. Chao and L. Jost, "Coverage-based rarefaction and extrapolation", Ecology 93, 2012.
- W. W. Esty, "A normal limit law for a nonparametric estimator of the coverage", Annals of Statistics 11, 1983.

"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from winback.stats.intervals import quantile_of

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Heard:
    """Incidence data: `interviews` T, and `counts` (S,) the interviews that named each theme, at least one each."""

    interviews: int
    counts: Integers

    @classmethod
    def of(cls, interviews: int, counts: ArrayLike) -> Heard:
        """Themes nobody named are left out. Raises ValueError where a count is negative or above the interviews."""
        found = np.asarray(counts, dtype=np.int64).ravel()
        if interviews < 0 or (found < 0).any() or (found > interviews).any():
            raise ValueError("a theme is named in none to all of the interviews")
        return cls(int(interviews), found[found > 0])

    @property
    def themes(self) -> int:
        """S: different themes named."""
        return int(self.counts.size)

    @property
    def mentions(self) -> int:
        """U: themes named, summed over interviews."""
        return int(self.counts.sum())

    @property
    def once(self) -> int:
        return int((self.counts == 1).sum())

    @property
    def twice(self) -> int:
        return int((self.counts == 2).sum())


@dataclass(frozen=True)
class Richness:
    """An estimate of the number of themes with its standard error and interval."""

    total: float
    error: float
    low: float
    high: float


def coverage(heard: Heard) -> float:
    """The share of what interviewees like these would say that belongs to themes heard, 0 to 1; nan without mentions."""
    if not heard.mentions:
        return float("nan")
    factor = turing(heard.interviews, np.array([heard.once]), np.array([heard.twice]))[0]
    return float(1.0 - heard.once / heard.mentions * factor)


def coverage_interval(heard: Heard, *, level: float = 0.95) -> tuple[float, float]:
    """Interval of the coverage reached, by inverting a score test, so that it is neither empty nor beyond 0 and 1.

    The error of Q1/T as an estimate of what is unheard has the variance (Q1 + 2 Q2) / T^2 (Esty 1983, for interviews).
    Of a tried deficit d, Q1 is expected to be d U; Q2 is taken as seen plus a half, for none seen is not none there.
    """
    if not heard.mentions:
        return float("nan"), float("nan")
    z2, size = quantile_of(level) ** 2, float(heard.mentions)
    deficit = 1.0 - coverage(heard)
    center = deficit + z2 / (2.0 * size)
    half = np.sqrt(max(center**2 - deficit**2 + z2 * (2.0 * heard.twice + 1.0) / size**2, 0.0))
    return float(max(0.0, 1.0 - center - half)), float(min(1.0, 1.0 - center + half))


def unheard(heard: Heard) -> float:
    """Q0: themes never heard, at least (Chao 1987)."""
    return float(unheard_of(heard.interviews, np.array([heard.once]), np.array([heard.twice]))[0])


def chao2(heard: Heard, *, level: float = 0.95) -> Richness:
    """Chao2, a lower bound of the number of themes, with its log-normal interval (Chao 1987), never below S.

    Where it finds no unheard theme, the interval is S / (1 - P) with the error sqrt(S P) / (1 - P), P the mean of
    exp(-Y): the share of themes as frequent as these that would be missed (as in EstimateS and SpadeR).
    """
    t, q1, q2, seen = heard.interviews, float(heard.once), float(heard.twice), float(heard.themes)
    extra = unheard(heard)
    total = seen + extra
    a = (t - 1) / t if t else 0.0
    if q2 > 0:
        r = q1 / q2
        variance = q2 * a * r * r * (0.5 + a * (1.0 + r / 4.0) * r)
    elif total > 0:
        variance = a * q1 * (q1 - 1) / 2 + a * a * q1 * (2 * q1 - 1) ** 2 / 4 - a * a * q1**4 / (4 * total)
    else:
        variance = 0.0
    variance = max(variance, 0.0)
    if extra <= 0:
        if not seen:
            return Richness(0.0, 0.0, 0.0, 0.0)
        # No sign of an unheard theme: how many of chances such as these would be missed by luck?
        missed = float(np.exp(-heard.counts).mean())
        center, half = seen / (1.0 - missed), quantile_of(level) * np.sqrt(seen * missed) / (1.0 - missed)
        low = min(max(seen, center - half), total)  # of many themes and few calls it would lie above what was found
        return Richness(total, float(np.sqrt(variance)), low, center + half)
    stretch = float(np.exp(quantile_of(level) * np.sqrt(np.log1p(variance / extra**2))))
    return Richness(total, float(np.sqrt(variance)), seen + extra / stretch, seen + extra * stretch)


def jackknife(heard: Heard, order: int = 1) -> float:
    """First- or second-order jackknife of the number of themes (Burnham and Overton 1979), for comparison."""
    t, q1, q2 = heard.interviews, heard.once, heard.twice
    if order == 1 or t < 2:
        return heard.themes + q1 * (t - 1) / max(t, 1)
    return heard.themes + q1 * (2 * t - 3) / t - q2 * (t - 2) ** 2 / (t * (t - 1))


def bootstrap_richness(heard: Heard) -> float:
    """S + sum (1 - Y/T)^T (Smith and van Belle 1984), for comparison; far too low with few interviews."""
    return float(heard.themes + ((1.0 - heard.counts / max(heard.interviews, 1)) ** heard.interviews).sum())


def turing(t: int, once: Integers, twice: Integers) -> Floats:
    """A: by how much the share of mentions of themes named once overstates what is unheard, and one more call's share."""
    first = np.where(twice > 0, (t - 1.0) * once, (t - 1.0) * np.maximum(once - 1.0, 0.0))
    whole = first + np.where(twice > 0, 2.0 * twice, 2.0)
    return np.asarray(np.where(once > 0, first / whole, 0.0), dtype=np.float64)


def unheard_of(t: int, once: Integers, twice: Integers) -> Floats:
    a = (t - 1) / t if t else 0.0
    pairs = np.where(twice > 0, once * once / (2.0 * np.maximum(twice, 1)), once * np.maximum(once - 1.0, 0.0) / 2.0)
    return np.asarray(a * pairs, dtype=np.float64)
