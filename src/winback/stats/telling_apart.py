"""What tells groups apart: differences that also occur within groups count little, those that do not count much.

A linear discriminant with one covariance for all groups, by angles and without a prior: a theme that many name is not
preferred. The covariance within groups is drawn towards a sphere, as there are hundreds of dimensions and mostly thousands
of rows.

References: R. Fisher, Annals of Eugenics 7, 1936; J. Friedman, "Regularized Discriminant Analysis", JASA 84, 1989.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

SPHERE = 0.5  # times the mean variance, added in every direction
MOST = 20_000  # rows that are looked at
WIDEST = 768  # dimensions; beyond them a codebook would hold megabytes


def metric(rows: NDArray[np.float32], labels: NDArray[np.int64]) -> NDArray[np.float64] | None:
    """(d, d) inverse of the covariance within groups, of mean diagonal 1; None where one group is all or d is too large."""
    if rows.shape[1] > WIDEST or len(np.unique(labels)) < 2:
        return None
    rows, labels = rows[:MOST].astype(np.float64), labels[:MOST]
    order = np.argsort(labels, kind="stable")
    starts = np.flatnonzero(np.diff(labels[order], prepend=-1))
    sizes = np.diff(np.r_[starts, len(labels)])
    means = np.add.reduceat(rows[order], starts, axis=0) / sizes[:, None]
    away = rows[order] - np.repeat(means, sizes, axis=0)
    within = away.T @ away / len(rows)
    size = np.trace(within) / len(within)
    if size <= 0:
        return None
    found = np.linalg.inv(within + SPHERE * size * np.eye(len(within)))
    return np.asarray(found / (np.trace(found) / len(found)))


def turning(by: NDArray[Any]) -> NDArray[np.float32]:
    """What rows are turned with: (d, d), of a metric `by` as `metric` gives it."""
    return np.linalg.cholesky(by.astype(np.float64)).astype(np.float32)


def turned(rows: NDArray[np.float32], turn: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows of unit length such that their cosines are those in the metric that `turn` is of, as `turning` gives it."""
    found = rows @ turn
    return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9), dtype=np.float32)
