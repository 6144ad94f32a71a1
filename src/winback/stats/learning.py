"""Learn themes from a few hundred comments that people have coded; a comment may have several.

Kernel ridge regression over meaning and spelling at once: one linear system for all themes. A theme's own name counts as
half a comment, which is much where a theme was seen twice. The score above which a theme is given is chosen by scores of
each comment as if it had not been learned from (closed form), drawn to that of all themes where examples are few.

References: G. Wahba, "Spline Models for Observational Data", 1990 (leaving one out); Z. Lipton and others, ECML 2014 (F1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

RIDGE, SPELLING, NAME = 0.2, 0.4, 0.5
STEADY = 5.0  # examples that the common threshold counts as
GRID = np.linspace(0.05, 0.6, 45)
MOST = 5_000  # comments learned from: the last ones


@dataclass(frozen=True)
class Learned:
    """What was learned: the scores of other comments, and the threshold of each theme."""

    thresholds: NDArray[np.float64]
    _rows: NDArray[np.float32]
    _weights: NDArray[np.float64]
    _rates: NDArray[np.float64]
    _spelled: Any
    _words: tuple[Any, Any]

    def scores(self, texts: Sequence[str], rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """(texts, themes); about the chance that the theme is named, where examples are many."""
        found = np.zeros((len(texts), len(self.thresholds)))
        for at in range(0, len(texts), 4096):
            kernel = (1 - SPELLING) * rows[at : at + 4096] @ self._rows.T
            kernel = kernel + SPELLING * (_spelling(self._words, texts[at : at + 4096]) @ self._spelled.T).toarray()
            found[at : at + 4096] = kernel @ self._weights + self._rates
        return found


def learn(
    texts: Sequence[str], rows: NDArray[np.float32], named: NDArray[np.bool_], names: Sequence[str], name_rows: NDArray[np.float32],
) -> Learned:  # fmt: skip
    """Learn from coded comments. rows: (n, d) directions; named: (n, themes); names and name_rows: of the themes."""
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
    ridge = RIDGE / np.r_[np.ones(n), np.full(themes, NAME)]
    inverse = np.linalg.inv(kernel.astype(np.float64) + np.diag(ridge))
    weights = inverse @ goal
    left_out = (goal - weights / np.diag(inverse)[:, None] + rates)[:n]
    return Learned(_thresholds(left_out, named), stacked, weights, rates, spelled, (words, parts))


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
