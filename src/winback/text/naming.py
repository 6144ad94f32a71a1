"""What tells a group of comments from the others: its words, and the quotations nearest its middle.

Reference: M. Grootendorst, "BERTopic", arXiv 2203.05794 (TF-IDF over groups: tf * ln(1 + mean words of a group / f)).
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from stop_words import get_stop_words

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_ENDINGS = frozenset(["t", "ve", "ll", "re", "d", "m"])  # of "wasn't", "we've": such words tell nothing
# Words without a reason in them. English has a list of its own: the usual ones hold "bill", "call" and "system".
_STOP_EN = """
    a about above after again against ago all already also although always am an and another any anybody anyone anything
    are as ask asked asking at away be because been before being below besides between both but by came can cannot come
    comes coming could did do does doing done don down during each either else even ever every everybody everyone
    everything except far few first for from further gave get gets getting give given gives go goes going gone got had
    has have having he hence her here hers herself him himself his how however i if im in instead into is isnt it its
    itself ive just keep keeps kept know knew known last least less let like made make makes many may maybe me mean might
    more most mostly much must my myself need needed needs neither never no nobody none nor not nothing now nowadays of
    off often ok on once one only or other others otherwise our ours out over own per perhaps put quite rather really
    said same saw say says see seem seems seen several shall she should since so some somebody someone something
    sometimes soon still such take takes taken than thank thanks that the their theirs them themselves then there these
    they thing things think this those though through till to together told too took toward try tried under until up
    upon us use used using very via want wanted wants was way we well went were what whatever when whenever where
    whether which while who whole whom whose why will wish with within without would yes yet you your yours yourself
    two three four five six seven eight nine ten
    monday tuesday wednesday thursday friday saturday sunday
    january february march april june july august september october november december
"""
# What the other languages' lists hold, and tells something: in English, or after all in its own language.
_TELLING = frozenset(["bin", "car", "corrente", "cuenta", "force", "horas", "plus", "point", "tempo", "total"])
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
    """Words that may tell something; of "driver's" and "l'appli" the word itself."""
    found = []
    for whole in _WORD.findall(text.casefold().replace("’", "'")):
        *before, word = whole.split("'")
        if before and word in _ENDINGS:
            continue
        if before and word == "s":
            word = before[-1]
        if len(word) > 1 and word not in _stop():
            found.append(word)
    return found


@functools.lru_cache(maxsize=1)
def _stop() -> frozenset[str]:
    others = (word for language in ("german", "french", "spanish", "portuguese") for word in get_stop_words(language))
    return frozenset(_STOP_EN.split()) | frozenset(word.casefold() for word in others) - _TELLING
