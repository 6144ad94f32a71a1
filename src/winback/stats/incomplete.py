"""Means and covariances of columns with holes in them, without throwing away a single row.

Maximum likelihood under a normal model by the EM algorithm: every row lends what it has. It is right where answers are
missing by chance, or by chance given the answers that are there; dropping incomplete rows keeps 2 % of them when eight
columns lack 40 % each, and filling in means draws all correlations towards nought. Rows with the same holes are taken
together, so a survey costs as much as its patterns of holes, not its rows.

The bootstrap draws rows with replacement. With no holes each replicate's covariance is exact. With holes a replicate is
the estimate moved by one Newton step (the rows' scores times the inverse of the observed information), which is what
running the EM anew would give to first order, at a thousandth of its cost.

References
----------
- A. P. Dempster, N. M. Laird and D. B. Rubin, "Maximum likelihood from incomplete data via the EM algorithm", JRSS B 39,
  1977.
- R. J. A. Little and D. B. Rubin, "Statistical Analysis with Missing Data", 3rd ed., 2019, chapters 8, 9 and 11.
- A. C. Davison and D. V. Hinkley, "Bootstrap Methods and their Application", 1997, section 2.7 (linear approximation).

"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from winback.stats.resampling import groups_of

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]

_ITERATIONS, _CLOSE = 500, 1e-7  # in standard deviations
_RIDGE = 1e-9  # added to variances of 1, so that columns that tell the same can be inverted
_AT_ONCE = 1 << 20  # numbers of all matrices handled together


@dataclass(frozen=True)
class Moments:
    """Means (d,) and covariance (d, d, divided by n) of the columns; iterations of the EM, 0 where nothing is missing."""

    mean: Floats
    covariance: Floats
    iterations: int
    converged: bool


def moments(values: Floats, weights: ArrayLike | None = None) -> Moments:
    """Means and covariance of (N, d) values, nan where missing, by maximum likelihood; weights (N,) count rows.

    Raises ValueError where a column has no value at all.
    """
    x, w = _checked(values, weights)
    if not np.isnan(x).any():
        mean = w @ x / w.sum()
        away = x - mean
        return Moments(mean, (away * w[:, None]).T @ away / w.sum(), 0, True)
    center, scale = _available(x, w)
    patterns = _Patterns.of_rows((x - center) / scale, w)
    mean, covariance, iterations, converged = _em(patterns)
    return Moments(center + scale * mean, covariance * np.outer(scale, scale), iterations, converged)


def bootstrap_covariances(
    values: Floats, weights: ArrayLike | None = None, *, replicates: int, seed: int, fitted: Moments | None = None
) -> Floats:
    """Covariances (replicates, d, d) of samples of the rows drawn with replacement; arguments as for `moments`.

    Rows are dealt into at most 1,000 groups, which are drawn (as in `winback.stats.resampling`).
    """
    x, w = _checked(values, weights)
    groups, number = groups_of(np.arange(len(x)), seed=seed)
    draws = np.random.default_rng(seed).multinomial(number, np.full(number, 1.0 / number), size=replicates)
    d = x.shape[1]
    upper = np.triu_indices(d)
    fit = fitted or moments(x, w)
    if not np.isnan(x).any():
        away = x - fit.mean
        columns = np.hstack([np.ones((len(x), 1)), away, away[:, upper[0]] * away[:, upper[1]]]) * w[:, None]
        sums = draws @ _by_group(columns, groups, number)
        means = sums[:, 1 : d + 1] / sums[:, :1]
        squares = _square(sums[:, d + 1 :] / sums[:, :1], d)
        return np.asarray(squares - means[:, :, None] * means[:, None, :])
    scale = np.sqrt(np.maximum(np.diagonal(fit.covariance), 1e-300))
    patterns = _Patterns.of_rows((x - fit.mean) / scale, w)
    covariance = fit.covariance / np.outer(scale, scale)
    steps = _newton_steps(patterns, covariance, groups, number)  # (number, d + d(d+1)/2) moves of mean and covariance
    moved = (draws - 1.0) @ steps
    return np.asarray((covariance + _square(moved[:, d:], d)) * np.outer(scale, scale))


def _checked(values: Floats, weights: ArrayLike | None) -> tuple[Floats, Floats]:
    x = np.asarray(values, dtype=np.float64)
    w = np.ones(len(x)) if weights is None else np.asarray(weights, dtype=np.float64)
    if x.ndim != 2 or not len(x):
        raise ValueError(f"values have shape {x.shape}; they should be (rows, columns)")
    if np.isnan(x).all(axis=0).any():
        raise ValueError("a column has no value at all")
    return x, w


def _available(x: Floats, w: Floats) -> tuple[Floats, Floats]:
    """Means and standard deviations of what is there."""
    there = ~np.isnan(x)
    counted = (w[:, None] * there).sum(axis=0)
    center = (w[:, None] * np.where(there, x, 0.0)).sum(axis=0) / counted
    spread = (w[:, None] * np.where(there, x - center, 0.0) ** 2).sum(axis=0) / counted
    return center, np.where(spread > 0, np.sqrt(spread), 1.0)


@dataclass(frozen=True)
class _Patterns:
    """Rows with the same holes taken together: there (P, d), and each pattern's sums of weights, values and products.

    rows (N, d) has nought where a value is missing; of (N,) is the pattern of each row.
    """

    there: Bools
    weights: Floats
    sums: Floats
    products: Floats
    rows: Floats
    row_weights: Floats
    of: Integers

    @classmethod
    def of_rows(cls, x: Floats, w: Floats) -> _Patterns:
        here = ~np.isnan(x)
        there, of = np.unique(here, axis=0, return_inverse=True)
        of = np.asarray(of, dtype=np.int64).ravel()
        rows = np.where(here, x, 0.0)
        order = np.argsort(of, kind="stable")
        starts = np.searchsorted(of[order], np.arange(len(there)))
        heavy = rows[order] * w[order, None]
        products = np.empty((len(there), x.shape[1], x.shape[1]))
        ends = [*starts[1:], len(x)]
        for place, (first, last) in enumerate(zip(starts, ends, strict=True)):
            products[place] = heavy[first:last].T @ rows[order[first:last]]
        sums = np.add.reduceat(heavy, starts, axis=0)
        return cls(there, np.add.reduceat(w[order], starts), sums, products, rows, w, of)

    def chunks(self) -> Iterator[slice]:
        size = max(1, _AT_ONCE // self.there.shape[1] ** 2)
        for start in range(0, len(self.there), size):
            yield slice(start, start + size)

    def around(self, chunk: slice, mean: Floats) -> tuple[Floats, Floats]:
        """Sums (C, d) and products (C, d, d) of the values there, less the mean."""
        here, n = self.there[chunk], self.weights[chunk]
        middle = np.where(here, mean, 0.0)
        first = self.sums[chunk] - n[:, None] * middle
        cross = self.sums[chunk][:, :, None] * middle[:, None, :]
        second = self.products[chunk] - cross - cross.transpose(0, 2, 1)
        return first, second + n[:, None, None] * middle[:, :, None] * middle[:, None, :]

    def inverses(self, chunk: slice, covariance: Floats) -> Floats:
        """The inverse of each pattern's part of the covariance (C, d, d), nought where a value is missing."""
        here = self.there[chunk].astype(np.float64)
        both = here[:, :, None] * here[:, None, :]
        diagonal = (1.0 - here + _RIDGE)[:, :, None] * np.eye(here.shape[1])
        return np.asarray(np.linalg.inv(covariance * both + diagonal) * both)


def _em(patterns: _Patterns) -> tuple[Floats, Floats, int, bool]:
    """Mean, covariance, iterations and whether they came to rest, on columns of mean 0 and variance 1 or so."""
    d, total = patterns.there.shape[1], patterns.weights.sum()
    mean, covariance = np.zeros(d), np.eye(d)
    for iteration in range(1, _ITERATIONS + 1):
        shift, square = np.zeros(d), np.zeros((d, d))
        for chunk in patterns.chunks():
            fill = covariance @ patterns.inverses(chunk, covariance)  # from what is there to all
            first, second = patterns.around(chunk, mean)
            turned = fill.transpose(0, 2, 1)
            shift += (fill @ first[:, :, None]).sum(axis=0)[:, 0]
            square += (fill @ second @ turned).sum(axis=0)
            square += (patterns.weights[chunk][:, None, None] * (covariance - fill @ covariance)).sum(axis=0)
        shift, square = shift / total, square / total
        new = square - np.outer(shift, shift)
        new = (new + new.T) / 2.0
        moved = max(float(np.abs(shift).max()), float(np.abs(new - covariance).max()))
        mean, covariance = mean + shift, new
        if moved < _CLOSE:
            return mean, covariance, iteration, True
    return mean, covariance, _ITERATIONS, False


def _newton_steps(patterns: _Patterns, covariance: Floats, groups: Integers, number: int) -> Floats:
    """How far each group's rows, counted once more, move mean and covariance: inverse information times their scores.

    The values have mean 0 in the fitted model. A row with inverse G of its part of the covariance and r = G x has the
    scores r for the mean and (r r' - G) / 2 for the covariance; the information is the observed one.
    """
    d = len(covariance)
    upper = np.triu_indices(d)
    factor = np.where(upper[0] == upper[1], 0.5, 1.0)  # an entry off the diagonal stands twice in the matrix
    scores = np.zeros((number, d + len(factor)))
    of_mean, crossed, inner = np.zeros((d, d)), np.zeros((d, d * d)), np.zeros((d * d, d * d))
    zero = np.zeros(d)
    for chunk in patterns.chunks():
        g = patterns.inverses(chunk, covariance)
        first, second = patterns.around(chunk, zero)
        n = patterns.weights[chunk]
        of_mean += (n[:, None, None] * g).sum(axis=0)
        turned = (g @ first[:, :, None])[..., 0]
        flat = g.reshape(len(g), -1)
        crossed += (flat.T @ turned).reshape(d, d * d)
        kernel = g @ second @ g - 0.5 * n[:, None, None] * g
        inner += flat.T @ kernel.reshape(len(g), -1)
        mine = np.flatnonzero((patterns.of >= chunk.start) & (patterns.of < chunk.stop))
        at_once = max(1, _AT_ONCE // (d * d))
        for start in range(0, len(mine), at_once):
            rows = mine[start : start + at_once]
            which = patterns.of[rows] - chunk.start
            r = np.einsum("nij,nj->ni", g[which], patterns.rows[rows])
            parts = (r[:, upper[0]] * r[:, upper[1]] - g[which][:, upper[0], upper[1]]) * factor
            scores += _by_group(np.hstack([r, parts]) * patterns.row_weights[rows, None], groups[rows], number)
    information = _information(of_mean, crossed, inner, upper)
    return np.asarray(np.linalg.lstsq(information, scores.T, rcond=None)[0].T)


def _information(of_mean: Floats, crossed: Floats, inner: Floats, upper: tuple[Integers, Integers]) -> Floats:
    """Minus the second derivatives for the mean and the upper triangle of the covariance.

    For changes A and B of the covariance they are sum tr(A G B (G S G)) - n/2 tr(A G B G), S the products of the rows.
    """
    d, q = len(of_mean), len(upper[0])
    spread = np.zeros((d * d, q))
    spread[upper[0] * d + upper[1], np.arange(q)] = 1.0
    spread[upper[1] * d + upper[0], np.arange(q)] = 1.0
    # inner[(k, l), (m, j)] -> [(j, k), (l, m)]: tr(E_jk G E_lm K) = G_kl K_mj
    table = inner.reshape(d, d, d, d).transpose(3, 0, 1, 2).reshape(d * d, d * d)
    table = spread.T @ ((table + table.T) / 2.0) @ spread
    # a change u of the mean and E_jk of the covariance: u' G E_jk r = G_uj r_k
    mixed = crossed.reshape(d, d, d).reshape(d, d * d) @ spread
    return np.block([[of_mean, mixed], [mixed.T, table]])


def _by_group(columns: Floats, groups: Integers, number: int) -> Floats:
    """Sums (number, C) of the rows of each group."""
    sums = np.zeros((number, columns.shape[1]))
    np.add.at(sums, groups, columns)
    return sums


def _square(flat: Floats, d: int) -> Floats:
    """Upper triangles (B, d(d+1)/2) as symmetric matrices (B, d, d)."""
    upper = np.triu_indices(d)
    whole = np.zeros((len(flat), d, d))
    whole[:, upper[0], upper[1]] = flat
    whole[:, upper[1], upper[0]] = flat
    return whole
