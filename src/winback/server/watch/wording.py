"""Words that detractors use more than they did: what a flare-up may be about, before anybody has sorted the comments.

Log-odds with a prior from both texts together, in standard errors (Monroe, Colaresi and Quinn, "Fightin' Words",
Political Analysis 16, 2008). A comment counts a word once. Pure: texts in, words out.

Detractors praise too, and a flare-up is about what they complain of: clauses that praise are left out of it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from winback.text.clauses import split_clauses
from winback.text.languages import language_of
from winback.text.sentiment import sentiment_of

WORD = re.compile(r"[^\W\d_]{4,}")
LEAST_PEOPLE = 3  # who use a word: fewer, and it may be somebody's name
BEYOND = 2.0  # standard errors
MOST = 6
PRAISE = 0.05  # from here on VADER's authors call a text positive


@dataclass(frozen=True)
class Word:
    """A word, in how many of the comments now it stands, and in how many before."""

    text: str
    now: int
    of_now: int
    before: int
    of_before: int


def is_praise(text: str) -> bool | None:
    """Whether words praise; None where they are in a language whose words of praise are not known."""
    sentiment = sentiment_of(text, language_of(text))
    return None if sentiment is None else sentiment >= PRAISE


def unpraised(comment: str) -> str:
    """A comment without the clauses that praise."""
    clauses = split_clauses(comment)
    return " ".join(one.text for one in clauses if not is_praise(one.text))


def risen(now: Sequence[tuple[str, object]], before: Sequence[tuple[str, object]]) -> list[Word]:
    """The words that stand out; each comment is (text, whose). Nothing where there are too few comments to say."""
    if len(now) < LEAST_PEOPLE or not before:
        return []
    here, there = _counted(text for text, _ in now), _counted(text for text, _ in before)
    users: dict[str, set[object]] = {}
    for text, whose in now:
        for word in _words(text):
            users.setdefault(word, set()).add(whose)
    both = here + there
    total = sum(both.values())
    found = []
    for word, count in here.items():
        if len(users[word]) < LEAST_PEOPLE:
            continue
        prior = 50.0 * both[word] / total  # as much as fifty words of the whole would say
        ours = _logit(count + prior, sum(here.values()) + 50.0)
        theirs = _logit(there[word] + prior, sum(there.values()) + 50.0)
        error = math.sqrt(1 / (count + prior) + 1 / (there[word] + prior))
        if (ours - theirs) / error > BEYOND:
            found.append(((ours - theirs) / error, Word(word, count, len(now), there[word], len(before))))
    return [word for _, word in sorted(found, key=lambda pair: (-pair[0], pair[1].text))[:MOST]]


def _words(text: str) -> set[str]:
    return set(WORD.findall(text.lower()))


def _counted(texts: Iterable[str]) -> Counter[str]:
    return Counter(word for text in texts for word in _words(text))


def _logit(part: float, whole: float) -> float:
    return math.log(part / max(whole - part, 1e-9))
