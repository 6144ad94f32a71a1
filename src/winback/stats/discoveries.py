"""Many tests at once: how many of those called are false, by Benjamini and Hochberg, or Yekutieli; and of fires.

References
----------
- Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate", JRSS B 57, 1995.
- Y. Benjamini and D. Yekutieli, "The control of the false discovery rate in multiple testing under dependency",
  Annals of Statistics 29, 2001.
- J. D. Storey, "The positive false discovery rate", Annals of Statistics 31, 2003 (the marginal rate).

"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

NEAR = 0.02  # p-values above it are no candidates for a fire
MOST = 400  # candidates that are told apart; more only count less than they might


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


def q_of_fires(
    now: Floats, past: Floats, rows: Integers, *, tests: float, each: float = 1.0, dear: float = 0.0,
    same: Callable[[int, int], bool] | None = None,
) -> Floats:  # fmt: skip
    """The smallest share of false ones among all fires of a time at which each segment is called now; nan stays nan.

    `now` (S,) are the p-values of this period, `past` (R, B) those of earlier looks, oldest first, at the segments
    `rows` (R,), each of which stands for `each` segments. `tests` is how often a fire might falsely have begun in all
    that time. A fire is counted once: a candidate is the same as a stronger one in the same or the next look where
    `same` says so of the two segments (a segment is always the same as itself). What is held is the false share of all
    fires together, as `pooled` in `q_values`; where fires are rare it takes more to call one.
    """
    told = ~np.isnan(now)
    found = np.full(now.shape, np.nan)
    looks = past.shape[1]
    r, b = np.nonzero(past <= NEAR)
    s = np.flatnonzero(told & (now <= NEAR))
    p = np.r_[now[s], past[r, b]]
    segment, look = np.r_[s, rows[r]], np.r_[np.full(len(s), looks), b]
    order = np.lexsort((-look, p))[:MOST]
    kept: list[tuple[int, int]] = []
    burnt: set[tuple[int, int]] = set()
    count, counts = 0.0, np.zeros(len(order))
    for place, i in enumerate(order.tolist()):
        own, at = int(segment[i]), int(look[i])
        known = any((own, when) in burnt for when in (at - 1, at, at + 1))
        if not known and same is not None:
            known = any(abs(at - when) <= 1 and same(own, other) for other, when in kept)
        burnt.add((own, at))
        if not known:
            kept.append((own, at))
            count += 1.0 if at == looks else each
        counts[place] = count
    limits = np.r_[p[order], 1.0]
    k = np.r_[counts, counts[-1] if len(counts) else 1.0] - dear
    # Tests a fire called at each limit pays for; none is called before there are more than the dear ones.
    pays = np.full(len(k), np.inf)
    pays[k > 0] = tests * (k[k > 0] + 1.0) / k[k > 0] ** 2
    called = np.where(np.isfinite(pays), limits * np.where(np.isfinite(pays), pays, 0.0), 1.0)
    beyond = np.minimum.accumulate(called[::-1])[::-1]
    # A p between two limits has as many fires as up to the first; where the second is called, so is it.
    after = np.searchsorted(limits[:-1], now[told], side="right")
    here = pays[np.maximum(after - 1, 0)]
    single = np.where(np.isfinite(here), now[told] * np.where(np.isfinite(here), here, 0.0), 1.0)
    found[told] = np.minimum(np.minimum(single, beyond[after]), 1.0)
    return found
