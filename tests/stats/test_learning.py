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


def test_a_rare_theme_is_not_swallowed_and_a_doubted_name_teaches_less() -> None:
    texts = ["a parcel"] * 8 + ["a nurse"]
    named = np.array([[1, 0]] * 8 + [[0, 1]], dtype=bool)
    rows = np.array([[1, 0]] * 8 + [[0, 1]], dtype=np.float32)
    names, name_rows = ["Parcel", "Nurse"], np.eye(2, dtype=np.float32)
    between = np.full((1, 2), 0.5**0.5, dtype=np.float32)
    plain = learn(texts, rows, named, names, name_rows).scores(["it"], between)[0]
    assert plain[1] > named[:, 1].mean()
    apart = learn(texts, rows, named, names, name_rows).apart
    assert len(apart) == 9 and (np.diff(apart) >= 0).all() and apart[-1] > 0.9
    doubted = learn(texts, rows, named, names, name_rows, np.array([0.5, 0.05])).scores(["it"], between)[0]
    assert doubted[1] < plain[1]


def test_whether_themes_reach_from_group_to_group() -> None:
    texts = ["late", "later", "rude", "ruder"]
    rows = np.array([[1, 0], [1, 0], [0.6, 0.8], [0.6, 0.8]], dtype=np.float32)
    named = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], dtype=bool)
    names, none = ["Delivery", "Manner"], np.zeros((2, 2), dtype=np.float32)
    apart = learn(texts, rows, named, names, none, groups=np.array([0, 0, 1, 1]))
    across = learn(texts, rows, named, names, none, groups=np.array([0, 1, 0, 1]))
    assert apart.elsewhere is not None and apart.elsewhere < 1 == across.elsewhere
    assert learn(texts, rows, named, names, none).elsewhere is None
