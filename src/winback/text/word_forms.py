"""Forms of one word counted as one: app and apps, listen and listened, Rechnung and Rechnungen, rápido and rápida.

Only endings that leave the meaning as it was are looked at, and only between words that are there: "drive" and "driver"
stay two, and no form is made up. English has rules for its verbs; the other languages' words are alike where they differ
in an ending of a short list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from winback.text.words import bare

LEAST = 4  # letters before the ending
# Endings behind which a word of each language is the same, without accents.
_ENDINGS = {
    "de": ("", "e", "en", "n", "es", "em", "s"),
    "fr": ("", "s", "e", "es", "ee", "ees", "x"),
    "es": ("", "s", "es", "o", "a", "os", "as"),
    "pt": ("", "s", "es", "o", "a", "os", "as", "ao", "oes"),
}
_NO_PLURAL = frozenset(["news", "goods", "customs", "glasses"])
_NO_ADVERB = frozenset(
    ["friendly", "likely", "hardly", "lately", "shortly", "nearly", "lovely", "timely", "costly", "orderly", "lively", "homely", "daily"]
)  # fmt: skip
_VOWELS = "aeiou"


def families(counts: Mapping[str, int], language: str | None) -> dict[str, str]:
    """Each word in lower case with the form that stands for its family: the most frequent one that is there."""
    groups: dict[str, set[str]] = {}
    root: dict[str, str] = {}
    for word in sorted(counts, key=lambda one: (len(one), one)):
        found = _base(word, counts, language, root)
        root[word] = found
        groups.setdefault(found, set()).add(word)
    shown = {base: min(words, key=lambda one: (-counts[one], len(one), one)) for base, words in groups.items()}
    return {word: shown[base] for word, base in root.items()}


def _base(word: str, counts: Mapping[str, int], language: str | None, root: Mapping[str, str]) -> str:
    if language in _ENDINGS:
        plain = bare(word)
        for ending in sorted(_ENDINGS[language], key=len, reverse=True):
            if plain.endswith(ending) and len(plain) - len(ending) >= LEAST:
                return plain[: len(plain) - len(ending)]
        return plain
    if language in (None, "en"):
        for base in _english(word):
            if base in counts:
                return root[base]
    return word


def _english(word: str) -> Iterator[str]:
    """What an English word may be a form of, the likeliest first."""
    if word.endswith("ies") and len(word) > LEAST:
        yield word[:-3] + "y"
    if (
        word.endswith("s")
        and not word.endswith(("ss", "us", "is"))
        and word not in _NO_PLURAL
        and len(word) > LEAST - 1
    ):
        yield word[:-1]
        if word.endswith(("ses", "xes", "ches", "shes", "zes")):
            yield word[:-2]
    for ending in ("ed", "ing"):
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < LEAST - 1:
            continue
        if stem.endswith("i"):
            yield stem[:-1] + "y"
        yield stem + "e"
        if len(stem) > LEAST - 1 and stem[-1] == stem[-2] and stem[-1] not in "lsfz":
            yield stem[:-1]
        if len(stem) > LEAST - 1 or stem[-1] in _VOWELS or stem[-2] not in _VOWELS:  # "caring" is no form of "car"
            yield stem
        if ending == "ing":  # where the verb itself is not there
            yield stem + "ed"
    if word.endswith("ly") and word not in _NO_ADVERB and len(word) > LEAST + 2:
        yield word[:-2]
