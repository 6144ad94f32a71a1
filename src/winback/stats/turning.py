"""Does a scale stand upside down? Told by two orders of the same things that ought to go together.

References: R. H. Somers, "A New Asymmetric Measure of Association for Ordinal Variables", American Sociological Review
27(6), 1962; M. G. Kendall, "Rank Correlation Methods", 1970, chapter 4 (the variance of S with ties).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FEWEST = 50  # pairs of values from which on anything is said
CLEARLY = -0.1  # Somers' D from which on downwards the orders are said to stand against each other
CHANCE = 0.001  # how often files in which they have nothing to do with each other may be told to stand so


def turned(scores: Floats, moods: Floats) -> bool:
    """Whether moods go against scores, clearly and not by chance: then the scale may be read the wrong way round."""
    return len(scores) >= FEWEST and against(scores, moods) <= CLEARLY and by_chance(scores, moods) < CHANCE


def against(scores: Floats, moods: Floats) -> float:
    """Somers' D of moods given scores, -1 to 1: of all pairs with different scores, the share in which the higher score
    has the better mood, less the share in which it has the worse. 0 where all scores are the same.
    """
    pairs = math.comb(len(scores), 2) - sum(math.comb(count, 2) for count in _alike(scores))
    return _agreeing(scores, moods) / pairs if pairs else 0.0


def by_chance(scores: Floats, moods: Floats) -> float:
    """The probability of an order as contrary as this one, or more, where the two have nothing to do with each other."""
    n, first, second = len(scores), _alike(scores), _alike(moods)
    spread = (_plain(n) - sum(map(_plain, first)) - sum(map(_plain, second))) / 18
    for size, part in ((2, 2), (3, 9)):
        if n >= size:
            both = sum(math.perm(t, size) for t in first) * sum(math.perm(t, size) for t in second)
            spread += both / (part * math.perm(n, size))
    if spread <= 0:
        return 1.0
    return math.erfc(-_agreeing(scores, moods) / math.sqrt(2 * spread)) / 2


def _agreeing(scores: Floats, moods: Floats) -> float:
    """Kendall's S: pairs in the same order less pairs in the contrary one."""
    same = np.sign(scores[:, None] - scores[None, :]) * np.sign(moods[:, None] - moods[None, :])
    return float(same.sum()) / 2


def _alike(values: Floats) -> list[int]:
    """How many there are of each value."""
    return [int(count) for count in np.unique(values, return_counts=True)[1]]


def _plain(n: int) -> int:
    return n * (n - 1) * (2 * n + 5)
