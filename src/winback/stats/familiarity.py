"""How familiar a comment is: how alike the nearest place is where comments lay before.

What counts as strange is told by comments of the same kind that the places were not made of: one in thirty of those is less
familiar (split conformal prediction). So new reasons come to light, at the price of a few odd words about known ones.

References: V. Vovk, A. Gammerman and G. Shafer, "Algorithmic Learning in a Random World", 2005, 4.1; R. Laxhammar and
G. Falkman, "Inductive conformal anomaly detection", Annals of Mathematics and Artificial Intelligence 74, 2015.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from winback.stats.landmarks import landmarks
from winback.stats.telling_apart import turned

Floats = NDArray[np.float32]

RARE = 0.03  # of comments as they always were, how many are told to be strange
FEWEST = 200  # rows, below which nothing is told
MOST = 4_000  # rows that are looked at
HELD = 0.25  # of which the places are not made
ALIKE = 0.5  # cosine from which on nothing is strange, however much alike all is that was said (a form's phrases)


def familiarity(rows: Floats, places: Floats, turn: NDArray[Any] | None = None) -> NDArray[np.float64]:
    """(n,) cosine of each of the rows to the nearest of the places, all of unit length; in the metric that `turn` is of."""
    places = places if turn is None else turned(places, turn)
    found = np.full(len(rows), -1.0)
    for at in range(0, len(rows) if len(places) else 0, 8192):
        block = rows[at : at + 8192]
        found[at : at + 8192] = ((block if turn is None else turned(block, turn)) @ places.T).max(axis=1)
    return found


def least_familiar(rows: Floats, *, turn: NDArray[Any] | None = None, seed: int = 0) -> float | None:
    """The familiarity below which a comment like these rows seldom lies, at most ALIKE; None where they are too few to tell."""
    if len(rows) < FEWEST:
        return None
    drawn = np.random.default_rng(seed).permutation(len(rows))[:MOST]
    held = int(HELD * len(drawn))
    places = landmarks(rows[np.sort(drawn[held:])], seed=seed)
    told = np.sort(familiarity(rows[drawn[:held]], places, turn))
    # The rank that leaves RARE of the next ones below, whatever the distribution.
    rank = int(np.floor(RARE * (held + 1)))
    return min(float(told[rank - 1]), ALIKE) if rank else None
