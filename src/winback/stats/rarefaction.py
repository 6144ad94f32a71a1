"""Themes and coverage by the number of interviews: fewer than were held, and more.

    after m more    S + Q0 (1 - (1 - Q1/(T Q0 + Q1))^m),  coverage 1 - Q1/U A^(m+1)
    after t < T     S - sum C(T-Y, t)/C(T, t)             exact: the mean over all choices of t interviews

in the words of `winback.stats.richness`.

References
----------
- A. Chao and L. Jost, "Coverage-based rarefaction and extrapolation", Ecology 93, 2012.
- R. K. Colwell and others, "Models and estimators linking individual-based and sample-based rarefaction", Journal of
  Plant Ecology 5, 2012.

"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from winback.stats.richness import Heard, coverage, turing, unheard

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def themes_at(heard: Heard, size: ArrayLike) -> Floats:
    """Expected number of themes in samples of `size` interviews, which may be fractions, below and above T."""
    sizes = np.atleast_1d(np.asarray(size, dtype=np.float64))
    t = heard.interviews
    q0 = unheard(heard)
    more = np.maximum(sizes - t, 0.0)
    values = heard.themes + new_themes(t, np.array([heard.once]), np.array([q0]), more)[0]
    for place in np.flatnonzero(sizes < t):
        values[place] = heard.themes - float(missed(heard.counts, t, sizes[place]).sum())
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
    factor = turing(t, np.array([heard.once]), np.array([heard.twice]))[0]
    return float(1.0 - heard.once / u * factor ** (size - t + 1))


def size_at(heard: Heard, wanted: float) -> float:
    """The number of interviews, perhaps a fraction, at which the expected coverage is `wanted`; inf where it never is."""
    if not heard.mentions:
        return float("nan")
    reached = coverage(heard)
    if wanted > reached:
        factor = float(turing(heard.interviews, np.array([heard.once]), np.array([heard.twice]))[0])
        if wanted >= 1.0 or not 0.0 < factor < 1.0:
            return float("inf")
        steps = np.log((1.0 - wanted) * heard.mentions / heard.once) / np.log(factor) - 1.0
        return float(heard.interviews + steps)
    low, high = 0.0, float(heard.interviews)
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (middle, high) if coverage_at(heard, middle) < wanted else (low, middle)
    return high


def new_themes(t: int, once: Integers, never: Floats, more: Floats) -> Floats:
    """New themes (R, M) in `more` (M,) further interviews."""
    share = np.where(never > 0, once / np.maximum(t * never + once, 1e-300), 0.0)
    return np.asarray(never[:, None] * (1.0 - (1.0 - share[:, None]) ** more[None, :]), dtype=np.float64)


def missed(counts: NDArray[np.int64] | Floats, t: int, size: float) -> Floats:
    """C(T-Y, s) / C(T, s): the chance that s of T interviews miss a theme named in Y of them; s may be a fraction."""
    from scipy.special import gammaln

    y = np.asarray(counts, dtype=np.float64)
    room = t - y - size
    inside = np.maximum(room, 0.0)
    log = gammaln(t - y + 1) - gammaln(inside + 1) - gammaln(t + 1.0) + gammaln(t - size + 1)
    return np.asarray(np.where(room >= 0, np.exp(log), 0.0), dtype=np.float64)
