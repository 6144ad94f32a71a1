"""How much has been heard: coverage, themes unheard, and what further interviews would bring.

The data are incidences: in how many of T interviews each theme was named. With S themes named, U mentions in all, Q1
themes named once and Q2 twice:

    coverage        1 - Q1/U A,  A = (T-1) Q1 / ((T-1) Q1 + 2 Q2)      what share of all they would say has been heard
    never heard     Q0 = (T-1)/T Q1^2 / (2 Q2), Chao2 = S + Q0         a lower bound of the number of themes
    after m more    S + Q0 (1 - (1 - Q1/(T Q0 + Q1))^m),  coverage 1 - Q1/U A^(m+1)
    after t < T     S - sum C(T-Y, t)/C(T, t)                          exact: the mean over all choices of t interviews

Where no theme was named twice, A = (T-1)(Q1-1) / ((T-1)(Q1-1) + 2) and Q0 = (T-1)/T Q1 (Q1-1)/2.

References
----------
- I. J. Good, "The population frequencies of species", Biometrika 40, 1953.
- A. Chao, "Estimating the population size for capture-recapture data with unequal catchability", Biometrics 43, 1987
  (Chao2 and its interval); variances as in R. K. Colwell, EstimateS user's guide, and R's vegan::specpool.
- A. Chao and L. Jost, "Coverage-based rarefaction and extrapolation", Ecology 93, 2012.
- R. K. Colwell and others, "Models and estimators linking individual-based and sample-based rarefaction", Journal of
  Plant Ecology 5, 2012.
- A. Chao and others, "Rarefaction and extrapolation with Hill numbers", Ecological Monographs 84, 2014 (iNEXT; its
  appendix G has the bootstrap assemblage).
- W. W. Esty, "A normal limit law for a nonparametric estimator of the coverage", Annals of Statistics 11, 1983.

"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from winback.stats.intervals import quantile_of

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

REPLICATES = 500


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
    return coverage_at(heard, heard.interviews)


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
    return float(_unheard(heard.interviews, np.array([heard.once]), np.array([heard.twice]))[0])


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


def themes_at(heard: Heard, size: ArrayLike) -> Floats:
    """Expected number of themes in samples of `size` interviews, which may be fractions, below and above T."""
    sizes = np.atleast_1d(np.asarray(size, dtype=np.float64))
    t = heard.interviews
    q0 = unheard(heard)
    more = np.maximum(sizes - t, 0.0)
    values = heard.themes + _new(t, np.array([heard.once]), np.array([q0]), more)[0]
    for place in np.flatnonzero(sizes < t):
        values[place] = heard.themes - float(_missed(heard.counts, t, sizes[place]).sum())
    return np.asarray(values.reshape(np.shape(size)), dtype=np.float64)


def coverage_at(heard: Heard, size: float) -> float:
    """Expected coverage in a sample of `size` interviews; at T it is that of the data themselves."""
    t, u = heard.interviews, float(heard.mentions)
    if not u:
        return float("nan")
    if size < t:
        # C(T-Y, s) / C(T-1, s): the other interviews that miss the theme, of one that names it
        from scipy.special import gammaln

        y = heard.counts[heard.counts <= t - size].astype(np.float64)
        log = gammaln(t - y + 1) - gammaln(t - y - size + 1) - gammaln(t) + gammaln(t - size)
        return float(1.0 - (y / u * np.exp(log)).sum())
    factor = _turing(t, np.array([heard.once]), np.array([heard.twice]))[0]
    return float(1.0 - heard.once / u * factor ** (size - t + 1))


def size_at(heard: Heard, wanted: float) -> float:
    """The number of interviews, perhaps a fraction, at which the expected coverage is `wanted`; inf where it never is."""
    if not heard.mentions:
        return float("nan")
    reached = coverage(heard)
    if wanted > reached:
        factor = float(_turing(heard.interviews, np.array([heard.once]), np.array([heard.twice]))[0])
        if wanted >= 1.0 or not 0.0 < factor < 1.0:
            return float("inf")
        steps = np.log((1.0 - wanted) * heard.mentions / heard.once) / np.log(factor) - 1.0
        return float(heard.interviews + steps)
    low, high = 0.0, float(heard.interviews)
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (middle, high) if coverage_at(heard, middle) < wanted else (low, middle)
    return high


@dataclass(frozen=True)
class Outlook:
    """What m further interviews would bring, with intervals for what will truly happen, not for its mean.

    more: (M,) numbers of further interviews. new, new_low, new_high: (M,) new themes, the ends whole numbers.
    coverage, coverage_low, coverage_high: (M,) coverage reached then, 0 to 1.
    """

    more: Floats
    new: Floats
    new_low: Floats
    new_high: Floats
    coverage: Floats
    coverage_low: Floats
    coverage_high: Floats


def outlook(
    heard: Heard, more: ArrayLike, *, level: float = 0.95, replicates: int = REPLICATES, seed: int = 1
) -> Outlook:
    """New themes and coverage after `more` further interviews.

    The interval is a parametric bootstrap: in the assemblage of Chao and others (2014), whose unheard themes share what
    is unheard, T interviews are drawn, the outlook is computed from them, and the further interviews are drawn as well;
    the root mean square of what they bring less what was foretold is the error, wandering of both included. Errors are
    skewed: an interval is the outer of those on its own scale and on that of its root. Ends of new themes are rounded
    outwards to whole ones. All nan without mentions.
    """
    steps = np.atleast_1d(np.asarray(more, dtype=np.float64))
    t = heard.interviews
    if not heard.mentions:
        blank = np.full(steps.shape, np.nan)
        return Outlook(steps, *(blank for _ in range(6)))
    once, twice = np.array([heard.once]), np.array([heard.twice])
    new = _new(t, once, _unheard(t, once, twice), steps)[0]
    reached = _reached(t, once, twice, np.array([heard.mentions]), steps)[0]
    chances = assemblage(heard)
    rng = np.random.default_rng(seed)
    named = rng.binomial(t, chances, size=(replicates, chances.size))
    named = named[named.sum(axis=1) > 0]
    # the further interview that first names a theme
    waits = np.where(chances > 0, rng.geometric(np.maximum(chances, 1e-12), size=named.shape), np.inf)
    ones, twos, mentions = (named == 1).sum(axis=1), (named == 2).sum(axis=1), named.sum(axis=1)
    foretold_new = _new(t, ones, _unheard(t, ones, twos), steps)
    foretold_reached = _reached(t, ones, twos, mentions, steps)
    came, left = np.empty(foretold_new.shape), np.empty(foretold_new.shape)
    total = chances.sum()
    for place, step in enumerate(steps):
        silent = named == 0
        came[:, place] = (silent & (waits <= step)).sum(axis=1)
        left[:, place] = np.where(silent & (waits > step), chances, 0.0).sum(axis=1) / total
    z = quantile_of(level)
    new_low, new_high = _skewed(new, came, foretold_new, z)
    low, high = _skewed(1.0 - reached, left, 1.0 - foretold_reached, z)
    return Outlook(
        more=steps,
        new=new,
        new_low=np.floor(new_low + 1e-9),
        new_high=np.ceil(new_high - 1e-9) + 0.0,  # no -0
        coverage=reached,
        coverage_low=np.clip(1.0 - high, 0.0, 1.0),
        coverage_high=np.clip(1.0 - low, 0.0, 1.0),
    )


def _skewed(found: Floats, came: Floats, foretold: Floats, z: float) -> tuple[Floats, Floats]:
    """Ends (M,) round what was found (M,), from what came and what was foretold in each replicate (R, M)."""
    plain = z * np.sqrt(((came - foretold) ** 2).mean(axis=0))
    root, rooted = np.sqrt(found), np.sqrt(np.maximum(foretold, 0.0))
    half = z * np.sqrt(((np.sqrt(came) - rooted) ** 2).mean(axis=0))
    low = np.minimum(found - plain, np.maximum(root - half, 0.0) ** 2)
    return np.maximum(low, 0.0), np.maximum(found + plain, (root + half) ** 2)


def assemblage(heard: Heard) -> Floats:
    """Chances that an interview names each theme, heard ones first, then the unheard, which share alike.

    A theme's share of interviews is too high where it was named by luck; it is drawn down by a factor that grows with
    its chance of having been missed, so that what is taken adds up to what is unheard (Chao and others 2014).
    """
    t, share = heard.interviews, heard.counts / heard.interviews
    deficit = heard.mentions / t * (1.0 - coverage(heard))
    missed = (1.0 - share) ** t
    taken = float((share * missed).sum())
    chances = share * (1.0 - (deficit / taken if taken > 0 else 0.0) * missed)
    number = int(np.ceil(unheard(heard)))
    rest = np.full(number, deficit / number) if number else np.zeros(0)
    return np.asarray(np.clip(np.concatenate([chances, rest]), 0.0, 1.0), dtype=np.float64)


def detectable(share: ArrayLike, interviews: float) -> Floats:
    """The chance that a theme which this share of interviewees would name is heard in so many interviews."""
    return np.asarray(1.0 - (1.0 - np.asarray(share, dtype=np.float64)) ** interviews, dtype=np.float64)


@dataclass(frozen=True)
class Rule:
    """What Guest's rule says: the run after which it stops, and how it came there.

    base_themes: themes in the first `base` interviews. runs: for each run the interviews so far, its new themes and
    their ratio to base_themes. stopped: interviews after which it stops, None while it does not; themes: heard by then.
    """

    base_themes: int
    runs: tuple[tuple[int, int, float], ...]
    stopped: int | None
    themes: int | None


def guest_rule(new: ArrayLike, *, base: int = 6, run: int = 3, threshold: float = 0.05) -> Rule:
    """Base size, run length and new-information threshold of Guest, Namey and Chen (PLoS ONE 15:e0232076, 2020).

    new: (T,) themes each interview named first, in the order they were held. The rule stops with the first run of
    `run` interviews after the first `base` whose new themes are at most `threshold` of those in the base; runs follow
    one another without overlap.
    """
    steps = np.asarray(new, dtype=np.int64)
    first, runs = int(steps[:base].sum()), []
    stopped = None
    for start in range(base, len(steps) - run + 1, run):
        fresh = int(steps[start : start + run].sum())
        runs.append((start + run, fresh, fresh / first if first else float("inf")))
        if stopped is None and runs[-1][2] <= threshold:
            stopped = start + run
    return Rule(first, tuple(runs), stopped, None if stopped is None else int(steps[:stopped].sum()))


def never_by_chance(elsewhere: ArrayLike, here: int, all_interviews: int) -> Floats:
    """The chance that no interview of a segment names a theme, were it as common there as in all others.

    elsewhere: interviews that name the theme; here: interviews of the segment; hypergeometric, as in Fisher's test.
    """
    return _missed(np.asarray(elsewhere, dtype=np.float64), all_interviews, float(here))


def _turing(t: int, once: Integers, twice: Integers) -> Floats:
    """A: by how much the share of mentions of themes named once overstates what is unheard, and one more call's share."""
    first = np.where(twice > 0, (t - 1.0) * once, (t - 1.0) * np.maximum(once - 1.0, 0.0))
    whole = first + np.where(twice > 0, 2.0 * twice, 2.0)
    return np.asarray(np.where(once > 0, first / whole, 0.0), dtype=np.float64)


def _unheard(t: int, once: Integers, twice: Integers) -> Floats:
    a = (t - 1) / t if t else 0.0
    pairs = np.where(twice > 0, once * once / (2.0 * np.maximum(twice, 1)), once * np.maximum(once - 1.0, 0.0) / 2.0)
    return np.asarray(a * pairs, dtype=np.float64)


def _new(t: int, once: Integers, never: Floats, more: Floats) -> Floats:
    """New themes (R, M) in `more` (M,) further interviews."""
    share = np.where(never > 0, once / np.maximum(t * never + once, 1e-300), 0.0)
    return np.asarray(never[:, None] * (1.0 - (1.0 - share[:, None]) ** more[None, :]), dtype=np.float64)


def _reached(t: int, once: Integers, twice: Integers, mentions: Integers, more: Floats) -> Floats:
    factor = _turing(t, once, twice)[:, None]
    return np.asarray(1.0 - (once / mentions)[:, None] * factor ** (more[None, :] + 1.0), dtype=np.float64)


def _missed(counts: NDArray[np.int64] | Floats, t: int, size: float) -> Floats:
    """C(T-Y, s) / C(T, s): the chance that s of T interviews miss a theme named in Y of them; s may be a fraction."""
    from scipy.special import gammaln

    y = np.asarray(counts, dtype=np.float64)
    room = t - y - size
    inside = np.maximum(room, 0.0)
    log = gammaln(t - y + 1) - gammaln(inside + 1) - gammaln(t + 1.0) + gammaln(t - size + 1)
    return np.asarray(np.where(room >= 0, np.exp(log), 0.0), dtype=np.float64)
