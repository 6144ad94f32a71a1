"""Groups of comments read as words, once: which words may tell something, which are forms of one, which are names of people."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from winback.text.given_names import TITLES, names_in
from winback.text.word_forms import families
from winback.text.words import Word, language_of_words, tells, words_of

READ = 300  # texts of a group that its words are taken from, at most


@dataclass(frozen=True)
class Said:
    """A group's texts as words.

    kin: the family of each word that may tell something, the same in all groups of a language. counts: how many texts
    name a family. forms: how this group mostly writes it. size: how many texts there are, read or not.
    """

    texts: Sequence[Sequence[Word]]
    kin: Mapping[str, str]
    counts: Mapping[str, int]
    forms: Mapping[str, str]
    language: str | None
    size: int

    @property
    def shares(self) -> dict[str, float]:
        return {word: times / len(self.texts) for word, times in self.counts.items()}

    @functools.cached_property
    def cased(self) -> Mapping[str, str]:
        return _as_written(self.texts, self.language)

    def written(self, phrase: str) -> str:
        """A phrase in lower case as customers mostly write its words."""
        return " ".join("I" if part == "i" and self.language in (None, "en") else self.cased.get(part, part) for part in phrase.split())  # fmt: skip


def read(groups: Sequence[Sequence[str]]) -> list[Said]:
    """The groups of texts, at most READ of each."""
    said = [[words_of(text) for text in texts[:: max(1, -(-len(texts) // READ))]] for texts in groups]
    languages = [language_of_words(word.plain for words in texts for word in words) for texts in said]
    names = {
        german: names_in(
            (words for texts, language in zip(said, languages, strict=True) if (language == "de") is german for words in texts),
            language="de" if german else None,
        )
        for german in (True, False)
    }  # fmt: skip
    plain = [_times(texts) for texts in said]
    kin = {}
    for language in dict.fromkeys(languages):
        whole: Counter[str] = Counter()
        for one, times in zip(languages, plain, strict=True):
            if one == language:
                whole.update(times)
        left = names[language == "de"]
        kin[language] = families(
            {word: times for word, times in whole.items() if word not in left and tells(word, language)}, language
        )
    return [
        _said(texts, times, kin[language], language, len(texts_given))
        for texts, times, language, texts_given in zip(said, plain, languages, groups, strict=True)
    ]


def _said(
    texts: list[list[Word]], times: Mapping[str, int], kin: Mapping[str, str], language: str | None, size: int
) -> Said:
    counts: Counter[str] = Counter()
    for words in texts:
        counts.update({kin[word.plain] for word in _without_titles(words) if word.plain in kin})
    forms: dict[str, str] = {}
    for word in sorted((word for word in times if word in kin), key=lambda one: (-times[one], len(one), one)):
        forms.setdefault(kin[word], word)
    return Said(texts, kin, counts, forms, language, size)


def _times(texts: Iterable[Sequence[Word]]) -> Counter[str]:
    """How many texts each word is in."""
    found: Counter[str] = Counter()
    for words in texts:
        found.update({word.plain for word in _without_titles(words)})
    return found


def _without_titles(words: Sequence[Word]) -> Iterable[Word]:
    """Of "Dr Smith" neither counts: the title is part of the name."""
    for place, word in enumerate(words):
        ahead = words[place + 1] if place + 1 < len(words) else None
        if not (word.plain in TITLES and ahead is not None and ahead.beside and ahead.said[0].isupper()):
            yield word


def _shouted(words: Sequence[Word]) -> bool:
    return 2 * sum(word.said.isupper() for word in words) > len(words)


def _as_written(texts: Iterable[Sequence[Word]], language: str | None) -> dict[str, str]:
    """Words in lower case that mostly stand otherwise within sentences: nouns of German with their capital, PIN in capitals.

    A word of German that begins sentences only is as it stands there.
    """
    times: Counter[str] = Counter()
    written: Counter[str] = Counter()
    first: dict[str, str] = {}
    for words in texts:
        if not _shouted(words):
            said = [word for word in words if not word.first]
            times.update(word.plain for word in said)
            written.update(word.said for word in said if word.said != word.plain)
            first.update((word.plain, word.said) for word in words if word.first)
    found = {said.casefold(): said for said, number in written.items() if 2 * number > times[said.casefold()]}
    return found | {word: said for word, said in first.items() if language == "de" and not times[word]}
