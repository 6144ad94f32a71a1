from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from winback.text.embedding import DEFAULT, Floats, embedder
from winback.text.nearest import Vectors, embed, write

SAID = [
    "The parcel came late",
    "Rude staff at the desk",
    "",
    "Too expensive by far",
    "It arrived days after it was promised",
]


def stored(folder: Path, name: str = "a", start: int = 0) -> Path:
    path = folder / f"{name}.arrow"
    assert write(path, [(range(start, start + 3), SAID[:3]), ([start + 3, start + 4], SAID[3:])], embedder()) == 4
    return path


def test_the_nearest_first_in_several_files_and_what_has_no_words_in_none(tmp_path: Path) -> None:
    vectors = Vectors([stored(tmp_path), stored(tmp_path, "b", 10)], DEFAULT)
    assert vectors.count == 8
    query = embed("the delivery was late", embedder())
    assert query is not None
    near = vectors.nearest(query)
    assert near.ids.tolist()[:4] == [0, 10, 4, 14], "equals stand by their ids"
    exact = embedder().embed([SAID[0]])[0] @ query
    assert near.cosines[0] == pytest.approx(exact, abs=0.005)
    assert np.all(np.diff(near.cosines) <= 0)
    assert vectors.of(query, np.array([3, 4, 99])).ids.tolist() == [4, 3]


def test_signs_choose_whom_the_cosine_ranks(tmp_path: Path) -> None:
    texts = [f"Number {place} about {'parking' if place % 50 == 0 else 'the food'} today" for place in range(500)]
    path = tmp_path / "a.arrow"
    write(path, [(range(500), texts)], embedder())
    query = embed("parking", embedder())
    assert query is not None
    near = Vectors([path], DEFAULT).nearest(query, most=20)
    assert len(near.ids) == 20
    assert sorted(near.ids.tolist()[:10]) == list(range(0, 500, 50))


def test_nothing_and_other_models_and_files_that_are_gone(tmp_path: Path) -> None:
    assert embed("!!", embedder()) is None
    empty = tmp_path / "e.arrow"
    assert write(empty, [], embedder()) == write(empty, [([1], ["?"])], embedder()) == 0
    query = embed("late", embedder())
    assert query is not None
    for vectors in (
        Vectors([empty], DEFAULT), Vectors([stored(tmp_path)], "another"), Vectors([tmp_path / "none"], DEFAULT), Vectors([], DEFAULT),
    ):  # fmt: skip
        assert vectors.count == 0
        assert len(vectors.nearest(query).ids) == len(vectors.of(query, np.array([1])).ids) == 0


def test_dimensions_that_are_no_multiple_of_64(tmp_path: Path) -> None:
    class Small:
        name = "small"

        def embed(self, texts: Sequence[str]) -> Floats:
            return np.array([[1, -1, 0.5] if text else [0, 0, 0] for text in texts], dtype=np.float32)

    path = tmp_path / "s.arrow"
    assert write(path, [([7], ["x"])], Small()) == 1
    assert Vectors([path], "small").nearest(np.array([1, -1, 0.5], dtype=np.float32)).ids.tolist() == [7]
