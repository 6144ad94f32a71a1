"""When to stop asking: Guest's rule, and the chance that a theme has come up, or is missing, by luck."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from winback.stats.rarefaction import missed

Floats = NDArray[np.float64]


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
    return missed(np.asarray(elsewhere, dtype=np.float64), all_interviews, float(here))
