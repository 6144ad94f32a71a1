"""Names of themes: the phrases that tell them, in customers' words, each theme by another one.

A phrase is worth what it tells of its theme: the share of the theme's comments that hold its words, times the log of how
much rarer they are elsewhere, in all comments and in the theme they are most frequent in next. It is worth more the more
often its words stand together, and the nearer its vector lies to the middle of the theme. One word alone says less to a
reader than two. Further ones follow where the first is one word, leaves out most of the theme, or is a part of what
another theme is called; they are unlike it, and add other comments. Nothing is invented: every phrase stands in a comment.

References: T. Tomokiyo and M. Hurst, "A Language Model Approach to Keyphrase Extraction", ACL workshop on multiword
expressions 2003; Q. Mei, X. Shen and C. Zhai, "Automatic Labeling of Multinomial Topic Models", KDD 2007; J. Carbonell and
J. Goldstein, "The Use of MMR", SIGIR 1998 (unlike what was chosen).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winback.text.phrases import Parts, bare, candidates, phrases_of
from winback.text.reading import Said

Floats = NDArray[np.float32]

LOOKED = 60  # phrases of a group that are weighed, and
NEARED = 20  # the best of them whose nearness is looked at
WORTH = (0.4, 1.0, 1.2)  # of one, two and three words to a reader
LONGER = 1 / 3  # share of a word's comments from which on a phrase with it is the better name
MOST = 0.5  # share of a theme's comments that a phrase tells alone
SECOND = 0.25  # of the first phrase's worth that makes a second
SAME = 0.75  # cosine of two phrases from which on the second says nothing more
LEAST = 0.05  # nearness of what points away from the middle


@dataclass(frozen=True)
class _Phrase:
    parts: Parts
    said: str
    share: float  # of the group's texts that hold its words
    worth: float
    texts: frozenset[int]  # all that hold them
    row: Floats


def names(
    said: Sequence[Said], centres: Floats, vectors: Callable[[list[str]], Floats], *, taken: Collection[str] = ()
) -> list[tuple[str, ...]]:
    """One to three phrases for each of the groups that `centres` (groups, d) are the middles of; none where nothing tells.

    said: these groups, and behind them further texts that they are told from. vectors: rows of unit length for phrases.
    taken: names that other themes have.
    """
    weighed = _weighed(said, len(centres))
    rows = vectors([phrase.said for found in weighed for phrase in found]) if any(weighed) else centres
    at = 0
    found = []
    for group, centre in zip(weighed, centres, strict=True):
        near = [
            _Phrase(one.parts, one.said, one.share, one.worth * max(float(row @ centre), LEAST), one.texts, row)
            for one, row in zip(group, rows[at : at + len(group)], strict=True)
        ]
        at += len(group)
        found.append(sorted(near, key=lambda one: (-one.worth, one.said)))
    return _chosen(found, {name.casefold() for name in taken})


def name_of(phrases: Sequence[str]) -> str:
    """A name of these phrases, three at most."""
    name = ", ".join(phrases[:3])
    return name[:1].upper() + name[1:] if name else "Without telling words"


def _weighed(said: Sequence[Said], number: int) -> list[list[_Phrase]]:
    """The phrases of the first groups by what they tell, best first."""
    read = np.array([max(len(one.texts), 1) for one in said], dtype=np.int64)
    start = np.cumsum(read) - read
    holding: dict[str | None, dict[str, set[int]]] = {one.language: {} for one in said}
    standing = [phrases_of(one, holding[one.language], at) for one, at in zip(said, start.tolist(), strict=True)]
    group = np.repeat(np.arange(len(said)), read)
    sizes = np.array([max(one.size, 1) for one in said], dtype=np.float64)
    found = []
    for place in range(number):
        told = []
        for parts, shown, together in candidates(said[place], standing[place], LOOKED):
            texts = set.intersection(*(holding[said[place].language][part] for part in parts))
            counts = np.bincount(group[list(texts)], minlength=len(said))
            share, whole = float(counts[place] / read[place]), float((counts / read * sizes).sum() / sizes.sum())
            others = counts / (read + 2)
            others[place] = 0
            tells = 1.0 if len(said) == 1 else math.log(share / math.sqrt(whole * max(float(others.max()), whole)))
            if tells > 0:
                worth = share * tells * math.sqrt(together / share) * WORTH[len(parts) - 1]
                told.append(_Phrase(parts, shown, share, worth, frozenset(texts), _NO_ROW))
        found.append(sorted(told, key=lambda one: (-one.worth, one.said))[:NEARED])
    return found


def _chosen(found: Sequence[Sequence[_Phrase]], taken: set[str]) -> list[tuple[str, ...]]:
    """The name of each group; the one that is best told chooses first."""
    first: dict[int, _Phrase] = {}
    used: set[Parts] = set()
    for place in sorted(
        range(len(found)), key=lambda place: (-max((one.worth for one in found[place]), default=0), place)
    ):
        free = [one for one in found[place] if one.parts not in used and one.said.casefold() not in taken]
        if not free:
            continue
        best = free[0]
        if len(best.parts) == 1:
            longer = (one for one in free if one.parts > best.parts and one.share >= LONGER * best.share)
            best = next(longer, best)
        used.add(best.parts)
        first[place] = best
    names = []
    for place, group in enumerate(found):
        one = first.get(place)
        names.append(() if one is None else (one.said, *_further(one, group, used)))
    return names


def _further(first: _Phrase, group: Sequence[_Phrase], used: Collection[Parts]) -> tuple[str, ...]:
    """What is said behind the first phrase, up to three words that tell something in all, or one phrase more."""
    alone = len(first.parts) > 1 and not any(first.parts < other for other in used)
    if alone and first.share >= MOST:
        return ()
    said, least = [first], SECOND * first.worth if alone else 0.0
    while sum(len(one.parts) for one in said) < len(WORTH):
        best, most = None, least
        held = frozenset[int]().union(*(one.texts for one in said))
        taken = frozenset[str]().union(*(bare(one.parts) for one in said))
        for other in group:
            like = max(*(float(other.row @ one.row) for one in said), 0.0)
            if bare(other.parts) & taken or (len(other.parts) > 1 and other.parts in used) or like > SAME:
                continue
            worth = other.worth * (1 - len(other.texts & held) / len(other.texts) / 2) * (1 - like)
            if worth > most:
                best, most = other, worth
        if best is None:
            break
        said.append(best)
    return tuple(one.said for one in said[1:])


_NO_ROW: Floats = np.zeros(0, dtype=np.float32)
