"""Texts become directions; those that mean the like point the like way."""

from __future__ import annotations

import hashlib
from importlib import resources

import numpy as np
import pytest

from winback.errors import UserError
from winback.text.embedding import DEFAULT, MODELS, embedder, unit

PAIR = ["The parcel never arrived", "My delivery did not come", "The nurse was kind to me"]


@pytest.mark.parametrize("model", list(MODELS))
def test_the_like_lies_nearer_than_the_unlike(model: str) -> None:
    rows = embedder(model).embed([*PAIR, ""])
    assert rows.dtype == np.float32 and rows.shape[0] == 4
    assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.1
    np.testing.assert_allclose(np.linalg.norm(rows[:3], axis=1), 1, atol=1e-5)
    assert np.isfinite(rows).all()


def test_a_model_is_asked_for_by_a_name_that_is_known() -> None:
    assert embedder().name == "static-5"
    with pytest.raises(UserError, match='no model "gpt"; there are static'):
        embedder("gpt")


def test_unit_leaves_noughts() -> None:
    np.testing.assert_array_equal(
        unit(np.array([[3.0, 4.0], [0.0, 0.0]])), np.array([[0.6, 0.8], [0, 0]], dtype=np.float32)
    )


def test_other_weights_have_another_name() -> None:
    """What is stored goes by the name: where this fails, give the model a new one, and keep the old for old codebooks."""
    folder = resources.files("winback.text").joinpath("weights")
    digests = {
        name: hashlib.sha256(folder.joinpath(name).read_bytes()).hexdigest()[:12]
        for name in ("static.npz", "languages.npz")
    }
    assert digests == {"static.npz": "5e416b0df652", "languages.npz": "a4aff18f6161"}
    assert embedder(None).name == DEFAULT == "static-5"
