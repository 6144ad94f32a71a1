"""Learn themes from a few hundred comments that people have coded; a comment may have several.

Two witnesses are heard: kernel ridge regression over meaning, and over spelling, each one linear system for all themes. A
theme's own name counts as a comment, which is much where a theme was seen twice. What they say of each comment coded, as if
it had not been learned from (closed form), teaches one logistic regression for all pairs of comment and theme how likely
the theme is (stacking): from both scores, how far each is ahead of the other themes, how like the theme's name the comment
is, and how many examples there are. From these chances follows the one from which on a theme is given: where the F1 that
they let expect is best, drawn to what holds for themes of as many examples where examples are few.

References: G. Wahba, "Spline Models for Observational Data", 1990 (leaving one out); D. Wolpert, Neural Networks 5, 1992
(stacking); Z. Lipton and others, ECML 2014 (F1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winback.stats.chances import FEWEST, FORGIVEN, Chances, forgiven, limits

RIDGE, SPELLING, NAME = 0.2, 0.3, 1.0
STRANGER = 0.3  # the score from which on a theme is given, where codings are too few to tell
MOST = 5_000  # comments learned from: the last ones

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Learned:
    """What was learned: the chances of other comments, and the chance from which on each theme is given.

    forgiven: as `chances.forgiven`. apart: how alike its nearest each comment learned from is, from the least alike on. elsewhere: where comments come in
    groups, how often a comment's theme is told right from those of other groups alone; None where it is not known.
    """

    thresholds: Floats
    forgiven: float
    apart: Floats
    elsewhere: float | None
    _rows: NDArray[np.float32]
    _weights: tuple[Floats, Floats]
    _rates: Floats
    _spelled: Any
    _words: tuple[Any, Any]
    _chances: Chances | None

    def scores(self, texts: Sequence[str], rows: NDArray[np.float32]) -> Floats:
        """(texts, themes): the chance that the theme is named."""
        return self.read(texts, rows)[0]

    def read(self, texts: Sequence[str], rows: NDArray[np.float32]) -> tuple[Floats, Floats]:
        """Scores, and how alike each text is to the nearest that was learned from, 0 to 1."""
        themes = len(self.thresholds)
        found, alike = np.zeros((len(texts), themes)), np.zeros(len(texts))
        for at in range(0, len(texts), 4096):
            near = rows[at : at + 4096] @ self._rows.T
            spelled = (_spelling(self._words, texts[at : at + 4096]) @ self._spelled.T).toarray()
            told = [kernel @ one + self._rates for kernel, one in zip((near, spelled), self._weights, strict=True)]
            found[at : at + 4096] = _chances(self._chances, told, near[:, near.shape[1] - themes :])
            alike[at : at + 4096] = ((1 - SPELLING) * near + SPELLING * spelled).max(axis=1, initial=0.0)
        return found, alike


def learn(
    texts: Sequence[str], rows: NDArray[np.float32], named: NDArray[np.bool_], names: Sequence[str], name_rows: NDArray[np.float32],
    counts: NDArray[np.float64] | None = None, groups: NDArray[np.int64] | None = None,
) -> Learned:  # fmt: skip
    """Learn from coded comments. rows: (n, d) directions; named: (n, themes); names and name_rows: of the themes.

    counts: how many comments each name counts as, NAME unless given.
    groups: the group of each comment, by which `elsewhere` is told.
    """
    texts, rows, named = list(texts)[-MOST:], rows[-MOST:], named[-MOST:]
    everything = [*texts, *names]
    words = _words(everything)
    spelled = _spelling(words, everything)
    stacked = np.vstack([rows, name_rows])
    near, like = (stacked @ stacked.T).astype(np.float64), (spelled @ spelled.T).toarray().astype(np.float64)
    n, themes = named.shape
    rates = named.mean(axis=0) if n else np.full(themes, 1 / max(themes, 1))
    goal = np.vstack([named.astype(np.float64), np.eye(themes)]) - rates
    ridge = np.diag(RIDGE / np.r_[np.ones(n), np.full(themes, NAME) if counts is None else counts])
    weights, left_out, elsewhere = [], [], None
    for kernel in (near, like):
        inverse = np.linalg.inv(kernel + ridge)
        weights.append(inverse @ goal)
        left_out.append((goal - weights[-1] / np.diag(inverse)[:, None] + rates)[:n])
        if groups is not None and elsewhere is None:
            elsewhere = _elsewhere(inverse, weights[-1], goal + rates, named, groups[-MOST:])
    chances = Chances.of(left_out, near[:n, n:], named) if named.sum() >= FEWEST else None
    found, share = np.full(themes, STRANGER), FORGIVEN[-1]
    if chances is not None:
        examples, told = named.sum(axis=0), chances(left_out, near[:n, n:])
        found = np.where(examples > 0, limits(told, examples), STRANGER)
        share = forgiven(told, found, named)
    both = (1 - SPELLING) * near + SPELLING * like - 2 * np.eye(len(near))
    apart = np.sort(both[:n].max(axis=1)) if n and len(near) > 1 else np.zeros(0)
    return Learned(found, share, apart, elsewhere, stacked, (weights[0], weights[1]), rates, spelled, words, chances)


def _chances(by: Chances | None, told: Sequence[Floats], like_name: NDArray[Any]) -> Floats:
    """By what was learned of the two scores; of themes that nobody coded yet their mean."""
    mean = np.asarray((1 - SPELLING) * told[0] + SPELLING * told[1])
    return mean if by is None else np.where(by.examples > 0, by(told, like_name), mean)


def _elsewhere(
    inverse: Floats, weights: Floats, goal: Floats, named: NDArray[np.bool_], groups: NDArray[np.int64]
) -> float | None:
    """The share of comments whose best theme is right when their whole group was not learned from (closed form)."""
    right, told = 0, 0
    for one in np.unique(groups):
        at = np.flatnonzero((groups == one) & named.any(axis=1))
        if len(at):
            scores = goal[at] - np.linalg.solve(inverse[np.ix_(at, at)], weights[at])
            right += int(named[at, scores.argmax(axis=1)].sum())
            told += len(at)
    return right / told if told else None


def _words(texts: Sequence[str]) -> tuple[Any, Any]:
    """Words and pairs of them, and parts of words, by how telling they are in these texts."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    words = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), dtype=np.float32)
    parts = TfidfVectorizer(sublinear_tf=True, analyzer="char_wb", ngram_range=(3, 5), dtype=np.float32)
    words.fit(texts if any(any(c.isalnum() for c in text) for text in texts) else [*texts, "none"])
    return words, parts.fit(texts)


def _spelling(words: tuple[Any, Any], texts: Sequence[str]) -> Any:
    from scipy.sparse import hstack

    return hstack([one.transform(texts) for one in words], format="csr") * np.float32(np.sqrt(0.5))
