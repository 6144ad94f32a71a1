"""What further interviews would bring: new themes and coverage, with intervals for what will truly happen.

References
----------
- A. Chao and others, "Rarefaction and extrapolation with Hill numbers", Ecological Monographs 84, 2014 (iNEXT; its
  appendix G has the bootstrap assemblage).

"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from winback.stats.intervals import quantile_of
from winback.stats.rarefaction import new_themes
from winback.stats.richness import Heard, coverage, turing, unheard, unheard_of

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

REPLICATES = 500


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
    new = new_themes(t, once, unheard_of(t, once, twice), steps)[0]
    reached = _reached(t, once, twice, np.array([heard.mentions]), steps)[0]
    chances = assemblage(heard)
    rng = np.random.default_rng(seed)
    named = rng.binomial(t, chances, size=(replicates, chances.size))
    named = named[named.sum(axis=1) > 0]
    # the further interview that first names a theme
    waits = np.where(chances > 0, rng.geometric(np.maximum(chances, 1e-12), size=named.shape), np.inf)
    ones, twos, mentions = (named == 1).sum(axis=1), (named == 2).sum(axis=1), named.sum(axis=1)
    foretold_new = new_themes(t, ones, unheard_of(t, ones, twos), steps)
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


def _reached(t: int, once: Integers, twice: Integers, mentions: Integers, more: Floats) -> Floats:
    factor = turing(t, once, twice)[:, None]
    return np.asarray(1.0 - (once / mentions)[:, None] * factor ** (more[None, :] + 1.0), dtype=np.float64)
