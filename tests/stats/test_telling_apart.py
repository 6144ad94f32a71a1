"""A direction in which groups differ within themselves tells nothing."""

from __future__ import annotations

import numpy as np

from winback.stats.telling_apart import WIDEST, metric, turned, turning


def test_what_varies_within_groups_counts_little() -> None:
    wide = np.linspace(-1, 1, 9)
    rows = np.array([[side, w, 0.1 * w] for side in (1, -1) for w in wide], dtype=np.float32)
    by = metric(rows, np.repeat([0, 1], 9))
    assert by is not None
    assert np.isclose(np.trace(by), 3) and by[1, 1] < by[0, 0] / 3
    # nearer to the second by its width alone: turned, it is the first's
    centres = np.array([[1, 0, 0], [0, 1, 0]], dtype=np.float32)
    row = np.array([[0.6, 0.8, 0]], dtype=np.float32)
    assert (row @ centres.T).argmax() == 1
    turn = turning(by)
    assert (turned(row, turn) @ turned(centres, turn).T).argmax() == 0
    np.testing.assert_allclose(np.linalg.norm(turned(rows, turn), axis=1), 1, atol=1e-6)


def test_one_group_equal_rows_or_too_many_dimensions_have_none() -> None:
    rows = np.eye(4, dtype=np.float32)
    assert metric(rows, np.zeros(4, dtype=np.int64)) is None
    assert metric(np.repeat(rows[:2], 3, axis=0), np.repeat([0, 1], 3)) is None
    assert metric(np.zeros((4, WIDEST + 1), dtype=np.float32), np.array([0, 0, 1, 1])) is None
