"""What is said of drivers that are odd: the same in every answer, a copy of the score or of another, blank not by chance."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from winback.analysis.driver_columns import DriverColumn

Floats = NDArray[np.float64]

FEWEST = 30  # answers and blanks each, from which on they are compared
ALIKE = 0.999  # correlation from which on two columns say the same
_NO_CHANCE = 2.58  # standard errors from which blanks are said not to be by chance


def odd_drivers(read: list[DriverColumn], score: Floats, weights: Floats) -> list[str]:
    """Notes on drivers, as they were read in the rows of `score` and `weights`."""
    notes = []
    for one in read:
        if not one.answered.any():
            notes.append(f"“{one.name}” is blank in every answer: nothing can go with it.")
        elif len(np.unique(one.values[one.answered])) == 1:
            notes.append(f"“{one.name}” is the same in every answer: nothing can go with it.")
        elif _number(one) and _alike(one.values, score):
            notes.append(f"“{one.name}” says the same as the score: it explains nothing of it. Leave it out.")
    for first, second in combinations(read, 2):
        if _number(first) and _number(second) and _alike(first.values, second.values):
            notes.append(
                f"“{first.name}” and “{second.name}” say the same: each has half of what belongs to both. Leave one out."
            )
    return [*notes, *_blanks_not_by_chance(read, score, weights)]


def _number(one: DriverColumn) -> bool:
    """Whether its values are numbers, and no numbers of categories."""
    return one.kind not in ("category", "constant")


def _alike(first: Floats, second: Floats) -> bool:
    """Whether two columns go up and down together, as good as exactly, in the rows that have both."""
    both = ~np.isnan(first) & ~np.isnan(second)
    if both.sum() < 3 or not np.ptp(first[both]) or not np.ptp(second[both]):
        return False
    return abs(float(np.corrcoef(first[both], second[both])[0, 1])) >= ALIKE


def _blanks_not_by_chance(read: list[DriverColumn], score: Floats, weights: Floats) -> list[str]:
    """A note on each driver whose blanks go with the score: then what is missing is not missing by chance."""
    notes = []
    for one in read:
        there = one.answered
        if one.nested or min(there.sum(), (~there).sum()) < FEWEST:
            continue
        parts = []
        for mask in (there, ~there):
            mean = float(np.average(score[mask], weights=weights[mask]))
            squares = float(np.average((score[mask] - mean) ** 2, weights=weights[mask]))
            parts.append((mean, squares * float((weights[mask] ** 2).sum()) / float(weights[mask].sum()) ** 2))
        gap, error = parts[1][0] - parts[0][0], (parts[0][1] + parts[1][1]) ** 0.5
        if error > 0 and abs(gap) > _NO_CHANCE * error and abs(gap) > 0.2 * float(score.std()):
            notes.append(
                f"Those who left “{one.name}” blank score {abs(gap):.1f} {'better' if gap > 0 else 'worse'} than those who "
                "answered it: its blanks are not by chance, and its part is less sure than its interval says. If blank "
                "means that they did not use it, name it as nested."
            )
    return notes
