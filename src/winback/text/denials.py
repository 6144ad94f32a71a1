"""What denies a word: "no complaints", "cannot log in", "não recebi", "geht nicht". A word so denied is another one.

A denial stands at most two words before what it denies, in German and French also behind it.
"""

from __future__ import annotations

from collections.abc import Sequence

from winback.text.words import Word

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
_BEHIND = {"de": frozenset(["nicht", "nie", "nichts"]), "fr": frozenset(["pas", "jamais", "rien"])}
_NONE = frozenset[str]()
JOINING = frozenset(["and", "or", "but", "und", "oder", "aber", "et", "ou", "mais", "y", "o", "pero", "e", "mas"])


def denies(word: str, language: str | None) -> bool:
    """Whether a word in lower case denies what follows, in comments of this language."""
    return word in _DENYING.get(language or "en", _NONE)


def denied_at(words: Sequence[Word], place: int, language: str | None) -> tuple[int, int] | None:
    """The first and the last place of the words from what denies this one to it, or the other way round."""
    denying = _DENYING.get(language or "en", _NONE)
    for back in range(1, BACK + 1):
        if place < back or not words[place - back + 1].beside:
            break
        if words[place - back].plain in denying:
            return place - back, place
        if words[place - back].plain in JOINING:
            break
    behind = _BEHIND.get(language or "", _NONE)
    for ahead in range(1, BACK + 1):
        if place + ahead >= len(words) or not words[place + ahead].beside:
            break
        if words[place + ahead].plain in behind:
            return place, place + ahead
    return None
