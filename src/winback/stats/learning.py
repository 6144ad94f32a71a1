"""Learn themes from a few hundred comments that people have coded; a comment may have several.

Kernel ridge regression over meaning and spelling at once: one linear system for all themes. A theme's own name counts as
half a comment, which is much where a theme was seen twice. Comments of rare themes count more than those of frequent ones
(by the root of how often), so that what is named most does not swallow the rest. The score above which a theme is given is
chosen by scores of each comment as if it had not been learned from (closed form), drawn to that of all themes where examples
are few.

References: G. Wahba, "Spline Models for Observational Data", 1990 (leaving one out); Z. Lipton and others, ECML 2014 (F1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

RIDGE, SPELLING, NAME = 0.2, 0.3, 0.5
STEADY = 5.0  # examples that the common threshold counts as
GRID = np.linspace(0.05, 0.6, 45)
MOST = 5_000  # comments learned from: the last ones


@dataclass(frozen=True)
class Learned:
    """What was learned: the scores of other comments, and the threshold of each theme.

    apart: how alike its nearest each comment learned from is, from the least alike on. elsewhere: where comments come in groups, how often a comment's theme is told right from those of other groups alone;
    None where it is not known.
    """

    thresholds: NDArray[np.float64]
    apart: NDArray[np.float64]
    elsewhere: float | None
    _rows: NDArray[np.float32]
    _weights: NDArray[np.float64]
    _rates: NDArray[np.float64]
    _spelled: Any
    _words: tuple[Any, Any]

    def scores(self, texts: Sequence[str], rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """(texts, themes); about the chance that the theme is named, where examples are many."""
        return self.read(texts, rows)[0]

    def read(self, texts: Sequence[str], rows: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Scores, and how alike each text is to the nearest that was learned from, 0 to 1."""
        found, alike = np.zeros((len(texts), len(self.thresholds))), np.zeros(len(texts))
        for at in range(0, len(texts), 4096):
            kernel = (1 - SPELLING) * rows[at : at + 4096] @ self._rows.T
            kernel = kernel + SPELLING * (_spelling(self._words, texts[at : at + 4096]) @ self._spelled.T).toarray()
            found[at : at + 4096] = kernel @ self._weights + self._rates
            alike[at : at + 4096] = kernel.max(axis=1, initial=0.0)
        return found, alike


def learn(
    texts: Sequence[str], rows: NDArray[np.float32], named: NDArray[np.bool_], names: Sequence[str], name_rows: NDArray[np.float32],
    counts: NDArray[np.float64] | None = None, groups: NDArray[np.int64] | None = None,
) -> Learned:  # fmt: skip
    """Learn from coded comments. rows: (n, d) directions; named: (n, themes); names and name_rows: of the themes.

    counts: how many comments each name counts as, NAME unless given.
    groups: the group of each comment, by which `elsewhere` is told.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts, rows, named = list(texts)[-MOST:], rows[-MOST:], named[-MOST:]
    everything = [*texts, *names]
    words = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), dtype=np.float32)
    parts = TfidfVectorizer(sublinear_tf=True, analyzer="char_wb", ngram_range=(3, 5), dtype=np.float32)
    words.fit(everything if any(any(c.isalnum() for c in text) for text in everything) else [*everything, "none"])
    parts.fit(everything)
    spelled = _spelling((words, parts), everything)
    stacked = np.vstack([rows, name_rows])
    kernel = (1 - SPELLING) * stacked @ stacked.T + SPELLING * (spelled @ spelled.T).toarray()
    n, themes = named.shape
    rates = named.mean(axis=0) if n else np.full(themes, 1 / max(themes, 1))
    goal = np.vstack([named.astype(np.float64), np.eye(themes)]) - rates
    ridge = RIDGE / np.r_[_importance(named), np.full(themes, NAME) if counts is None else counts]
    inverse = np.linalg.inv(kernel.astype(np.float64) + np.diag(ridge))
    weights = inverse @ goal
    left_out = (goal - weights / np.diag(inverse)[:, None] + rates)[:n]
    elsewhere = None if groups is None else _elsewhere(inverse, weights, goal + rates, named, groups[-MOST:])
    others = (kernel - 2 * np.eye(len(kernel)))[:n]
    apart = np.sort(others.max(axis=1)) if n and len(kernel) > 1 else np.zeros(0)
    return Learned(_thresholds(left_out, named), apart, elsewhere, stacked, weights, rates, spelled, (words, parts))


def _elsewhere(
    inverse: NDArray[np.float64], weights: NDArray[np.float64], goal: NDArray[np.float64], named: NDArray[np.bool_],
    groups: NDArray[np.int64],
) -> float | None:  # fmt: skip
    """The share of comments whose best theme is right when their whole group was not learned from (closed form)."""
    right, told = 0, 0
    for one in np.unique(groups):
        at = np.flatnonzero((groups == one) & named.any(axis=1))
        if len(at):
            scores = goal[at] - np.linalg.solve(inverse[np.ix_(at, at)], weights[at])
            right += int(named[at, scores.argmax(axis=1)].sum())
            told += len(at)
    return right / told if told else None


def _importance(named: NDArray[np.bool_]) -> NDArray[np.float64]:
    """What each comment counts, 1 on average: the rarer its themes, the more."""
    rare = named / np.sqrt(np.maximum(named.sum(axis=0), 1))
    each = rare.sum(axis=1) / np.maximum(named.sum(axis=1), 1)
    given = each[each > 0]
    return np.where(each > 0, each / given.mean(), 1.0) if len(given) else np.ones(len(named))


def _thresholds(scores: NDArray[np.float64], named: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Where each theme's F1 is best, steadied by the mean over themes."""
    examples = named.sum(axis=0)
    if not examples.any():
        return np.full(named.shape[1], 0.3)
    f1 = np.zeros((named.shape[1], len(GRID)))
    for place, score in enumerate(GRID):
        given = scores >= score
        f1[:, place] = 2 * (given & named).sum(axis=0) / np.maximum(given.sum(axis=0) + examples, 1)
    mean = f1[examples > 0].mean(axis=0)
    steadied = (examples[:, None] * f1 + STEADY * mean) / (examples[:, None] + STEADY)
    best = steadied >= steadied.max(axis=1, keepdims=True) - 1e-12
    # Where a stretch of scores does equally well, its middle: the edge would be as near to a mistake as can be.
    return np.asarray([GRID[round(float(np.flatnonzero(row).mean()))] for row in best], dtype=np.float64)


def _spelling(words: tuple[Any, Any], texts: Sequence[str]) -> Any:
    from scipy.sparse import hstack

    return hstack([one.transform(texts) for one in words], format="csr") * np.float32(np.sqrt(0.5))
