"""A few coded comments teach, and a theme's name helps where nothing was coded."""

from __future__ import annotations

import numpy as np

from winback.stats.learning import MOST, learn


def test_themes_are_learned_from_meaning_spelling_and_name() -> None:
    texts = ["late parcel", "parcel came late", "rude agent", "agent was rude", "late parcel and rude agent"] * 3
    named = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0], [1, 1, 0]] * 3, dtype=bool)
    rows = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0], [0.7, 0.7, 0]] * 3, dtype=np.float32)
    found = learn(texts, rows, named, ["Delivery", "Manner", "Parking"], np.eye(3, dtype=np.float32))
    scores = found.scores(["parcel late", "rude", "parking"], np.eye(3, dtype=np.float32))
    assert (scores.argmax(axis=1) == [0, 1, 2]).all()
    given = scores >= found.thresholds
    assert given[0].tolist() == [True, False, False] and given[1].tolist() == [False, True, False]


def test_without_any_coded_comment_names_alone_teach() -> None:
    none = np.zeros((0, 2), dtype=np.float32)
    found = learn([], none, np.zeros((0, 2), dtype=bool), ["Price", "Food"], np.eye(2, dtype=np.float32))
    assert found.scores(["price", "food"], np.eye(2, dtype=np.float32)).argmax(axis=1).tolist() == [0, 1]
    assert found.thresholds.tolist() == [0.3, 0.3] and MOST > 1000
