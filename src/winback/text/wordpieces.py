"""Words cut into the pieces of a vocabulary, as BERT's uncased models cut them.

Reference: M. Schuster and K. Nakajima, "Japanese and Korean Voice Search", ICASSP 2012 (the longest piece first).
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r"[^\W_]+|[^\s]")
_LONGEST = 60  # characters of a word; a longer one is no word


class WordPieces:
    """Turns texts into the numbers of their pieces. Words met before are remembered, up to a bound."""

    def __init__(self, vocabulary: Mapping[str, int], *, remembered: int = 200_000) -> None:
        self.vocabulary = vocabulary
        self._known = _Known(self, remembered)

    def __call__(self, texts: Sequence[str]) -> list[list[int]]:
        """The numbers of each text's pieces; a word that cannot be cut has none."""
        pieces = self._known.__getitem__
        return [[*chain.from_iterable(map(pieces, words_of(text)))] for text in texts]

    def cut(self, word: str) -> tuple[int, ...]:
        """The numbers of a word's pieces, the longest first; none where it cannot be cut."""
        if len(word) > _LONGEST:
            return ()
        pieces, start = [], 0
        while start < len(word):
            for end in range(len(word), start, -1):
                number = self.vocabulary.get(word[start:end] if start == 0 else "##" + word[start:end])
                if number is not None:
                    pieces.append(number)
                    start = end
                    break
            else:
                return ()
        return tuple(pieces)


class _Known(dict[str, tuple[int, ...]]):
    """The pieces of words met before; what is not among them is cut."""

    def __init__(self, by: WordPieces, remembered: int) -> None:
        super().__init__()
        self._by, self._remembered = by, remembered

    def __missing__(self, word: str) -> tuple[int, ...]:
        pieces = self._by.cut(word)
        if len(self) < self._remembered:
            self[word] = pieces
        return pieces


class _Bare(dict[int, str]):
    """Characters without their accents, by number."""

    def __missing__(self, number: int) -> str:
        self[number] = "".join(
            char for char in unicodedata.normalize("NFD", chr(number)) if not unicodedata.combining(char)
        )
        return self[number]


_BARE = _Bare()


@dataclass(frozen=True)
class Numbered:
    """Texts as numbers of words. words: (met,) those met until now; flat: the numbers of all texts' words, one text after
    the other; ends: (texts + 1,) where each begins and ends. pieces: of all words met, likewise by `cuts`.
    """

    words: Sequence[str]
    flat: NDArray[np.int32]
    ends: NDArray[np.int64]
    pieces: NDArray[np.int32]
    cuts: NDArray[np.int64]

    def in_pieces(self) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """The numbers of the pieces of all texts, one text after the other, and where each begins and ends."""
        lengths = np.diff(self.cuts)[self.flat]
        behind = np.concatenate([[0], np.cumsum(lengths)])
        places = np.repeat(self.cuts[self.flat] - behind[:-1], lengths) + np.arange(behind[-1])
        return self.pieces[places], behind[self.ends]


class WordNumbers:
    """Gives every word a number and cuts it once; what is then done with a text's words is NumPy's work.

    Numbers hold within one call: with more than `remembered` words it starts anew.
    """

    def __init__(self, by: WordPieces, *, remembered: int = 200_000) -> None:
        self._by, self._remembered, self._lock = by, remembered, threading.Lock()
        self._begin()

    def _begin(self) -> None:
        self._known = _Met()
        self._pieces, self._cuts = np.zeros(0, dtype=np.int32), np.zeros(1, dtype=np.int64)

    def __call__(self, texts: Sequence[str]) -> Numbered:
        with self._lock:
            if len(self._known) > self._remembered:
                self._begin()
            flat: list[int] = []
            ends = [0]
            number = self._known.__getitem__
            for text in texts:
                flat.extend(map(number, words_of(text)))
                ends.append(len(flat))
            words = self._known.words
            if new := [self._by.cut(word) for word in words[len(self._cuts) - 1 :]]:
                added = np.fromiter((one for row in new for one in row), dtype=np.int32)
                self._pieces = np.concatenate([self._pieces, added])
                self._cuts = np.concatenate([self._cuts, self._cuts[-1] + np.cumsum([len(row) for row in new])])
            return Numbered(words, np.array(flat, dtype=np.int32), np.array(ends), self._pieces, self._cuts)


class _Met(dict[str, int]):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self.words)
        self.words.append(word)
        return number


def words_of(text: str) -> list[str]:
    """Words and signs of a text, in lower case and without accents."""
    return _WORD.findall(plain(text))


def plain(text: str) -> str:
    """Lower case, without accents."""
    text = text.lower()
    return text if text.isascii() else text.translate(_BARE)
