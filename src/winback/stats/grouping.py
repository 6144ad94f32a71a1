"""Directions brought into groups whose number is found: neighbours drawn together, small groups joined, k by its yield.

Each direction is drawn towards its nearest neighbours six times (a diffusion over the neighbours' graph; of few directions
fewer neighbours are looked at, or each would be drawn to those of other groups: of the order of log n keep a graph in one
piece), many small groups are made by k-means, and Ward's method joins these. The number of groups is the smallest whose stability
(adjusted Rand index of groups found in halves) times coherence (mean cosine to the centre) is within noise of the best, and
may be one; it is not above twice the square root of n, as where comments are much alike (a form's phrases, machine-made texts) coherence
would else go on rising until each phrase were a group of its own; nor above a hundred, as nobody reads a longer list.

References: J. Ward, JASA 58, 1963; K. Mardia, J. Kent and J. Bibby, "Multivariate Analysis", 1979, 13.2 (k of the order of the
square root of n); M. Brito and others, "Connectivity of the mutual k-nearest-neighbor graph", Statistics & Probability
Letters 35, 1997; R. Tibshirani and G. Walther, "Cluster validation by prediction strength", JCGS 14, 2005.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

NEIGHBOURS, STEPS, DRAW = 15, 6, 0.8  # neighbours at most
MOST = 20_000  # directions grouped; further ones join the nearest group
SMALL = 1_000  # small groups, at most
EACH, FEW = (
    6,
    200,
)  # directions of a small group on average, at least; of fewer groups than FEW two, or little could be parted
LONGEST = 100  # groups that are found, unless more are asked for
HALVES = 3
NEAR = 0.02  # how near to the best yield is within noise


@dataclass(frozen=True)
class Groups:
    """labels: (n,) group of each direction. centres: (k, d) of unit length. stability: at the chosen k, None if unknown."""

    labels: Integers
    centres: Floats
    stability: float | None


def group(rows: Floats, *, number: int | None = None, smallest: int = 5, seed: int = 0) -> Groups:
    """Group rows of unit length, centred or not. `number` of groups is found unless given."""
    n = len(rows)
    if (n < 2 * smallest and number is None) or n < 2:
        return Groups(np.zeros(n, dtype=np.int64), _centres(rows, np.zeros(n, dtype=np.int64)), None)
    rng = np.random.default_rng(seed)
    chosen = np.arange(n) if n <= MOST else np.sort(rng.choice(n, MOST, replace=False))
    drawn = diffused(rows[chosen])
    least = number or 2
    parts = _Parts.of(drawn, rng, least)
    halves = []
    for _ in range(HALVES):
        half = np.sort(rng.choice(len(drawn), len(drawn) // 2, replace=False))
        halves.append((half, _Parts.of(drawn[half], rng, least)))
    most = max(2, min(len(drawn) // (2 * smallest), round(2 * len(drawn) ** 0.5), LONGEST))
    most = min(len(parts.sizes) - 1, most)
    if number is not None:
        tried = [min(number, len(parts.sizes))]
    else:
        steps = {round(3 * 2 ** (step / 2)) for step in range(18)} & set(range(most + 1))
        tried = [1, *(sorted(steps) or [2])]
    found = []
    for k in tried:
        labels = refined(drawn, parts.cut(k))
        again = [
            (drawn @ _centres(drawn[half], refined(drawn[half], other.cut(min(k, len(other.sizes))))).T).argmax(axis=1)
            for half, other in halves
        ]
        stable = float(np.mean([rand_index(a, b) for a, b in combinations(again, 2)]))
        coherent = float((drawn * _centres(drawn, labels)[labels]).sum(axis=1).mean())
        found.append((k, stable * coherent, stable, labels))
    best = max(one[1] for one in found)
    _, _, stable, labels = next(one for one in found if one[1] >= best - NEAR)
    centres = _centres(rows[chosen], labels)
    if len(chosen) < n:
        whole = nearest(rows, centres)
        whole[chosen] = labels
        labels = whole
    return Groups(labels, centres, stable)


def diffused(rows: Floats) -> Floats:
    """Rows drawn towards their nearest neighbours."""
    from scipy.sparse import csr_matrix

    n = len(rows)
    k = min(NEIGHBOURS, math.ceil(2 * math.log(max(n, 2))), n - 1)
    near, like = np.zeros((n, k), dtype=np.int64), np.zeros((n, k), dtype=np.float32)
    for start in range(0, n, 1024):
        block = rows[start : start + 1024] @ rows.T
        block[np.arange(len(block)), np.arange(start, start + len(block))] = -2
        near[start : start + 1024] = np.argpartition(-block, k - 1, axis=1)[:, :k]
        like[start : start + 1024] = np.take_along_axis(block, near[start : start + 1024], axis=1)
    weight = np.maximum(like, 1e-6) ** 2
    weight /= weight.sum(axis=1, keepdims=True)
    graph = csr_matrix((weight.ravel(), near.ravel(), np.arange(0, n * k + 1, k)), shape=(n, n))
    drawn = rows
    for _ in range(STEPS):
        drawn = _unit((1 - DRAW) * rows + DRAW * (graph @ drawn))
    return drawn


def small_groups(rows: Floats, rng: np.random.Generator, *, most: int) -> Floats:
    """Middles of small groups of rows, of unit length; at most so many, of six rows on average at least."""
    return _centres(rows, _Parts.labelled(rows, rng, min(most, max(2, len(rows) // EACH))))


def nearest(rows: Floats, centres: Floats) -> Integers:
    """The nearest centre of each row."""
    parts = [(rows[at : at + 8192] @ centres.T).argmax(axis=1) for at in range(0, len(rows), 8192)]
    return np.concatenate(parts).astype(np.int64) if parts else np.zeros(0, dtype=np.int64)


def refined(rows: Floats, labels: Integers, rounds: int = 3) -> Integers:
    """Each row moved to the group whose centre is nearest, a few times over."""
    for _ in range(rounds):
        moved = np.unique(nearest(rows, _centres(rows, labels)), return_inverse=True)[1]
        if len(moved) == len(labels) and (moved == labels).all():
            break
        labels = moved
    return labels


def rand_index(a: Any, b: Any) -> float:
    """Adjusted Rand index of two groupings of the same rows (Hubert and Arabie 1985)."""
    first, second = (np.unique(one, return_inverse=True)[1] for one in (a, b))
    table = np.bincount(first * (second.max() + 1) + second).astype(np.float64)

    def pairs(counts: NDArray[Any]) -> float:
        return float((counts * (counts - 1)).sum() / 2)

    both, rows, columns = pairs(table), pairs(np.bincount(first)), pairs(np.bincount(second))
    expected = rows * columns / max(len(first) * (len(first) - 1) / 2, 1)
    top = (rows + columns) / 2
    return 1.0 if top == expected else (both - expected) / (top - expected)


@dataclass(frozen=True)
class _Parts:
    """Small groups, and the order in which Ward's method joins them."""

    labels: Integers
    sizes: Integers
    joins: list[tuple[int, int]]

    @classmethod
    def of(cls, rows: Floats, rng: np.random.Generator, least: int) -> _Parts:
        labels = cls.labelled(rows, rng, SMALL, least)
        sizes = np.bincount(labels)
        means = _sums(rows, labels) / sizes[:, None]
        return cls(labels, sizes, joined(means, sizes))

    @staticmethod
    def labelled(rows: Floats, rng: np.random.Generator, most: int, least: int = 2) -> Integers:
        number = min(len(rows), max(least, min(most, max(len(rows) // EACH, min(FEW, len(rows) // 2)))))
        centres = rows[np.sort(rng.choice(len(rows), number, replace=False))]
        for _ in range(6):
            labels = np.unique(nearest(rows, centres), return_inverse=True)[1].astype(np.int64)
            centres = _centres(rows, labels)
        return np.unique(nearest(rows, centres), return_inverse=True)[1].astype(np.int64)

    def cut(self, k: int) -> Integers:
        """Labels of the rows when k groups are left."""
        leader = np.arange(len(self.sizes))
        for first, second in self.joins[: max(0, len(self.sizes) - k)]:
            leader[leader == second] = first
        return np.unique(leader[self.labels], return_inverse=True)[1].astype(np.int64)


def joined(means: NDArray[Any], sizes: NDArray[Any]) -> list[tuple[int, int]]:
    """Ward's joins of groups with these means and sizes, in order; the second of a pair goes into the first."""
    size, means = sizes.astype(np.float64), means.astype(np.float64)
    square = (means**2).sum(axis=1)
    cost = np.maximum(square[:, None] + square[None] - 2 * means @ means.T, 0)
    cost *= size[:, None] * size[None] / (size[:, None] + size[None])
    np.fill_diagonal(cost, np.inf)
    near, least = cost.argmin(axis=1), cost.min(axis=1)
    alive, joins = np.ones(len(size), dtype=bool), []
    for _ in range(len(size) - 1):
        one = int(least.argmin())
        first, second = sorted((one, int(near[one])))
        joins.append((first, second))
        a, b = size[first], size[second]
        new = ((a + size) * cost[first] + (b + size) * cost[second] - size * cost[first, second]) / (a + b + size)
        alive[second] = False
        new[~alive] = np.inf
        new[first] = np.inf
        cost[first], cost[:, first] = new, new
        cost[second], cost[:, second] = np.inf, np.inf
        size[first], least[second] = a + b, np.inf
        stale = np.flatnonzero(alive & ((near == first) | (near == second)))
        stale = np.union1d(stale, [first])
        near[stale], least[stale] = cost[stale].argmin(axis=1), cost[stale].min(axis=1)
        closer = np.flatnonzero(alive & (cost[:, first] < least))
        near[closer], least[closer] = first, cost[closer, first]
    return joins


def _sums(rows: Floats, labels: Integers) -> NDArray[Any]:
    from scipy.sparse import csr_matrix

    n = len(rows)
    member = csr_matrix(
        (np.ones(n, dtype=np.float32), (labels, np.arange(n))), shape=(int(labels.max(initial=0)) + 1, n)
    )
    return np.asarray(member @ rows)


def _centres(rows: Floats, labels: Integers) -> Floats:
    return _unit(_sums(rows, labels))


def _unit(rows: NDArray[Any]) -> Floats:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(length, 1e-9), dtype=np.float32)
