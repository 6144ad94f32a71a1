"""Slips of people who type fast: a missing apostrophe, two letters swapped, a letter lost, a small i."""

from __future__ import annotations

import re

from winback.datasets.comments.slots import Dice

_LONG = re.compile(r"\b[a-zäöüß]{5,}\b")


def slip(text: str, dice: Dice) -> str:
    """The text with one or two slips; a text without anything to slip on comes back as it is."""
    for _ in range(1 + (dice.throw() < 0.4)):
        text = _SLIPS[dice.below(len(_SLIPS))](text, dice)
    return text


def _no_apostrophes(text: str, _dice: Dice) -> str:
    return text.replace("'", "")


def _small_i(text: str, _dice: Dice) -> str:
    return re.sub(r"\bI\b", "i", text)


def _small_letters(text: str, _dice: Dice) -> str:
    return text.lower()


def _no_space(text: str, _dice: Dice) -> str:
    return re.sub(r"([,.]) (\w)", r"\1\2", text, count=1)


def _swapped(text: str, dice: Dice) -> str:
    """Two neighbouring letters inside a long word change places."""
    word = _some_word(text, dice)
    if word is None:
        return text
    start, end = word
    place = start + 1 + dice.below(end - start - 3)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def _lost(text: str, dice: Dice) -> str:
    """A letter inside a long word is missing."""
    word = _some_word(text, dice)
    if word is None:
        return text
    place = word[0] + 1 + dice.below(word[1] - word[0] - 2)
    return text[:place] + text[place + 1 :]


def _many_marks(text: str, _dice: Dice) -> str:
    return re.sub(r"[.!]$", "!!", text)


def _some_word(text: str, dice: Dice) -> tuple[int, int] | None:
    words = [found.span() for found in _LONG.finditer(text)]
    return words[dice.below(len(words))] if words else None


_SLIPS = (_no_apostrophes, _small_i, _small_letters, _no_space, _swapped, _swapped, _lost, _lost, _many_marks)
