"""How far coders agree beyond chance: Krippendorff's alpha, for one value or a set of values a unit.

1 is agreement in everything, 0 what chance alone gives. Any number of coders, and units some of them left out.

References: K. Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011. A. Hayes and K. Krippendorff,
Communication Methods and Measures 1, 2007. R. Passonneau, "Measuring Agreement on Set-valued Items (MASI)", LREC 2006.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence, Set
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Distance = Callable[[Any, Any], float]
REPLICATES = 1_000


@dataclass(frozen=True)
class Agreement:
    """`alpha` with its interval; None where all gave one value, so that there is nothing to agree on by skill.

    `units` is how many at least two coders gave a value to, `same` in how many of them all gave the same.
    """

    alpha: float | None
    low: float | None
    high: float | None
    units: int
    same: int


def nominal(one: Hashable, other: Hashable) -> float:
    """0 for the same value, 1 for another."""
    return 0.0 if one == other else 1.0


def masi(one: Set[Hashable], other: Set[Hashable]) -> float:
    """Distance of two sets, 0 to 1: Jaccard's, and greater where neither holds the other (Passonneau 2006)."""
    if one == other:
        return 0.0
    both, either = len(one & other), len(one | other)
    if not both:
        return 1.0
    part = 2 / 3 if one <= other or other <= one else 1 / 3
    return 1.0 - part * both / either


def krippendorff(
    units: Sequence[Sequence[Any]], distance: Distance = nominal, *, level: float = 0.95, seed: int = 1
) -> Agreement:
    """Alpha of the values that coders gave to units; a unit lists the values it was given, whoever gave them.

    Alpha = 1 - observed / expected disagreement. The interval resamples units (percentiles of `REPLICATES` draws).
    """
    pairable = [list(unit) for unit in units if len(unit) > 1]
    same = sum(all(distance(unit[0], value) == 0 for value in unit[1:]) for unit in pairable)
    if not pairable:
        return Agreement(None, None, None, 0, 0)
    values: dict[Any, int] = {}
    for unit in pairable:
        for value in unit:
            values.setdefault(value, len(values))
    apart = np.array([[distance(a, b) for b in values] for a in values])
    counts = np.zeros((len(pairable), len(values)))
    for place, unit in enumerate(pairable):
        for value in unit:
            counts[place, values[value]] += 1
    sizes = counts.sum(axis=1)
    # of each unit the disagreement of its pairs, each value counted once: sum over i != j of d_ij / (m - 1)
    within = ((counts @ apart) * counts).sum(axis=1) / (sizes - 1)
    alpha = _alpha(np.ones((1, len(pairable))), counts, sizes, within, apart)[0]
    if not np.isfinite(alpha):
        return Agreement(None, None, None, len(pairable), same)
    rng = np.random.default_rng(seed)
    draws = rng.multinomial(len(pairable), np.full(len(pairable), 1 / len(pairable)), size=REPLICATES).astype(float)
    drawn = _alpha(draws, counts, sizes, within, apart)
    # a draw in which all gave one value shows no disagreement at all
    drawn = np.where(np.isfinite(drawn), drawn, 1.0)
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Agreement(float(alpha), float(low), float(high), len(pairable), same)


def _alpha(
    weights: NDArray[np.float64], counts: NDArray[np.float64], sizes: NDArray[np.float64],
    within: NDArray[np.float64], apart: NDArray[np.float64],
) -> NDArray[np.float64]:  # fmt: skip
    """Alpha of each row of weights of units; not a number where nothing differs."""
    number = weights @ sizes
    each = weights @ counts
    observed = weights @ within / number
    expected = ((each @ apart) * each).sum(axis=1) / (number * (number - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        found: NDArray[np.float64] = np.where(expected > 0, 1 - observed / expected, np.nan)
    return found
