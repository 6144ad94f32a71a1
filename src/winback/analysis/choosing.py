"""Which themes each comment names, and which of its clauses tells each most: by the scores of all comments at once."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

FURTHER = 0.15  # how far behind the first a further theme of the same comment may be
MOST = 3  # themes of a comment, where they are told by the themes found

Places = NDArray[np.int64]


class Given(NamedTuple):
    """Themes named, an entry each, by comment and then the main one first: places of comment and theme, rank from 1."""

    comments: Places
    themes: Places
    ranks: Places


def by_found(scores: NDArray[Any], preferred: NDArray[Any], limits: NDArray[Any], several: NDArray[np.bool_]) -> Given:
    """(comments, themes) scores: the preferred theme of those that reach their limits, and what is hardly behind.

    several: of which comments more themes than one may be given.
    """
    each = np.arange(len(scores))
    first = np.where(scores >= limits, preferred, -2.0).argmax(axis=1)
    named = scores[each, first] >= limits[first]
    chosen = np.full((len(scores), MOST + 1), -1)
    chosen[named, 0] = first[named]
    further = np.flatnonzero(named & several)
    left = scores[further]
    at = np.arange(len(further))
    least = np.maximum(limits, left.max(axis=1, initial=-np.inf).astype(np.float64)[:, None] - FURTHER)
    for place in range(1, min(MOST, left.shape[1]) + 1):
        next_best = left.argmax(axis=1)
        fits = (left[at, next_best] >= least[at, next_best]) & (next_best != first[further])
        chosen[further[fits], place] = next_best[fits]
        left[at, next_best] = -np.inf
    comments, places = np.nonzero(chosen >= 0)
    ranks = _ranks(comments)
    kept = ranks <= MOST
    return Given(comments[kept], chosen[comments, places][kept], ranks[kept])


def by_chances(scores: NDArray[Any], limits: NDArray[Any], *, forgiven: float = 1.0) -> Given:
    """(comments, themes) chances: every theme that reaches its limit; where none does the likeliest, from this share of it."""
    named = scores >= limits
    if forgiven < 1:
        none = np.flatnonzero(~named.any(axis=1))
        best = scores[none].argmax(axis=1)
        fits = scores[none, best] >= forgiven * limits[best]
        named[none[fits], best[fits]] = True
    comments, themes = np.nonzero(named)
    order = np.lexsort((themes, -scores[comments, themes], comments))
    return Given(comments, themes[order], _ranks(comments))


def most_telling(given: Given, scores: NDArray[Any], clauses: Places, first: Places, number: Places) -> Places:
    """Which of its comment's clauses tells each theme given most, from 0; the first where several do.

    scores: (texts, themes). clauses: the text of each clause, a comment's beside each other. first, number: (comments,) the
    place of a comment's first clause among them, and how many it has.
    """
    number = number[given.comments]
    ends = np.cumsum(number)
    starts = ends - number
    within = np.arange(int(number.sum())) - np.repeat(starts, number)
    if not len(within):
        return within
    told = scores[clauses[within + np.repeat(first[given.comments], number)], np.repeat(given.themes, number)]
    best = np.flatnonzero(told == np.repeat(np.maximum.reduceat(told, starts), number))
    entries = np.repeat(np.arange(len(number)), number)[best]
    return np.asarray(within[best[np.flatnonzero(np.diff(entries, prepend=-1))]])


def _ranks(comments: Places) -> Places:
    """The place of each entry among those of its comment, from 1; they stand beside each other."""
    starts = np.flatnonzero(np.diff(comments, prepend=-1))
    return np.arange(len(comments)) - np.repeat(starts, np.diff(np.r_[starts, len(comments)])) + 1
