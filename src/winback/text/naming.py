"""What tells a group of comments from the others: its words, and the quotations nearest its middle.

Reference: M. Grootendorst, "BERTopic", arXiv 2203.05794 (TF-IDF over groups: tf * ln(1 + mean words of a group / f)).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from winback.text.languages import _SMALL

_WORD = re.compile(r"[^\W\d_]{2,}(?:['’][^\W\d_]+)?")
_KEPT = {
    "service",
    "staff",
    "good",
    "friendly",
    "helpful",
    "great",
    "produto",
    "entrega",
    "prazo",
    "schnell",
    "freundlich",
    "rapide",
    "rápido",
}
_STOP = frozenset(word for words in _SMALL.values() for word in words.split()) - _KEPT | frozenset(
    [
        "a",
        "also",
        "am",
        "any",
        "because",
        "been",
        "before",
        "being",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "doing",
        "don",
        "got",
        "had",
        "has",
        "he",
        "her",
        "him",
        "his",
        "if",
        "into",
        "its",
        "just",
        "me",
        "more",
        "most",
        "much",
        "my",
        "now",
        "off",
        "only",
        "or",
        "other",
        "our",
        "out",
        "over",
        "own",
        "said",
        "she",
        "should",
        "some",
        "such",
        "than",
        "their",
        "them",
        "then",
        "these",
        "those",
        "through",
        "too",
        "up",
        "us",
        "want",
        "was",
        "well",
        "went",
        "were",
        "which",
        "while",
        "who",
        "will",
        "you",
        "your",
        "i'm",
        "i've",
        "it's",
        "that's",
        "get",
        "need",
        "like",
        "one",
        "im",
        "ive",
    ]
)
QUOTABLE = (15, 220)  # characters of a quotation


def telling_words(groups: Sequence[Sequence[str]], number: int = 8) -> list[tuple[str, ...]]:
    """The most telling words of each group of texts, the most telling first. A word counts once a text."""
    counts = [Counter(word for text in texts for word in set(_words(text))) for texts in groups]
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    mean = sum(total.values()) / max(len(groups), 1)
    found = []
    for texts, one in zip(groups, counts, strict=True):
        least = 2 if len(texts) > 3 else 1
        weighed = {word: times * np.log(1 + mean / total[word]) for word, times in one.items() if times >= least}
        found.append(tuple(sorted(weighed, key=lambda word: (-weighed[word], word))[:number]))
    return found


def quotations(
    texts: Sequence[str], rows: NDArray[np.float32], centre: NDArray[np.float32], number: int = 5
) -> tuple[str, ...]:
    """The texts nearest the middle, each once, word for word; fit to be read at a glance where there are such."""
    order = np.argsort(-(rows @ centre), kind="stable")
    fit = [place for place in order if QUOTABLE[0] <= len(texts[place]) <= QUOTABLE[1]] or list(order)
    found: dict[str, str] = {}
    for place in fit:
        found.setdefault(texts[place].casefold(), texts[place])
        if len(found) == number:
            break
    return tuple(found.values())


def name_of(words: Sequence[str]) -> str:
    """A name of the three most telling words."""
    return ", ".join(words[:3]).capitalize() or "Without telling words"


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.casefold().replace("’", "'")) if word not in _STOP]
