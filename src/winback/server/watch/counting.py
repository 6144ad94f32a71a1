"""A segment within the counts of a look: its leaves, its periods, what was answered there and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winback.analysis.flareups_panel import Leaves

Flags = NDArray[np.bool_]


def mask(leaves: Leaves, by: Sequence[str], segment: Sequence[str]) -> Flags:
    """The leaves of a segment; none where it is not among them (any more)."""
    inside = np.ones(len(leaves.codes), dtype=bool)
    for name, value in zip(by, segment, strict=True):
        if name not in leaves.by or value not in leaves.values[leaves.by.index(name)]:
            return np.zeros(len(leaves.codes), dtype=bool)
        place = leaves.by.index(name)
        inside &= leaves.codes[:, place] == leaves.values[place].index(value)
    return inside


def columns(leaves: Leaves, since: dt.date, until: dt.date) -> list[int]:
    """The periods that begin within these days."""
    return [c for c in range(leaves.answers.shape[1]) if since <= leaves.start(c) <= until]


def counted(
    leaves: Leaves, by: Sequence[str], segment: Sequence[str], since: dt.date, until: dt.date
) -> tuple[int, float]:
    """Answers and bad ones of a segment in the periods that begin within these days."""
    chosen, inside = columns(leaves, since, until), mask(leaves, by, segment)
    return int(leaves.answers[inside][:, chosen].sum()), float(leaves.bad[inside][:, chosen].sum())


def by_period(leaves: Leaves, by: Sequence[str], segment: Sequence[str]) -> list[dict[str, Any]]:
    """Answers and bad ones of a segment in each period."""
    inside = mask(leaves, by, segment)
    answers, bad = leaves.answers[inside].sum(axis=0), leaves.bad[inside].sum(axis=0)
    return [
        {"period": leaves.start(c).isoformat(), "answers": int(answers[c]), "bad": float(bad[c])}
        for c in range(len(answers))
    ]
