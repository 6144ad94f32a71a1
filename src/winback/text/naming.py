"""What tells a group of comments from the others: its words, and the quotations nearest its middle.

A word is weighed by its part in the divergence of the group from all comments: what is said often here and as often
elsewhere tells nothing. Forms of one word count as one, names of people do not count at all. A word is shown as customers
mostly write it: with the word beside it where both mostly stand together ("side effects"), and with its "no" or "not" where it
is mostly denied ("no complaints", "não recebi").

Reference: S. Kullback and R. Leibler, "On Information and Sufficiency", Annals of Mathematical Statistics 22, 1951.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winback.text.given_names import TITLES, has_name, names_in
from winback.text.word_forms import families
from winback.text.words import Word, language_of_words, tells, words_of

QUOTABLE = (15, 220)  # characters of a quotation
READ = 500  # texts of a group that its words are taken from, at most
RARE = 0.02  # share of a group's texts below which a word does not tell it
SHORT = 40  # characters of a comment that can be a name as it is
TOGETHER = 0.5  # share of the rarer word's texts in which two words stand beside each other, from which on they are one
BOTH = 0.25  # and of the more frequent one's
DENIED = 0.5  # share of a word's texts in which it is denied, from which on it is shown so
BACK = 2  # words between a word and what denies it, one included
_DENIALS = {
    "en": "no not never without cannot can't cant don't dont didn't didnt doesn't doesnt isn't isnt wasn't wasnt won't wont wouldn't wouldnt couldn't "
    "couldnt haven't havent hasn't hasnt aren't weren't hadn't shouldn't nobody nothing none",
    "de": "nicht nie niemals kein keine keinen keiner keinem keines ohne nichts niemand",
    "fr": "pas jamais sans aucun aucune rien ni",
    "es": "no nunca sin jamás tampoco ningún ninguna ningun nada",
    "pt": "não nao nunca sem nem jamais nenhum nenhuma nada",
}
_DENYING = {language: frozenset(words.split()) for language, words in _DENIALS.items()}
_PARTICLES = frozenset(["up", "off", "out", "down"])
_JOINING = frozenset(["and", "or", "but", "und", "oder", "aber", "et", "ou", "mais", "y", "o", "pero", "e", "mas"])
_BEHIND = {"de": frozenset(["nicht", "nie", "nichts"]), "fr": frozenset(["pas", "jamais", "rien"])}


def telling_words(groups: Sequence[Sequence[str]], number: int = 8) -> list[tuple[str, ...]]:
    """The most telling words of each group of texts, the most telling first. A word counts once a text."""
    said = [[words_of(text) for text in texts[:: max(1, -(-len(texts) // READ))]] for texts in groups]
    languages = [language_of_words(word.plain for words in texts for word in words) for texts in said]
    names = {
        german: names_in(
            (words for texts, language in zip(said, languages, strict=True) if (language == "de") is german for words in texts),
            language="de" if german else None,
        )
        for german in (True, False)
    }  # fmt: skip
    read = [
        _Group.of(texts, language, names[language == "de"]) for texts, language in zip(said, languages, strict=True)
    ]
    sizes = np.array([max(len(texts), 1) for texts in groups], dtype=np.float64)
    whole: Counter[str] = Counter()
    for one, size in zip(read, sizes, strict=True):
        for word, share in one.shares.items():
            whole[word] += share * size / sizes.sum()
    return [one.told(whole, number) or _whole(texts) for one, texts in zip(read, groups, strict=True)]


def quotations(
    texts: Sequence[str], rows: NDArray[np.float32], centre: NDArray[np.float32], number: int = 5
) -> tuple[str, ...]:
    """The texts nearest the middle, each once, word for word. Where there are such, they can be read at a glance and name nobody."""
    order = np.argsort(-(rows @ centre), kind="stable")
    fit = [place for place in order if QUOTABLE[0] <= len(texts[place]) <= QUOTABLE[1]] or list(order)
    found: dict[str, str] = {}
    named: dict[str, str] = {}
    for place in fit:
        key = " ".join(word.plain for word in words_of(texts[place])) or texts[place]
        if key in found or key in named:
            continue
        (named if has_name(words_of(texts[place])) else found)[key] = texts[place]
        if len(found) == number or len(found) + len(named) >= 10 * number:
            break
    return tuple([*found.values(), *named.values()][:number])


def name_of(words: Sequence[str]) -> str:
    """A name of the three most telling words."""
    name = ", ".join(words[:3])
    return name[:1].upper() + name[1:] if name else "Without telling words"


@dataclass(frozen=True)
class _Group:
    """A group's texts as words. `kin` gives each telling word's family, `counts` how many texts name a family."""

    texts: list[list[Word]]
    kin: Mapping[str, str]
    counts: Mapping[str, int]
    language: str | None

    @classmethod
    def of(cls, texts: list[list[Word]], language: str | None, names: frozenset[str]) -> _Group:
        plain: Counter[str] = Counter()
        for words in texts:
            plain.update({word.plain for word in _without_titles(words)})
        telling = {word: times for word, times in plain.items() if word not in names and tells(word, language)}
        kin = families(telling, language)
        counts: Counter[str] = Counter()
        for words in texts:
            counts.update({kin[word.plain] for word in words if word.plain in kin})
        return cls(texts, kin, counts, language)

    @property
    def shares(self) -> dict[str, float]:
        return {word: times / len(self.texts) for word, times in self.counts.items()}

    def told(self, whole: Mapping[str, float], number: int) -> tuple[str, ...]:
        least = max(2 if len(self.texts) > 3 else 1, RARE * len(self.texts))
        weighed = {
            word: (share * math.log(share / whole[word]), share)
            for word, share in self.shares.items()
            if self.counts[word] >= least
        }
        order = sorted(weighed, key=lambda word: (-weighed[word][0], -weighed[word][1], word))[: 2 * number]
        return self._shown(order)[:number]

    def _shown(self, order: Sequence[str]) -> tuple[str, ...]:
        """The families as customers write them, each word in one phrase only."""
        wanted = frozenset(order)
        denied: dict[str, Counter[str]] = {word: Counter() for word in order}
        pairs: dict[tuple[str, str], Counter[str]] = {}
        for words in self.texts:
            met: set[tuple[str, str]] = set()
            for place, word in enumerate(words):
                family = self.kin.get(word.plain)
                if family not in wanted:
                    continue
                phrase = self._denied(words, place)
                if phrase and (family, "") not in met:
                    met.add((family, ""))
                    denied[family][phrase] += 1
                for pair, said in self._beside(words, place, wanted):
                    if pair not in met:
                        met.add(pair)
                        pairs.setdefault(pair, Counter())[said] += 1
        found: list[str] = []
        used: set[str] = set()
        cased = _as_written(self.texts, self.language)
        for one in order:
            if one in used:
                continue
            phrase, taken = self._phrase(one, denied, pairs, used)
            shown = " ".join(cased.get(part, part) for part in phrase.split())
            used |= taken
            if not any(f" {shown} " in f" {told} " for told in found):
                found = [shown if f" {told} " in f" {shown} " else told for told in found]
                found += [shown] if shown not in found else []
        return tuple(found)

    def _beside(
        self, words: Sequence[Word], place: int, wanted: Collection[str]
    ) -> Iterator[tuple[tuple[str, str], str]]:
        """A word with the telling one before it, or with the particle behind it ("top up"): families and words."""
        word, family = words[place], self.kin[words[place].plain]
        before = self.kin.get(words[place - 1].plain) if place and word.beside else None
        if before in wanted and before != family:
            yield (str(before), family), f"{words[place - 1].plain} {word.plain}"
        behind = words[place + 1] if place + 1 < len(words) else None
        if behind is not None and behind.beside and behind.plain in _PARTICLES and self.language in (None, "en"):
            yield (family, behind.plain), f"{word.plain} {behind.plain}"

    def _phrase(
        self, word: str, denied: Mapping[str, Counter[str]], pairs: Mapping[tuple[str, str], Counter[str]], used: set[str]
    ) -> tuple[str, set[str]]:  # fmt: skip
        """What the word is shown as, and the families in it."""
        if denied[word].total() >= max(2, DENIED * self.counts[word]):
            # A shorter phrase says it, where one is not much rarer: "no complaints" rather than "no real complaints".
            phrase, _ = min(denied[word].items(), key=lambda one: (-one[1] / len(one[0].split()) ** 2, one[0]))
            return phrase, {word, *(self.kin[part] for part in phrase.split() if part in self.kin)}
        best, most = (word, {word}), 1
        for (first, second), said in sorted(pairs.items()):
            if word not in (first, second) or {first, second} & used:
                continue
            rarer, other = sorted((self.counts[first], self.counts.get(second, self.counts[first])))
            times = said.total()
            if times > most and times >= TOGETHER * rarer and times >= BOTH * other:
                best, most = (said.most_common(1)[0][0], {first, second}), times
        return best

    def _denied(self, words: Sequence[Word], place: int) -> str | None:
        """The words from what denies this one to it, or the other way round, as they stand."""
        denying = _DENYING.get(self.language or "en", frozenset())
        for back in range(1, BACK + 1):
            if place < back or not words[place - back + 1].beside:
                break
            if words[place - back].plain in denying:
                return " ".join(word.plain for word in words[place - back : place + 1])
            if words[place - back].plain in _JOINING:
                break
        behind = _BEHIND.get(self.language or "", frozenset())
        for ahead in range(1, BACK + 1):
            if place + ahead >= len(words) or not words[place + ahead].beside:
                break
            if words[place + ahead].plain in behind:
                return " ".join(word.plain for word in words[place : place + ahead + 1])
        return None


def _whole(texts: Sequence[str]) -> tuple[str, ...]:
    """Where no word tells anything (pictures, a script without spaces): what is said most, if it is short."""
    said, _ = max(sorted(Counter(texts).items()), key=lambda one: one[1], default=("", 0))
    return (said,) if 0 < len(said) <= SHORT else ()


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
