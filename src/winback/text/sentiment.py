"""How a clause is meant, from -1 to 1: a sum of the valences of its words and pictures, with what denies and boosts them.

English by VADER's lexicon (MIT), with words of service and purchase that it lacks; German, French, Spanish and Portuguese by short lists of our own (`winback.text.valences`),
summed up by VADER's rule: they see less, and leave more clauses at 0. Other languages have no figure, not a guess, unless
there is a picture in the clause.

Reference: C. Hutto and E. Gilbert, "VADER: A Parsimonious Rule-based Model for Sentiment Analysis", ICWSM 2014.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from itertools import repeat, takewhile
from typing import Any

from winback.text.valences import BEHIND, BOOSTERS, DENIALS, PICTURES, WORDS

_DENIED = -0.74  # times its valence, as VADER has it
_BOOST = 0.293
_FADING = (1, 0.95, 0.9)  # of a booster so many words before
_STOPS = ".,;:!?"  # across which nothing is denied
_LEAST = 3  # letters of a beginning that is looked up
_PICTURE = {picture: valence for valence, pictures in PICTURES.items() for picture in pictures}
_WORD = re.compile(rf"[\w'’]+|[{''.join(_PICTURE)}]|[^\w\s{''.join(_PICTURE)}]+")


def sentiment_of(text: str, language: str | None) -> float | None:
    """-1 to 1; None where the language is one without a lexicon."""
    words = _WORD.findall(text.casefold().replace("’", "'"))
    pictured = 0.0 if text.isascii() else sum(map(_PICTURE.get, words, repeat(0.0)))
    if language in (None, "en"):
        total = _english(words)
    elif language in WORDS:
        total = _summed(words, language)
    elif pictured:
        total = 0.0
    else:
        return None
    total += pictured
    return round(float(total / (total * total + 15) ** 0.5), 4)


def _english(words: Sequence[str]) -> float:
    _, boosters, negations = _vader()
    total = 0.0
    for place, word in enumerate(words):
        valence = _valence(word)
        if not valence or word in boosters or (word == "no" and any(map(_valence, words[place + 1 : place + 4]))):
            continue  # "no" is bad by itself; before "complaints" it only denies
        for back in range(1, min(3, place) + 1):
            before = words[place - back]
            if before[0] in _STOPS:
                break
            if before in boosters:
                valence += (1 if valence > 0 else -1) * boosters[before] * _FADING[back - 1]
            if before in negations or before == "no" or before.endswith("n't"):
                valence *= _DENIED
        total += valence
    return total


@functools.lru_cache(maxsize=20_000)
def _valence(word: str) -> float:
    """Of an English word."""
    return _vader()[0].get(word) or _listed("en")(word)


def _summed(words: Sequence[str], language: str) -> float:
    """By the lists of one of the other languages: a denial counts once, before the word or, as verbs have it, behind."""
    valence_of, emoticons = _listed(language), _vader()[0]
    denials, behind, boosters = DENIALS[language], BEHIND.get(language, frozenset()), BOOSTERS[language]
    total = 0.0
    for place, word in enumerate(words):
        valence = valence_of(word) if word[0].isalpha() else emoticons.get(word, 0.0)
        if not valence or (word in boosters and valence_of(words[place + 1] if place + 1 < len(words) else "")):
            continue
        before = list(takewhile(lambda one: one[0] not in _STOPS, reversed(words[max(0, place - 3) : place])))
        for back, one in enumerate(before):
            if one in boosters:
                valence += (1 if valence > 0 else -1) * _BOOST * _FADING[back]
        after = list(takewhile(lambda one: one[0] not in _STOPS, words[place + 1 : place + 4]))
        at = next((number for number, one in enumerate(after[:2]) if one in behind), None)
        turned = (
            valence > 0 and at is not None and not any(map(valence_of, after[at + 1 : at + 2]))
        )  # else it denies what follows
        if denials.intersection(before) or turned:
            valence *= _DENIED
        total += valence
    return total


@functools.lru_cache(maxsize=8)
def _listed(language: str) -> Callable[[str], float]:
    """Looks up a word of a language: whole, then by the longest beginning that is listed."""
    whole: dict[str, float] = {}
    beginnings: dict[str, float] = {}
    for valence, words in WORDS[language].items():
        for word in words.split():
            (beginnings if word.endswith("*") else whole)[word.rstrip("*")] = valence

    @functools.lru_cache(maxsize=20_000)
    def valence_of(word: str) -> float:
        if word in whole:
            return whole[word]
        return next((beginnings[word[:end]] for end in range(len(word), _LEAST, -1) if word[:end] in beginnings), 0.0)

    return valence_of


@functools.lru_cache(maxsize=1)
def _vader() -> tuple[dict[str, float], dict[str, float], frozenset[str]]:
    from vaderSentiment import vaderSentiment as vader  # noqa: N813 - its own name

    made: Any = vader.SentimentIntensityAnalyzer()
    return dict(made.lexicon), dict(vader.BOOSTER_DICT), frozenset(vader.NEGATE)
