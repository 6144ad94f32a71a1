"""Which words of comments are names of people: they name no theme, and are nobody's business.

A word is a name where it mostly stands, with a capital, behind a form of address ("Mr Vogt", "Frau Yilmaz") or a first name
("Sarah Vogt"), or where it is a first name and is written as one:
not in capitals throughout (an abbreviation), and, where it is an everyday word too ("Grace", "Mark"), with a capital as
good as always. Where that word is German it is told from a name by nothing, as German nouns have capitals too, and counts
as the word. Surnames that stand alone are not known.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources

from winback.text.words import Word, bare

TITLES = frozenset(
    ["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "herr", "herrn", "frau", "monsieur", "madame", "mme", "mlle", "señor", "señora",
     "sr", "sra", "senhor", "senhora", "dona"]
)  # fmt: skip
_ALWAYS = 4  # times as often with a capital as without
_TWICE = 2  # times that it stands with a capital


@dataclass
class _Written:
    """How often a word stands behind a form of address or a first name, small, with a capital, in capitals, or first in its sentence."""

    titled: int = 0
    small: int = 0
    capital: int = 0
    capitals: int = 0
    first: int = 0


def names_in(texts: Iterable[Sequence[Word]], *, language: str | None = None) -> frozenset[str]:
    """The words in lower case that are names of people in these texts."""
    plainly, also, german = first_names()
    read = list(texts)
    listed: dict[str, bool] = {}
    titled: dict[str, int] = {}
    for words in read:
        for place, word in enumerate(words):
            if word.plain not in listed:
                name = bare(word.plain)
                listed[word.plain] = name in plainly or name in also or name in german
            if place and word.beside and word.said[0].isupper() and _leads(words[place - 1], word, plainly):
                titled[word.plain] = titled.get(word.plain, 0) + 1
    written = {word: _Written(titled.get(word, 0)) for word in listed if listed[word] or word in titled}
    for words in read:
        for word in words:
            if word.plain in written:
                _count(written[word.plain], word)
    everyday = german if language == "de" else frozenset[str]()
    return frozenset(
        word
        for word, one in written.items()
        if (one.titled and 2 * one.titled >= one.small + one.capital)
        or (listed[word] and _as_a_name(one, plainly=bare(word) in plainly, everyday=bare(word) in everyday))
    )


def has_name(words: Sequence[Word]) -> bool:
    """Whether one of these words is plainly a first name, or stands behind a form of address."""
    plainly = first_names()[0]
    return any(
        word.said[0].isupper()
        and ((place and words[place - 1].plain in TITLES) or (bare(word.plain) in plainly and not word.said.isupper()))
        for place, word in enumerate(words)
    )


def _leads(before: Word, word: Word, plainly: frozenset[str]) -> bool:
    """Whether a word with a capital is a name by the word before it: a form of address, or plainly a first name."""
    if before.plain in TITLES:
        return True
    shouted = before.said.isupper() or word.said.isupper()
    return before.said[0].isupper() and not shouted and bare(before.plain) in plainly


def _count(one: _Written, word: Word) -> None:
    if not word.said[0].isupper():
        one.small += 1
    elif word.said.isupper():
        one.capitals += 1
    elif word.first:
        one.first += 1
    else:
        one.capital += 1


def _as_a_name(one: _Written, *, plainly: bool, everyday: bool) -> bool:
    with_capital = one.capital + one.first
    if plainly:
        return one.capitals <= one.small + with_capital
    return not everyday and with_capital >= max(_TWICE, _ALWAYS * one.small, one.capitals)


@functools.lru_cache(maxsize=1)
def first_names() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """First names; those that are everyday words too; those that are in German. In lower case, without accents."""
    text = resources.files("winback.text").joinpath("lists", "given_names.txt").read_text(encoding="utf-8")
    parts = "\n".join(line for line in text.splitlines() if not line.startswith("#")).split("\n----\n")
    plainly, also, german = (frozenset(part.split()) for part in parts)
    return plainly, also, german
