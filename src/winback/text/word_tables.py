"""Words of German, French, Spanish and Portuguese, each with the vector its translations have in the English table.

bench/languages.py tells how they were learned and from what; weights/languages.txt says under which licences. A word is
looked up in its own language's table, so that "die" and "gift" are read as what they are. In which language a text is, its
words tell: that whose table makes them likeliest and knows most of them, where it does so clearly; else English, as ever.

A form that the table does not have is read by what it begins with: a German compound by its two words, any other by the
words that share the longest beginning with it.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from winback.text import wordpieces

FLOOR = -17.0  # log of the chance of a word that a language does not have
STEP = 1 / 16  # in which such logs are kept
NEVER = np.log(3e-7) - FLOOR  # of one that never stood in the sentences, though it is known
CLEARLY = 3.0  # twenty to one
SHORTEST = 4  # letters that tell a word
SHARED = 0.6  # of a word's letters that another has to begin with
ENDINGS = 4  # letters that the other may have more
_UMLAUT = re.compile("(?<=[aou])e")
_LINKS = ("", "s", "n", "en", "es", "er")  # between the words of a German compound
Row = tuple[int, float]  # a row's number, and how much it counts


def words_of(text: str) -> list[str]:
    """The words of a text as the tables spell them."""
    return [_spelled(word) for word in wordpieces.words_of(text)]


def _spelled(word: str) -> str:
    return word if word.isascii() else word.replace("ß", "ss")


class WordTables:
    """The tables as they are stored. words: of all languages, one after the other; rows: (words, directions) theirs;
    basis: (directions, 384).
    """

    def __init__(self, english: list[str]) -> None:
        """english: the vocabulary of the English table, in the order of its rows."""
        with resources.files("winback.text").joinpath("weights", "languages.npz").open("rb") as file:
            stored = np.load(file)
            self.languages: tuple[str, ...] = tuple(stored["languages"].tolist())
            sizes = stored["sizes"].tolist()
            self.words: list[str] = stored["words"].tobytes().decode().split("\n")
            self.rows: NDArray[np.float32] = (
                stored["rows"].astype(np.float32) * stored["scale"].astype(np.float32)[:, None]
            )
            self.basis: NDArray[np.float32] = stored["basis"].astype(np.float32)
            chances = stored["chances"].astype(np.float32) * np.float32(STEP)  # above the floor
        self._first = dict(zip(self.languages, np.cumsum([0, *sizes]).tolist(), strict=False))
        ends = np.cumsum(sizes).tolist()
        self._words = {one: self.words[self._first[one] : end] for one, end in zip(self.languages, ends, strict=True)}
        self._places = [{word: at for at, word in enumerate(self._words[one])} for one in self.languages]
        self._english = {word: at for at, word in enumerate(english, len(self.words))}
        self._chances = chances
        self._parts: dict[str, dict[str, tuple[Row, ...]]] = {one: {} for one in self.languages}

    def evidence(self, words: Sequence[str]) -> NDArray[np.float32]:
        """(words, 3 × (languages + 1)) for each language, English last: the log of how much likelier than none a word is
        there, whether it is known there, and whether it is and has letters enough to tell.
        """
        found = np.zeros((len(words), 3, len(self.languages) + 1), dtype=np.float32)
        for row, word in enumerate(words):
            spelled = _spelled(word)
            for column, language in enumerate(self.languages):
                if (at := self._places[column].get(spelled)) is not None:
                    found[row, :, column] = self._chances[self._first[language] + at], 1, len(word) >= SHORTEST
            if (at := self._english.get(word)) is not None:
                chance = self._chances[at]
                found[row, :, -1] = chance, chance > NEVER + STEP, 0
        return found.reshape(len(words), 3 * (len(self.languages) + 1))

    def languages_of(self, evidence: NDArray[np.float32]) -> NDArray[np.intp]:
        """The place of each text's language among `languages`, -1 for English, from the sums of its words' evidence."""
        likely, known, telling = evidence.reshape(len(evidence), 3, len(self.languages) + 1).transpose(1, 0, 2)
        best = likely[:, :-1].argmax(axis=1)
        at = np.arange(len(best)), best
        clear = (likely[at] > likely[:, -1] + CLEARLY) & (known[at] > known[:, -1]) & (telling[at] > 0)
        return np.where(clear, best, -1)

    def parts(self, word: str, language: str) -> tuple[Row, ...]:
        """The rows that a word of this language is read by; none where it is not known."""
        known = self._parts[language]
        if (found := known.get(word)) is None:
            found = tuple((self._first[language] + at, count) for at, count in self._read(_spelled(word), language))
            if len(known) < 200_000:
                known[word] = found
        return found

    def _read(self, word: str, language: str) -> list[Row]:
        places = self._places[self.languages.index(language)]
        if (at := places.get(word)) is not None:
            return [(at, 1.0)]
        if len(word) <= SHORTEST or not word.isalpha():
            return []
        if language == "de":
            for cut in range(len(word) - SHORTEST, SHORTEST - 1, -1):
                if (first := places.get(word[:cut])) is not None:
                    for link in _LINKS:
                        tail = word[cut + len(link) :]
                        if word.startswith(link, cut) and len(tail) >= SHORTEST and tail in places:
                            return [(first, 1.0), (places[tail], 1.0)]
        words = self._words[language]
        for length in range(len(word) - 1, max(SHORTEST, round(SHARED * len(word))) - 1, -1):
            start, end = (bisect.bisect_left(words, word[:length] + last) for last in ("", "\uffff"))
            if alike := [at for at in range(start, end) if len(words[at]) <= len(word) + ENDINGS]:
                return [(at, 1 / len(alike)) for at in alike]
        plainer = _UMLAUT.sub("", word) if language == "de" else word  # as it is typed where there are no such letters
        return self._read(plainer, language) if plainer != word else []
