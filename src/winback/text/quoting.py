"""Which comments of a theme to show as what customers said: near its middle, whole, readable, unlike each other, of nobody."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from winback.text.given_names import has_name
from winback.text.masking import Masker
from winback.text.words import words_of

Floats = NDArray[np.float32]

QUOTABLE = (15, 220)  # characters of a quotation
FEWEST = 4  # words of one
LOOKED = 8  # comments looked at, for each that is shown
ALIKE = 0.6  # share of the words of two that are the same, from which on one of them is enough


def quotations(texts: Sequence[str], rows: Floats, centre: Floats, number: int = 5) -> tuple[str, ...]:
    """The texts nearest the middle, word for word, each unlike those before it.

    Where there are such, they can be read at a glance, begin as sentences do, and hold nobody's name, number or address.
    """
    order = np.argsort(-(rows @ centre), kind="stable")
    fit = [place for place in order if QUOTABLE[0] <= len(texts[place]) <= QUOTABLE[1]] or list(order)
    looked: list[tuple[bool, bool, frozenset[str], str]] = []
    met: set[frozenset[str]] = set()
    for place in fit:
        words = words_of(texts[place])
        key = frozenset(word.plain for word in words) or frozenset([texts[place]])
        if key in met:
            continue
        met.add(key)
        begins = len(words) >= FEWEST and words[0].said[0].isupper()
        looked.append((has_name(words) or bool(_MASK(texts[place]).found), not begins, key, texts[place]))
        if len(looked) == LOOKED * number:
            break
    looked.sort(key=lambda one: one[:2])
    chosen: list[tuple[frozenset[str], str]] = []
    for alike in (False, True):  # where all are alike, these
        for _, _, key, text in looked:
            if len(chosen) < number and all(text != other for _, other in chosen):
                near = any(len(key & other) / len(key | other) >= ALIKE for other, _ in chosen)
                if near is alike or (not alike and not near):
                    chosen.append((key, text))
    return tuple(text for _, text in chosen)


_MASK = Masker()
