"""Phrases of one to three telling words as customers write them: "side effects", "waiting time", "verify my identity".

Words belong to one phrase where nothing parts them, or only small words that link ("source of funds"). Forms and order of
words do not matter: "the driver was pleasant" counts for "pleasant driver". What mostly goes on is no phrase but the
beginning of one ("charged an extra" is, of "charged an extra fee").

Reference: K. Frantzi, S. Ananiadou and H. Mima, "Automatic Recognition of Multi-Word Terms: the C-value/NC-value Method",
International Journal on Digital Libraries 3, 2000 (phrases within phrases).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from winback.text.denials import JOINING, denied_at, denies
from winback.text.reading import Said
from winback.text.telling import PARTICLES, least
from winback.text.words import Word

WORDS = 3  # that tell something, in a phrase
LONGEST = 5  # words in all
BETWEEN = 2  # small words between two that tell something
NOT = "¬"  # before a family that is denied
PARTED = 0.5  # share of the texts of a phrase from which on it is only a part of a longer one, or denied
_LINKING = {
    "en": "of for to in on at from the a an my our your with was is are were been be has have had by per into very so not no",
    "de": "der die das den dem des ein eine einen einem einer im in am an auf für mit von vom zu zum zur ist war sind wurde wird bei nach mein meine meiner "
    "meinen sehr so",
    "fr": "de du des la le les l d en à au aux un une est sont pour sur par dans avec très mon ma mes a été",
    "es": "de del la el los las un una en a al para por con muy mi es fue está se",
    "pt": "de do da dos das o a os as no na nos nas em um uma é para por com muito meu minha foi está ao se",
}
_LINKS = {language: frozenset(words.split()) | JOINING for language, words in _LINKING.items()}
_DEGREES = frozenset(["how", "so", "too"])  # "how long" asks, and is not "long"

Parts = frozenset[str]  # families, those that are denied behind NOT


def bare(parts: Parts) -> Parts:
    """The families, denied or not."""
    return frozenset(part.removeprefix(NOT) for part in parts)


class _Found(NamedTuple):
    """Where a phrase stands: the text, its first and last word, whether it goes on, and the family before it."""

    text: int
    first: int
    last: int
    on: bool
    before: str | None


class _Token(NamedTuple):
    family: str
    place: int
    first: int  # with what denies it
    last: int
    denied: bool


Standing = dict[Parts, list[_Found]]


def phrases_of(one: Said, holding: dict[str, set[int]], start: int = 0) -> Standing:
    """Where the phrases of a group stand. `holding` learns which texts hold a family, this group's numbered from `start`."""
    found: Standing = {}
    particles = _particles(one)
    for text, words in enumerate(one.texts):
        tokens = _tokens(one, words, particles)
        for token in tokens:
            holding.setdefault(token.family, set()).add(start + text)
            if token.denied:
                holding.setdefault(NOT + token.family, set()).add(start + text)
        linked = [_linked(one, words, a, b) for a, b in pairwise(tokens)]
        for at in range(len(tokens)):
            _stand(found, text, tokens, linked, at)
    return found


def candidates(one: Said, found: Standing, number: int) -> list[tuple[Parts, str, float]]:
    """The most frequent phrases of a group: their families, what they are written like, and the share of texts."""
    denied: Counter[Parts] = Counter()
    times = {parts: len({place.text for place in places}) for parts, places in found.items()}
    for parts, count in times.items():
        if (plain := bare(parts)) != parts:
            denied[plain] += count
    enough = least(one)
    whole = [
        parts
        for parts, count in times.items()
        if count >= enough and denied[parts] < PARTED * count and not _a_part(found[parts], count)
    ]
    whole.sort(key=lambda parts: (-times[parts] * len(parts) ** 0.5, sorted(parts)))
    return [(parts, _written(one, found[parts]), times[parts] / len(one.texts)) for parts in whole[:number]]


def _a_part(places: Sequence[_Found], count: int) -> bool:
    before = Counter(place.before for place in places if place.before is not None)
    return sum(place.on for place in places) >= PARTED * count or max(before.values(), default=0) >= PARTED * count


def _written(one: Said, places: Sequence[_Found]) -> str:
    """As most write it; a shorter way, where it is not much rarer."""
    said = Counter(" ".join(word.plain for word in one.texts[at.text][at.first : at.last + 1]) for at in places)
    return one.written(min(said, key=lambda phrase: (-said[phrase] / len(phrase.split()) ** 0.5, phrase)))


def _stand(found: Standing, text: int, tokens: Sequence[_Token], linked: Sequence[bool], start: int) -> None:
    """The phrases that begin with this token."""
    parts: list[str] = []
    first, last = tokens[start].first, tokens[start].last
    for at in range(start, min(start + WORDS, len(tokens))):
        token = tokens[at]
        if (at > start and not linked[at - 1]) or token.family in parts or NOT + token.family in parts:
            return
        parts.append(NOT + token.family if token.denied else token.family)
        last = max(last, token.last)
        if last - first >= LONGEST:
            return
        on = at < len(linked) and linked[at] and tokens[at + 1].place == token.last + 1
        close = start and linked[start - 1] and tokens[start - 1].last + 1 == first
        before = tokens[start - 1].family if close else None
        found.setdefault(frozenset(parts), []).append(_Found(text, first, last, on, before))


def _linked(one: Said, words: Sequence[Word], a: _Token, b: _Token) -> bool:
    """Whether nothing but small words that link stands between two tokens."""
    if b.first <= a.last or b.place - a.last > BETWEEN + 1 + b.denied:
        return b.place == a.last + 1 and words[b.place].beside
    between = words[a.last + 1 : b.place]
    if not all(word.beside for word in between) or not words[b.place].beside:
        return False
    if between and between[0].plain in JOINING and len(between) > 1:  # "cash and was charged" are two things
        return False
    links = _LINKS.get(one.language or "en", _LINKS["en"])
    return all(word.plain in links or denies(word.plain, one.language) for word in between)


def _tokens(one: Said, words: Sequence[Word], particles: dict[str, str]) -> list[_Token]:
    found = []
    for place, word in enumerate(words):
        family = one.kin.get(word.plain)
        if family is None or (place and word.beside and words[place - 1].plain in _DEGREES):
            continue
        reach = denied_at(words, place, one.language)
        first, last = reach or (place, place)
        if place + 1 < len(words) and particles.get(family) == words[place + 1].plain and not words[place + 1].first:
            last = max(last, place + 1)
        found.append(_Token(family, place, first, last, reach is not None))
    return found


def _particles(one: Said) -> dict[str, str]:
    """Of English: what mostly follows a verb in this group, "up" of "top"."""
    if one.language not in (None, "en"):
        return {}
    times: Counter[tuple[str, str]] = Counter()
    for words in one.texts:
        times.update(
            {
                (one.kin[word.plain], behind.plain)
                for word, behind in pairwise(words)
                if behind.plain in PARTICLES and not behind.first and word.plain in one.kin
            }
        )
    return {family: behind for (family, behind), count in sorted(times.items()) if count > 1 and 2 * count >= one.counts[family]}  # fmt: skip
