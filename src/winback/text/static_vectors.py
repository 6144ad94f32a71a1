"""Comments as sums of rows of tables that come with winback: word pieces of English, words of four more languages.

bench/vectors.py and bench/languages.py show how the tables were learned.
"""

from __future__ import annotations

import threading
import zlib
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winback.text.embedding import DEFAULT, Floats, unit
from winback.text.languages import UNDERSTOOD
from winback.text.wordpieces import Numbered, WordNumbers, WordPieces


class Static:
    """One row a word piece, added up: some twenty thousand comments a second, on one core."""

    name = "static"
    languages = UNDERSTOOD
    BUCKETS = 4096  # of words that the vocabulary has in pieces only
    OWN = 0.5  # how much such a word counts by itself, beside its pieces

    def __init__(self) -> None:
        with resources.files("winback.text").joinpath("weights", "static.npz").open("rb") as file:
            stored = np.load(file)
            rows = stored["rows"].astype(np.float32) * stored["scale"][:, None]
            words = stored["words"].tobytes().decode().split("\n")
        # A word that is not in the vocabulary whole has a direction of its own too, so that a name or a foreign word
        # at least is like itself. The directions are drawn once, from a fixed seed.
        own = np.random.Generator(np.random.PCG64(20260)).standard_normal((self.BUCKETS, rows.shape[1]))
        size = float(np.median(np.linalg.norm(rows, axis=1)))
        self._rows = np.vstack([rows, unit(own) * np.float32(self.OWN * size)])
        self.vocabulary = {word: place for place, word in enumerate(words)}
        self._numbers = WordNumbers(_WithOwn(self.vocabulary, self.BUCKETS))

    def embed(self, texts: Sequence[str]) -> Floats:
        return unit(self.sums(texts))

    def sums(self, texts: Sequence[str]) -> Floats:
        """(texts, 384) the sums of the rows of their pieces."""
        found = np.zeros((len(texts), self._rows.shape[1]), dtype=np.float32)
        for start in range(0, len(texts), 20_000):
            numbered = self._numbers(texts[start : start + 20_000])
            found[start : start + 20_000] = self._sums(numbered)
        return found

    def _sums(self, numbered: Numbered) -> Floats:
        return self._added(*numbered.in_pieces())

    def _added(self, pieces: NDArray[np.int32], ends: NDArray[np.int64]) -> Floats:
        return np.asarray(_bag(pieces, ends, len(self._rows)) @ self._rows)


def _bag(
    flat: NDArray[np.integer], ends: NDArray[np.int64], width: int, counts: NDArray[np.float32] | None = None
) -> Any:
    from scipy.sparse import csr_matrix

    counts = np.ones(len(flat), dtype=np.float32) if counts is None else counts
    return csr_matrix((counts, flat, ends), shape=(len(ends) - 1, width))


class FiveLanguages(Static):
    """The same for English, bit by bit; German, French, Spanish and Portuguese by tables of their own words."""

    name = DEFAULT
    SPELT = 0.5  # how much the pieces of a word count beside its meaning: they part words that are translated alike

    def __init__(self) -> None:
        from winback.text.word_tables import WordTables

        super().__init__()
        self._tables = WordTables(list(self.vocabulary))
        self._lock = threading.Lock()
        self._met: Sequence[str] = ()
        self._evidence = self._tables.evidence([])

    def _sums(self, numbered: Numbered) -> Floats:
        found = super()._sums(numbered)
        bag = _bag(numbered.flat, numbered.ends, len(numbered.cuts) - 1)
        told = self._tables.languages_of(bag @ self._evidence_of(numbered))
        for place, language in enumerate(self._tables.languages):
            texts = np.flatnonzero(told == place)
            if len(texts):
                found[texts] = self.SPELT * found[texts] + self._read(numbered, texts, language)
        return found

    def _read(self, numbered: Numbered, texts: NDArray[np.intp], language: str) -> Floats:
        """The sums of these texts by the table of a language; what it does not know is read as in English."""
        rows: list[int] = []
        counts: list[float] = []
        rest: list[int] = []
        ends, left = [0], [0]
        for text in texts:
            for number in numbered.flat[numbered.ends[text] : numbered.ends[text + 1]].tolist():
                parts = self._tables.parts(numbered.words[number], language)
                for row, count in parts:
                    rows.append(row)
                    counts.append(count)
                if not parts:
                    rest.extend(numbered.pieces[numbered.cuts[number] : numbered.cuts[number + 1]].tolist())
            ends.append(len(rows))
            left.append(len(rest))
        bag = _bag(np.array(rows, dtype=np.int32), np.array(ends), len(self._tables.rows), np.array(counts, dtype=np.float32))  # fmt: skip
        others = self._added(np.array(rest, dtype=np.int32), np.array(left))
        return np.asarray(bag @ self._tables.rows @ self._tables.basis + others)

    def _evidence_of(self, numbered: Numbered) -> NDArray[np.float32]:
        """Of all words that have numbers, as `WordTables.evidence`."""
        met = len(numbered.cuts) - 1
        with self._lock:
            if self._met is not numbered.words:
                self._met, self._evidence = numbered.words, self._evidence[:0]
            if len(self._evidence) < met:
                new = self._tables.evidence(numbered.words[len(self._evidence) : met])
                self._evidence = np.concatenate([self._evidence, new])
            return self._evidence[:met]


class _WithOwn(WordPieces):
    def __init__(self, vocabulary: Mapping[str, int], buckets: int) -> None:
        super().__init__(vocabulary)
        self._buckets, self._first = buckets, len(vocabulary)

    def cut(self, word: str) -> tuple[int, ...]:
        pieces = super().cut(word)
        if len(pieces) == 1 or len(word) < 3 or word.isdigit():
            return pieces
        stem = word[:6]  # German and Portuguese words change behind it, mostly
        return (*pieces, self._first + zlib.crc32(stem.encode()) % self._buckets)
