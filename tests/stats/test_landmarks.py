"""Landmarks: a comment that comes alone is drawn to where those like it lie."""

from __future__ import annotations

import numpy as np

from tests.stats.test_grouping import planted
from winback.stats.landmarks import NEAREST, NUMBER, landmarks, with_places


def test_rows_of_one_group_lie_nearer_with_their_places() -> None:
    rows, truth = planted(6, 40, noise=0.25)
    marks = landmarks(rows)
    assert NEAREST < len(marks) <= NUMBER
    placed = with_places(rows, marks)
    assert placed.shape == (240, 48)
    np.testing.assert_allclose(np.linalg.norm(placed, axis=1), 1, atol=1e-5)
    own = truth[:, None] == truth[None]
    assert (placed @ placed.T)[own].mean() > (rows @ rows.T)[own].mean() + 0.05


def test_a_row_is_placed_alike_whoever_comes_with_it_and_too_few_make_no_map() -> None:
    rows, _ = planted(6, 40)
    marks = landmarks(rows, seed=3)
    np.testing.assert_array_equal(marks, landmarks(rows, seed=3))
    np.testing.assert_allclose(with_places(rows[:1], marks)[0], with_places(rows, marks)[0], atol=1e-6)
    few = landmarks(rows[: 2 * NEAREST - 1])
    assert few.shape == (0, 24)
    np.testing.assert_array_equal(with_places(rows, few), rows)
