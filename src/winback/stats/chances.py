"""From scores to chances: how likely it is that a comment names a theme, where several scores speak for it.

One logistic regression for all pairs of comment and theme together. A pair is described by each score, the score times the
number of the theme's examples (logarithm), how far it is ahead of the other themes' scores, how like the theme's name the
comment is, and the number of examples. So a theme seen twice is judged by what holds for themes seen seldom.

References: D. Wolpert, "Stacked Generalization", Neural Networks 5, 1992; Z. Lipton, C. Elkan and B. Naryanaswamy,
"Optimal Thresholding of Classifiers to Maximize F1 Measure", ECML 2014.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FEWEST = 10  # themes named in coded comments, below which nothing can be told
FORGIVEN = (1.0, 0.75, 0.5)  # of its limit, that the likeliest theme may have where none reaches its own
STEADY = 5.0  # examples that what holds for themes of as many examples counts as
PAIRS = 400_000  # of comment and theme that are learned from, at most

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Chances:
    """Turns scores into chances. examples: (themes,) how many each theme has."""

    examples: NDArray[np.int64]
    _middle: Floats
    _spread: Floats
    _slope: Floats
    _level: float

    @classmethod
    def of(cls, scores: Sequence[Floats], like_name: NDArray[Any], named: NDArray[np.bool_]) -> Chances:
        """scores: each (n, themes), of comments as if they had not been learned from. named: what people found in them."""
        from sklearn.linear_model import LogisticRegression

        examples = named.sum(axis=0)
        last = max(1, PAIRS // max(named.shape[1], 1))
        known = np.broadcast_to(examples > 0, named[-last:].shape).ravel()  # of the others nothing is learned
        told = _told([one[-last:] for one in scores], like_name[-last:], examples)[known]
        goal = named[-last:].ravel()[known]
        middle, spread = told.mean(axis=0), np.maximum(told.std(axis=0), 1e-9)
        if goal.all() or not goal.any():
            return cls(examples, middle, spread, np.zeros(told.shape[1]), float(np.log((goal.sum() + 1) / (len(goal) - goal.sum() + 1))))  # fmt: skip
        fitted = LogisticRegression(max_iter=500).fit((told - middle) / spread, goal)
        return cls(examples, middle, spread, fitted.coef_[0], float(fitted.intercept_[0]))

    def __call__(self, scores: Sequence[Floats], like_name: NDArray[Any]) -> Floats:
        """(n, themes) chances."""
        found = ((_told(scores, like_name, self.examples) - self._middle) / self._spread) @ self._slope + self._level
        return np.asarray(1 / (1 + np.exp(-np.clip(found, -30, 30)))).reshape(-1, len(self.examples))


def forgiven(chances: Floats, least: Floats, named: NDArray[np.bool_]) -> float:
    """Of its limit, from which on the likeliest theme of a comment is given where none reaches its own; 1 where none is.

    chances: (n, themes) of coded comments as if they had not been learned from; least: (themes,) limits. What makes the
    F1 over all these comments best: where most that fits no theme has none, the likeliest would mostly be wrong.
    """
    given = chances >= least
    none = np.flatnonzero(~given.any(axis=1))
    best = chances[none].argmax(axis=1)
    near = chances[none, best] / np.maximum(least[best], 1e-9)
    told, right = int(given.sum()), int((given & named).sum())

    def f1(share: float) -> float:
        more = near >= share
        hits = right + int(named[none[more], best[more]].sum())
        return 2 * hits / max(told + int(more.sum()) + int(named.sum()), 1)

    return max(FORGIVEN, key=lambda share: (f1(share), share))


def limits(chances: Floats, examples: NDArray[np.int64]) -> Floats:
    """(themes,) the chance from which on giving a theme makes the F1 that these chances let expect best."""
    order = -np.sort(-chances, axis=0)
    f1 = 2 * np.cumsum(order, axis=0) / (np.arange(1, len(order) + 1)[:, None] + order.sum(axis=0))
    best = f1.argmax(axis=0)
    each = np.arange(chances.shape[1])
    following = np.where(best + 1 < len(order), order[np.minimum(best + 1, len(order) - 1), each], 0)
    found = np.log(np.maximum((order[best, each] + following) / 2, 1e-9))
    # Over themes with examples a line in the logarithm of their examples: where a theme has few, its own best is chance.
    weight = np.where(examples > 0, examples + 1.0, 0)
    about = np.log1p(examples)
    about = about - np.average(about, weights=weight)
    level = np.average(found, weights=weight)
    slope = (weight * about * (found - level)).sum() / max((weight * about**2).sum(), 1e-9)
    usual = np.exp(level + slope * about)
    return np.asarray((examples * np.exp(found) + STEADY * usual) / (examples + STEADY))


def _told(scores: Sequence[Floats], like_name: NDArray[Any], examples: NDArray[np.int64]) -> Floats:
    """(n times themes, what is told of a pair)."""
    many = np.broadcast_to(np.log1p(examples), like_name.shape)
    told = [many, like_name, like_name - like_name.max(axis=1, keepdims=True)]
    for one in scores:
        told += [one, one * many, _ahead(one)]
    return np.stack([one.ravel() for one in told], axis=1)


def _ahead(scores: Floats) -> Floats:
    """How far each is ahead of the best of the others; below 0 where it is behind."""
    if scores.shape[1] < 2:
        return np.zeros_like(scores)
    two = np.partition(scores, scores.shape[1] - 2, axis=1)[:, -2:]
    return np.asarray(scores - np.where(scores >= two[:, 1:], two[:, :1], two[:, 1:]))
