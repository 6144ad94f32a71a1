"""Words cut into the pieces of a vocabulary, as BERT's uncased models cut them.

Reference: M. Schuster and K. Nakajima, "Japanese and Korean Voice Search", ICASSP 2012 (the longest piece first).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

_WORD = re.compile(r"[^\W_]+|[^\s]")
_LONGEST = 60  # characters of a word; a longer one is no word


class WordPieces:
    """Turns texts into the numbers of their pieces. Words met before are remembered, up to a bound."""

    def __init__(self, vocabulary: Mapping[str, int], *, remembered: int = 200_000) -> None:
        self.vocabulary = vocabulary
        self._known: dict[str, tuple[int, ...]] = {}
        self._remembered = remembered

    def __call__(self, texts: Sequence[str]) -> list[list[int]]:
        """The numbers of each text's pieces; a word that cannot be cut has none."""
        found, known = [], self._known
        for text in texts:
            numbers: list[int] = []
            for word in _WORD.findall(plain(text)):
                pieces = known.get(word)
                if pieces is None:
                    pieces = self._cut(word)
                    if len(known) < self._remembered:
                        known[word] = pieces
                numbers.extend(pieces)
            found.append(numbers)
        return found

    def _cut(self, word: str) -> tuple[int, ...]:
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


def plain(text: str) -> str:
    """Lower case, without accents."""
    text = text.lower()
    if text.isascii():
        return text
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
