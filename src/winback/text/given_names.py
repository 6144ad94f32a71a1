"""Which words of comments are names of people: they name no theme, and are nobody's business.

A word is a name behind a form of address ("Mr Vogt", "Frau Yilmaz"), or where it is a first name and is written as one:
not in capitals throughout (an abbreviation), and, where it is an everyday word too ("Grace", "Mark"), with a capital as
good as always. Where that word is German it is told from a name by nothing, as German nouns have capitals too, and counts
as the word. Surnames without a form of address are not known.
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
    """How often a word stands behind a form of address, small, with a capital, in capitals, or first in its sentence."""

    titled: int = 0
    small: int = 0
    capital: int = 0
    capitals: int = 0
    first: int = 0


def names_in(texts: Iterable[Sequence[Word]], *, language: str | None = None) -> frozenset[str]:
    """The words in lower case that are names of people in these texts."""
    plainly, also, german = first_names()
    listed: dict[str, bool] = {}
    written: dict[str, _Written] = {}
    for words in texts:
        for place, word in enumerate(words):
            titled = place and word.beside and words[place - 1].plain in TITLES and word.said[0].isupper()
            if word.plain not in listed:
                name = bare(word.plain)
                listed[word.plain] = name in plainly or name in also or name in german
            if titled or listed[word.plain] or word.plain in written:
                _count(written.setdefault(word.plain, _Written()), word, titled=bool(titled))
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


def _count(one: _Written, word: Word, *, titled: bool) -> None:
    one.titled += titled
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
