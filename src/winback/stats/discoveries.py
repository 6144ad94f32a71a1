"""Many tests at once: how many of those called are false, by Benjamini and Hochberg, or Yekutieli.

References
----------
- Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate", JRSS B 57, 1995.
- Y. Benjamini and D. Yekutieli, "The control of the false discovery rate in multiple testing under dependency",
  Annals of Statistics 29, 2001.
- J. D. Storey, "The positive false discovery rate", Annals of Statistics 31, 2003 (the marginal rate).

"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def q_values(p: ArrayLike, *, dependent: bool = False, pooled: bool = False) -> Floats:
    """The smallest false discovery rate at which each test is called; nan stays nan and counts nowhere.

    Benjamini-Hochberg holds where tests are independent or go together (a segment and the coarser ones it lies in do);
    `dependent` pays the Yekutieli factor 1 + 1/2 + ... + 1/m, for any dependence.

    It bounds the mean of each batch's share of false calls, where a batch without a call counts as nought. Who makes a
    few calls a week and counts the false ones over a year gets more: with R calls a batch about (R + 1) / R times the
    rate asked, since a false call is one more call and moves the limit up. `pooled` bounds the false share of all
    calls together (the marginal false discovery rate): the k-th smallest p is held against rate k^2 / (k + 1) / m.

    Raises ValueError outside 0 to 1.
    """
    values = np.asarray(p, dtype=np.float64)
    told = ~np.isnan(values)
    tested = values[told]
    if ((tested < 0) | (tested > 1)).any():
        raise ValueError("p-values lie between 0 and 1")
    found = np.full(values.shape, np.nan)
    if not len(tested):
        return found
    m = len(tested)
    factor = float((1.0 / np.arange(1, m + 1)).sum()) if dependent else 1.0
    order = np.argsort(tested, kind="stable")
    k = np.arange(1, m + 1)
    steps = tested[order] * m * factor / (k**2 / (k + 1) if pooled else k)
    q = np.empty(m)
    q[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    found[told] = q
    return found
