"""What part of the explained variance of an outcome each driver stands for, where drivers go together.

LMG (Lindeman, Merenda and Gold), the Shapley value of R^2: a driver's gain in R^2, averaged over all orders in which the
drivers can enter the model. Exact: R^2 of all 2^p subsets, each had from a smaller one by taking one column out of the
rest, so that 15 drivers take a few milliseconds. Johnson's relative weights give nearly the same from one
eigendecomposition, and go on where 2^p does not. Both add up to R^2 and are never negative. A driver may be several
columns (a category, or "used it" and "how good it was"): they enter together.

Everything starts from a covariance matrix, outcome last, so that it works where answers are missing
(`winback.stats.incomplete`).

References
----------
- R. H. Lindeman, P. F. Merenda and R. Z. Gold, "Introduction to Bivariate and Multivariate Analysis", 1980, p. 119 ff.
- U. Groemping, "Relative importance for linear regression in R: the package relaimpo", Journal of Statistical Software
  17(1), 2006.
- J. W. Johnson, "A heuristic method for estimating the relative weight of predictor variables in multiple regression",
  Multivariate Behavioral Research 35(1), 2000.

"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Groups = Sequence[Sequence[int]]

MOST_DRIVERS = 15
"""Beyond it LMG is left to relative weights: 2^15 subsets, for every replicate of an interval."""
_TINY = 1e-10  # of a column's variance: what is left of it is no information of its own
_CELLS = 1 << 21  # numbers held at once


def lmg(covariance: Floats, groups: Groups | None = None) -> Floats:
    """Contributions to R^2 (..., G), adding up to it, from covariances (..., d, d) with the outcome last.

    groups: columns of each of the G drivers; each column by itself unless given. Columns in no group are left out. A
    column without variance, or wholly told by others already in, adds nothing. nan where the outcome does not vary.

    Raises ValueError for more than 20 drivers.
    """
    stacked, parts, shape = _prepared(covariance, groups)
    number = len(parts)
    if number > 20:
        raise ValueError(f"{number} drivers have {2**number:,} subsets; use relative_weights")
    weights = _shapley_weights(number)
    found = np.empty((len(stacked), number))
    at_once = max(1, _CELLS >> number)
    for start in range(0, len(stacked), at_once):
        explained = 1.0 - _residuals(stacked[start : start + at_once], parts)
        for driver in range(number):
            pairs = explained.reshape(len(explained), -1, 2, 1 << driver)
            gain = (pairs[:, :, 1] - pairs[:, :, 0]).reshape(len(explained), -1)
            found[start : start + at_once, driver] = gain @ weights
    return found.reshape(*shape, number)


def relative_weights(covariance: Floats, groups: Groups | None = None) -> Floats:
    """Johnson's relative weights (..., G), adding up to R^2; arguments as for `lmg`, any number of drivers.

    Drivers are turned into the nearest set of columns that do not go together; the outcome is regressed on these, and
    what each of them tells is given back to the drivers it is made of. A driver of several columns gets their sum.
    """
    stacked, parts, shape = _prepared(covariance, groups)
    values, vectors = np.linalg.eigh(stacked[:, :-1, :-1])
    root = np.sqrt(np.maximum(values, 0.0))
    usable = values > _TINY * np.maximum(values[:, -1:], _TINY)
    inverse = np.divide(1.0, root, out=np.zeros_like(root), where=usable)
    turned = vectors.transpose(0, 2, 1)
    loading = (vectors * root[:, None, :]) @ turned
    beta = (vectors * inverse[:, None, :]) @ (turned @ stacked[:, :-1, -1:])
    single = ((loading**2) @ (beta**2))[..., 0]
    single[np.isnan(stacked[:, -1, -1])] = np.nan
    edges = np.cumsum([0, *(len(part) for part in parts)])
    sums = [single[:, first:last].sum(axis=1) for first, last in pairwise(edges)]
    return np.stack(sums, axis=1).reshape(*shape, len(parts))


def _prepared(covariance: Floats, groups: Groups | None) -> tuple[Floats, list[list[int]], tuple[int, ...]]:
    """Correlation matrices (B, d', d'), columns in the order of the groups and the outcome last."""
    given = np.asarray(covariance, dtype=np.float64)
    if given.ndim < 2 or given.shape[-1] != given.shape[-2] or given.shape[-1] < 2:
        raise ValueError(f"covariances have shape {given.shape}; they should be (..., d, d) with d of 2 or more")
    outcome = given.shape[-1] - 1
    parts = [[column] for column in range(outcome)] if groups is None else [list(part) for part in groups]
    order = [column for part in parts for column in part] + [outcome]
    stacked = given.reshape(-1, outcome + 1, outcome + 1)[:, order][:, :, order]
    variance = np.diagonal(stacked, axis1=1, axis2=2)
    scale = np.divide(1.0, np.sqrt(np.maximum(variance, 0.0)), out=np.zeros_like(variance), where=variance > 0)
    scale[:, -1] = np.where(variance[:, -1] > 0, scale[:, -1], np.nan)
    return stacked * scale[:, :, None] * scale[:, None, :], parts, given.shape[:-2]


def _residuals(matrices: Floats, parts: Sequence[Sequence[int]]) -> Floats:
    """What of the outcome each subset leaves unexplained (B, 2^G), 0 to 1; bit g of the place says that g is in.

    Groups are settled one after the other. The matrices shrink as their number doubles: of a settled group only what it
    leaves of the later columns is kept (a Schur complement).
    """
    current = matrices[:, None]
    for part in parts:
        without, within = current[..., len(part) :, len(part) :], current
        for _ in part:
            pivot = within[..., :1, :1]
            share = np.divide(within[..., :1, 1:], pivot, out=np.zeros_like(within[..., :1, 1:]), where=pivot > _TINY)
            within = within[..., 1:, 1:] - within[..., 1:, :1] * share
        current = np.concatenate([without, within], axis=1)
    return np.asarray(np.maximum(current[..., 0, 0], 0.0))


def _shapley_weights(number: int) -> Floats:
    """The weight of each subset of the other drivers (2^(G-1),): s! (G-1-s)! / G! where it has s members."""
    sizes = np.zeros(1, dtype=np.int64)
    for _ in range(number - 1):
        sizes = np.concatenate([sizes, sizes + 1])
    ways = np.ones(number)
    for size in range(1, number):
        ways[size] = ways[size - 1] * (number - size) / size
    return np.asarray(1.0 / (number * ways[sizes]))
