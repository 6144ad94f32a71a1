"""What is strange: farther from all known places than all but a few of what is always said."""

from __future__ import annotations

import numpy as np
import pytest

from winback.stats.familiarity import ALIKE, FEWEST, RARE, familiarity, least_familiar
from winback.stats.landmarks import landmarks
from winback.stats.telling_apart import turning


def around(centres: np.ndarray, each: int, seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).standard_normal((len(centres) * each, centres.shape[1]))
    rows = np.repeat(centres, each, axis=0) + 0.15 * noise
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def test_the_nearest_place_counts() -> None:
    rows = np.array([[1, 0], [0.6, 0.8], [-1, 0]], dtype=np.float32)
    places = np.array([[1, 0], [0, 1]], dtype=np.float32)
    assert familiarity(rows, places).tolist() == pytest.approx([1.0, 0.8, 0.0])
    assert familiarity(rows, places[:0]).tolist() == [-1.0, -1.0, -1.0]
    # where the first dimension counts double, (.6, .8) lies at (1.2, .8): as near the one as the other would be at .8
    turn = turning(np.diag([4.0, 1.0]))
    assert familiarity(rows[1:2], places, turn).tolist() == pytest.approx([1.2 / (1.2**2 + 0.8**2) ** 0.5])


def test_few_of_the_next_ones_are_strange_and_most_of_another_kind() -> None:
    known, new = np.eye(24)[:12], np.eye(24)[12:]
    rows = around(known, 100, seed=1)
    least = least_familiar(rows)
    assert least is not None
    places = landmarks(rows)
    assert np.mean(familiarity(around(known, 100, seed=2), places) < least) < 2 * RARE
    assert np.mean(familiarity(around(new, 100, seed=3), places) < least) > 0.9


def test_where_all_is_alike_what_is_a_little_otherwise_is_not_strange() -> None:
    rows = around(np.eye(24)[:12], 100, seed=1)
    tight = around(np.eye(24)[:12], 100, seed=1) * 0.1 + np.repeat(np.eye(24)[:12], 100, axis=0)
    tight = np.asarray(tight / np.linalg.norm(tight, axis=1, keepdims=True), dtype=np.float32)
    assert least_familiar(tight) == ALIKE
    assert (least_familiar(rows) or 0) <= ALIKE


def test_too_few_tell_nothing() -> None:
    rows = around(np.eye(12), 100, seed=1)
    assert least_familiar(rows[: FEWEST - 1]) is None
    assert least_familiar(rows) == least_familiar(rows)
