"""From answers and departures to months at risk: who was seen for how long after which answer, and who left.

A month counts for the band of the latest answer given before that month began, as long as the customer is still there.
So the clock starts at the answer (a customer who had to live until the survey is not credited for it), no month is
counted that could not have seen a departure, and an answer given in the month of the departure, before or after it,
explains nothing. Departures in the month of the very answer are counted apart, as `same_month`.

References
----------
- S. Suissa, "Immortal time bias in pharmacoepidemiology", American Journal of Epidemiology 167, 2008.
- R. L. Prentice and L. A. Gloeckler, "Regression analysis of grouped survival data", Biometrics 34, 1978.

"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Exposure:
    """Months at risk after answers: one row an answer that was followed by at least one.

    customer, band (0 detractor, 1 passive, 2 promoter), cell, months and left (0 or 1) have shape (R,). cells is the
    number of cells C. same_month is the number of departures in the month of the answer, which are not in `left`.
    """

    customer: Integers
    band: Integers
    cell: Integers
    months: Integers
    left: Integers
    cells: int
    same_month: int

    def table(self) -> tuple[Floats, Floats]:
        """Months and departures, each (3, C), by band and cell."""
        place, size = self.band * self.cells + self.cell, 3 * self.cells
        months, left = (
            np.bincount(place, weights=v.astype(np.float64), minlength=size).astype(np.float64)
            for v in (self.months, self.left)
        )
        return months.reshape(3, self.cells), left.reshape(3, self.cells)


def persons_to_exposure(
    *,
    customer: ArrayLike,
    answer_month: ArrayLike,
    band: ArrayLike,
    cell: ArrayLike,
    next_answer_month: ArrayLike,
    leave_month: ArrayLike,
    end_month: ArrayLike,
    longest: int = 12,
    delay: int = 0,
) -> Exposure:
    """Months at risk and departures after each answer; every argument has shape (N,), a row an answer.

    Months are whole numbers counted from any one month; -1 says there is no next answer, or that the customer has not
    left. end_month is the last month in which a departure would have been seen. An answer speaks for `longest` months
    at most, and for the month of the next answer still, since that month began under it. `delay` leaves out the first
    months after the answer: a check on customers who had decided to leave before they answered.

    Raises ValueError where shapes disagree, a band is none of 0, 1 and 2, or a cell is negative.
    """
    given = (customer, answer_month, band, cell, next_answer_month, leave_month, end_month)
    who, answer, group, place, following, leave, end = (np.asarray(v, dtype=np.int64) for v in given)
    if len({v.shape for v in (who, answer, group, place, following, leave, end)}) != 1 or who.ndim != 1:
        raise ValueError("all arguments must be of one shape (answers,)")
    if who.size and (group.min() < 0 or group.max() > 2 or place.min() < 0):
        raise ValueError("bands must be 0, 1 or 2 and cells not negative")
    first = answer + 1 + delay
    last = np.minimum(end, answer + longest)
    last = np.where(following >= 0, np.minimum(last, following), last)
    gone = leave >= 0
    left = gone & (leave >= first) & (leave <= last)
    last = np.where(gone, np.minimum(last, leave), last)
    months = np.maximum(last - first + 1, 0)
    rows = np.flatnonzero(months > 0)
    return Exposure(
        customer=who[rows],
        band=group[rows],
        cell=place[rows],
        months=months[rows],
        left=left[rows].astype(np.int64),
        cells=int(place.max()) + 1 if place.size else 0,
        same_month=int(np.sum(gone & (leave == answer))),
    )
