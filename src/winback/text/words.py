"""The words of a comment: cut out as they stand, without those that tell nothing in five languages."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from stop_words import get_stop_words

from winback.text.languages import SMALL_WORDS

_WORD = re.compile(r"(?<!\w)[^\W\d_]+(?:['’][^\W\d_]+)*")
_ENDINGS = frozenset(["t", "ve", "ll", "re", "d", "m"])  # of "wasn't", "we've": such words tell nothing
_ELIDED = frozenset(["l", "d", "j", "n", "s", "c", "m", "t", "qu", "un", "dell", "all", "nell"])  # of "l'appli"
# Words without a reason in them. English has a list of its own: the usual ones hold "bill", "call" and "system".
_STOP_EN = """
    a about above after again against ago all already also although always am an and another any anybody anyone anything
    are as ask asked asking at away be because been before being below besides between both but by came can cannot cant come
    comes coming could couldnt did didnt do does doesnt doing done dont don down during each either else even ever every everybody everyone
    everything except far few first for from further gave get gets getting give given gives go goes going gone got had hadnt
    has hasnt have havent having he hence her here hers herself him himself his how however i if im in instead into is isnt it its
    itself ive just keep keeps kept know knew known last least less let like lot lots made make makes many may maybe me mean might
    more most mostly much must my myself need needed needs neither never no nobody none nor not nothing now nowadays of
    off often ok on once one only or other others otherwise our ours out over own per perhaps please put quite rather really
    said same saw say says see seem seems seen several shall she should shouldnt since so some somebody someone something
    sometimes soon still such take takes taken than thank thanks thankyou that thats the their theirs them themselves then there theres these
    they thing things think this those though through till to together told too took toward try tried under until up
    upon us use used using very via want wanted wants was wasnt way we well went were werent what whatever when whenever where
    whether which while who whole whom whose why will wish with within without wont would wouldnt yes yet you your yours yourself
    two three four five six seven eight nine ten
    monday tuesday wednesday thursday friday saturday sunday mr mrs ms
    january february march april june july august september october november december
"""
# What the lists of the other languages lack: small words, thanks and forms of address.
_STOP_MORE = {
    "de": "bin mal schon sogar mehr ganz gar halt eben trotzdem seit davon dafür dabei dahin deshalb übrigens ja bitte danke dank herr herrn frau immer "
    "leider einfach wieder noch sehr nie viel viele wurde wurden worden montag dienstag mittwoch donnerstag freitag samstag sonntag",
    "fr": "bonjour merci monsieur madame très trop plus tout tous toute toutes encore toujours jamais rien fait faire être avoir suis aussi donc car "
    "alors comme fois lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "gracias hola señor señora muy más siempre nunca nada todavía aún así además hace hacer fue ser lunes martes miércoles jueves viernes sábado domingo",
    "pt": "obrigado obrigada olá senhor senhora muito ainda sempre nunca nada tudo assim também já até foi ser ter fazer pois só bem agora veio vou "
    "hoje dia segunda terça quarta quinta sexta sábado domingo",
}  # fmt: skip
_LISTS = {"de": "german", "fr": "french", "es": "spanish", "pt": "portuguese"}
# What these lists hold, and tells something all the same; and what tells something in the other languages only.
_TELLING = frozenset(["corrente", "cuenta", "force", "horas", "tempo", "total"])
_ABROAD = frozenset(["bin", "car", "dia", "fait", "halt", "plus", "point"])


class Word(NamedTuple):
    """A word of a text: as it stands, in lower case, and how it stands there."""

    said: str
    plain: str
    beside: bool  # nothing but a space parts it from the word before
    first: bool  # of its sentence


def words_of(text: str) -> list[Word]:
    """All words of a text in order; of "driver's" and "l'appli" the word itself."""
    found: list[Word] = []
    end = 0
    for match in _WORD.finditer(text):
        said = match[0].replace("’", "'")
        before, _, behind = said.partition("'")
        if behind in ("s", "S"):
            said = before
        elif behind and before.casefold() in _ELIDED:
            said = behind
        gap = text[end : match.start()]
        end = match.end()
        first = not found or any(mark in gap for mark in ".!?\n:…")
        found.append(Word(said, said.casefold(), gap == " " and bool(found), first))
    return found


def tells(word: str, language: str | None = None) -> bool:
    """Whether a word in lower case may tell a reason; `language` is that of the comments it stands in."""
    if "'" in word:
        word = word.split("'", 1)[1]
        if word in _ENDINGS:
            return False
    return len(word) > 1 and word not in stop_words(language)


@functools.lru_cache(maxsize=8)
def stop_words(language: str | None = None) -> frozenset[str]:
    """Words that tell nothing, of five languages; `language` is that of the comments."""
    found = set(_STOP_EN.split())
    for code, name in _LISTS.items():
        own = {word.casefold() for word in (*get_stop_words(name), *_STOP_MORE[code].split())}
        own |= {bare(word) for word in own if len(word) > 2} | {word.replace("ß", "ss") for word in own}
        found |= own - _TELLING if code == language else own - _TELLING - _ABROAD
    return frozenset(found)


def bare(word: str) -> str:
    """Without accents."""
    if word.isascii():
        return word
    return "".join(char for char in unicodedata.normalize("NFKD", word) if not unicodedata.combining(char))


def language_of_words(words: Iterable[str]) -> str | None:
    """The language that most of the small words are of; None where there is none."""
    counts: Counter[str] = Counter()
    for word, times in Counter(words).items():
        for language, small in SMALL_WORDS.items():
            if word in small:
                counts[language] += times
    return max(sorted(counts), key=lambda language: counts[language]) if counts else None
