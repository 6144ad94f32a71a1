"""A map of what was said once, by which later comments are read: each is drawn towards the places it lies nearest to.

What `diffused` does to comments that are there together, landmarks do to one that comes alone: words that mean little by
themselves are read in the company they mostly keep. A codebook carries its landmarks, so a comment's coding never depends
on what else is coded with it.

Reference: O. Delalleau, Y. Bengio and N. Le Roux, "Efficient Non-Parametric Function Induction in Semi-Supervised Learning",
AISTATS 2005.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from winback.stats.grouping import DRAW, diffused, small_groups

Floats = NDArray[np.float32]

NUMBER = 256  # landmarks, at most
NEAREST = 10  # that a comment is drawn to
MOST = 10_000  # comments a map is made from


def landmarks(rows: Floats, *, seed: int = 0) -> Floats:
    """(k, d) middles of small groups of rows of unit length; none where rows are too few to tell."""
    if len(rows) < 2 * NEAREST:
        return np.zeros((0, rows.shape[1]), dtype=np.float32)
    rng = np.random.default_rng(seed)
    if len(rows) > MOST:
        rows = rows[np.sort(rng.choice(len(rows), MOST, replace=False))]
    return small_groups(diffused(rows), rng, most=NUMBER)


def with_places(rows: Floats, marks: Floats) -> Floats:
    """(n, 2 d) of unit length: each row beside itself drawn to its nearest landmarks; (n, d) as given without landmarks."""
    if not len(marks):
        return rows
    found = np.zeros((len(rows), 2 * rows.shape[1]), dtype=np.float32)
    number = min(NEAREST, len(marks))
    for at in range(0, len(rows), 4096):
        block = rows[at : at + 4096]
        like = block @ marks.T
        near = np.argpartition(-like, number - 1, axis=1)[:, :number]
        weight = np.zeros_like(like)
        np.put_along_axis(weight, near, np.maximum(np.take_along_axis(like, near, axis=1), 1e-6) ** 2, axis=1)
        weight /= weight.sum(axis=1, keepdims=True)
        drawn = (1 - DRAW) * block + DRAW * (weight @ marks)
        drawn /= np.maximum(np.linalg.norm(drawn, axis=1, keepdims=True), 1e-9)
        found[at : at + 4096] = np.hstack([block, drawn])
    return np.asarray(found * np.float32(np.sqrt(0.5)), dtype=np.float32)
