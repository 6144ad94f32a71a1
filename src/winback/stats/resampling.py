"""Bootstrap over customers at the price of a bootstrap over a thousand groups.

Customers are dealt into at most 1,000 groups at random, by a seed; a replicate draws as many groups as there are, with
replacement. What is summed over customers is summed once a group, so 500 replicates of a million customers cost as much
as of a thousand. With 1,000 customers or fewer every group is one customer: the usual bootstrap.

References
----------
- B. Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7, 1979.
- K. M. Wolter, "Introduction to Variance Estimation", 2nd ed., 2007, chapter 2 (random groups).

"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

GROUPS = 1000


def groups_of(customers: ArrayLike, *, seed: int) -> tuple[Integers, int]:
    """Group (N,) of each row by its customer code, and the number of groups; rows of one customer stay together."""
    codes = np.unique(np.asarray(customers), return_inverse=True)[1].ravel()
    number = int(codes.max()) + 1 if codes.size else 0
    dealt = np.random.default_rng(seed).permutation(number) % GROUPS
    return np.asarray(dealt[codes], dtype=np.int64), min(number, GROUPS)


def replicate_sums(
    groups: Integers, number: int, columns: Integers, values: Floats, width: int, *, replicates: int, seed: int
) -> Floats:
    """Sums (replicates, width) of values by column, in samples of `number` groups drawn with replacement.

    groups, columns, values: (N,) the group, the column and the value of each row. The same seed draws the same groups,
    so two calls with one seed belong to the same samples.
    """
    from scipy.sparse import coo_array

    draws = np.random.default_rng(seed).multinomial(number, np.full(number, 1.0 / number), size=replicates)
    table = coo_array((values, (columns, groups)), shape=(width, number)).tocsr()
    return np.asarray((table @ draws.T.astype(np.float64)).T, dtype=np.float64)


def percentile_interval(replicates: Floats, level: float) -> tuple[float, float]:
    """The middle `level` of the replicates that are finite, (nan, nan) where fewer than half are."""
    finite = replicates[np.isfinite(replicates)]
    if finite.size * 2 < replicates.size or finite.size == 0:
        return float("nan"), float("nan")
    low, high = np.quantile(finite, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return float(low), float(high)
