"""Vectors from elsewhere: a model behind an OpenAI-compatible address, or a sentence model in a local ONNX file.

Their names are written into the codebooks made with them ("endpoint:NAME", "file:NAME:DIGEST"): vectors of two models are
never compared.
"""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winback.errors import UserError
from winback.text.endpoints import Endpoint, EndpointError

Floats = NDArray[np.float32]
BATCH = 64  # texts of one question
LONGEST = 6_000  # characters of a text that are sent
REMEMBERED = 50_000  # texts whose vectors are kept, since a codebook is made of and used on the same comments


class ByEndpoint:
    """Embeds by asking an endpoint; texts without words are not sent. Vectors come back in whatever order."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.name = f"endpoint:{endpoint.model}"
        self._known: dict[str, Floats] = {}
        self._width: int | None = None

    def embed(self, texts: Sequence[str]) -> Floats:
        cut = [" ".join(text.split())[:LONGEST] for text in texts]
        found = {text: self._known[text] for text in cut if text in self._known}
        new = [text for text in dict.fromkeys(cut) if text and text not in found]
        for start in range(0, len(new), BATCH):
            batch = new[start : start + BATCH]
            rows = self._ask(batch)
            found |= dict(zip(batch, rows, strict=True))
        if len(self._known) + len(new) <= REMEMBERED:
            self._known |= {text: found[text] for text in new}
        width = self._width if self._width is not None else len(self._ask(["a"])[0])
        rows = np.zeros((len(cut), width), dtype=np.float32)
        for place, text in enumerate(cut):
            if text:
                rows[place] = found[text]
        return rows

    def _ask(self, batch: list[str]) -> Floats:
        answer = self.endpoint.ask("embeddings", {"model": self.endpoint.model, "input": batch})
        rows = self._checked(answer, len(batch))
        if self._width is not None and rows.shape[1] != self._width:
            raise EndpointError(f"{self.endpoint.url} answered with vectors of {rows.shape[1]} numbers, and of {self._width} before; is it one model?")  # fmt: skip
        self._width = rows.shape[1]
        from winback.text.embedding import unit

        return unit(rows)

    def _checked(self, answer: Mapping[str, Any], expected: int) -> NDArray[np.float64]:
        trouble = f"{self.endpoint.url} did not answer with {expected} vectors of numbers; is {self.endpoint.model} an embedding model?"
        data = answer.get("data")
        if not isinstance(data, list) or len(data) != expected:
            raise EndpointError(trouble)
        try:
            placed = {
                one.get("index", at): one.get("embedding") for at, one in enumerate(data) if isinstance(one, dict)
            }
            rows = np.array([placed[at] for at in range(expected)], dtype=np.float64)
        except (KeyError, TypeError, ValueError):
            raise EndpointError(trouble) from None
        if rows.ndim != 2 or not rows.shape[1] or not np.isfinite(rows).all():
            raise EndpointError(trouble)
        return rows


def endpoint_embedder(name: str = "endpoint", environ: Mapping[str, str] | None = None) -> ByEndpoint:
    """The embedder that WINBACK_EMBEDDER_URL, WINBACK_EMBEDDER_MODEL and WINBACK_EMBEDDER_KEY name.

    name: "endpoint", or "endpoint:MODEL" as it stands in a codebook. Raises UserError where none is set up, or another.
    """
    found = _shared(configured_endpoint("EMBEDDER", environ))
    if name not in ("endpoint", found.name):
        raise UserError(f'The codebook was made with the vectors of "{name.removeprefix("endpoint:")}"; WINBACK_EMBEDDER_MODEL names "{found.endpoint.model}". Vectors of two models are never mixed.')  # fmt: skip
    return found


@functools.lru_cache(maxsize=4)
def _shared(endpoint: Endpoint) -> ByEndpoint:
    """One for the whole process, so that what was asked once is not asked, and paid, again."""
    return ByEndpoint(endpoint)


def configured_endpoint(which: str, environ: Mapping[str, str] | None = None) -> Endpoint:
    """The endpoint that WINBACK_<which>_URL, _MODEL and _KEY name. Raises UserError where one is missing or wrong."""
    import importlib.util

    read = os.environ if environ is None else environ
    url, model, key = (read.get(f"WINBACK_{which}_{part}", "").strip() for part in ("URL", "MODEL", "KEY"))
    missing = [f"WINBACK_{which}_{part}" for part, value in (("URL", url), ("MODEL", model)) if not value]
    if missing:
        raise UserError(f"No endpoint is set up: set {' and '.join(missing)} (docs/reference/settings.md).")
    if importlib.util.find_spec("urllib3") is None:
        raise UserError('Endpoints are not installed; add them with: pip install "winback[endpoint]".')
    try:
        return Endpoint(url, model, key)
    except UserError as error:
        raise UserError(f"WINBACK_{which}_URL: {error}") from None


def file_embedder(name: str = "file", environ: Mapping[str, str] | None = None) -> Any:
    """A sentence model in the ONNX file that WINBACK_EMBEDDER_FILE names, with vocab.txt beside it.

    name: "file", or "file:NAME:DIGEST" as it stands in a codebook. Raises UserError where there is none, or another.
    """
    import importlib.util

    text = (os.environ if environ is None else environ).get("WINBACK_EMBEDDER_FILE", "").strip()
    if not text:
        raise UserError("No model's file is set up: set WINBACK_EMBEDDER_FILE (docs/reference/settings.md).")
    path = Path(text).expanduser()
    vocabulary = path.with_name("vocab.txt")
    for one in (path, vocabulary):
        if not one.is_file():
            raise UserError(f"WINBACK_EMBEDDER_FILE: there is no file {one}; a model is an .onnx file with its vocab.txt beside it.")  # fmt: skip
    if importlib.util.find_spec("onnxruntime") is None:
        raise UserError('ONNX files are read by onnxruntime; add it with: pip install "winback[minilm]".')
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()[:12]
    known = f"file:{path.stem[:40]}:{digest}"
    if name not in ("file", known):
        raise UserError(f'The codebook was made with the vectors of "{name}"; WINBACK_EMBEDDER_FILE names "{known}". Vectors of two models are never mixed.')  # fmt: skip
    from winback.text.installed_models import MiniLM

    words = vocabulary.read_text(encoding="utf-8").split("\n")
    return MiniLM.of_file(path, {word.rstrip("\r"): number for number, word in enumerate(words) if word.strip()}, known)
