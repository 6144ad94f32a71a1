"""One fire, one finding: alarms that another alarm explains are folded into it.

Segments overlap. Where North x Business burns, so do North, Business and North x Business x web, each a little. Alarms
are taken by the strength of their evidence; one is folded where what it has beyond those taken is within chance, and
one that was taken first is folded where the segment around it burns as much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winback.stats.families import Family

Floats = NDArray[np.float64]

BEYOND = 2.33  # deviations: one in a hundred lies beyond by chance


@dataclass(frozen=True)
class Burning:
    """An alarm: its leaves, its window (columns), the expected mean of each leaf and period in it."""

    members: NDArray[np.bool_]
    window: slice
    score: float
    spread: float
    dispersion: float


KNOWN = -1  # explained by a fire that is acknowledged


def fold(
    alarms: Sequence[Burning], total: Floats, size: Floats, expected: Floats, *, family: Family,
    known: Sequence[NDArray[np.bool_]] = (),
) -> list[int]:  # fmt: skip
    """For each alarm the one that explains it, its own number where none does; KNOWN where an acknowledged fire does.

    total, size and expected mean are (L, T) by leaf and period; `known` are the leaves of acknowledged fires. Where it
    burns again in just these leaves, that is news and told.
    """
    into = list(range(len(alarms)))
    order = sorted(into, key=lambda i: -alarms[i].score)
    taken: list[int] = []
    for i in order:
        left = alarms[i].members.copy()
        for members in known:
            if not np.array_equal(members, alarms[i].members):
                left &= ~members
        elsewhere = not np.array_equal(left, alarms[i].members)
        if elsewhere and not _burns(alarms[i], left, total, size, expected, family, 0.0):
            into[i] = KNOWN
            continue
        for j in taken:
            left &= ~alarms[j].members
        if taken and not _burns(alarms[i], left, total, size, expected, family, 0.0):
            into[i] = max(taken, key=lambda j: int((alarms[i].members & alarms[j].members).sum()))
            continue
        # What was taken before and lies wholly inside burns no more than the segment around it?
        for j in [j for j in taken if not (alarms[j].members & ~alarms[i].members).any()]:
            around = alarms[i].members & ~alarms[j].members
            if _burns(
                alarms[j],
                alarms[j].members,
                total,
                size,
                expected,
                family,
                _effect(alarms[i], around, total, size, expected, family),
            ):
                continue
            taken.remove(j)
            into = [i if place == j else place for place in into]
        taken.append(i)
    return into


def _effect(
    alarm: Burning, members: NDArray[np.bool_], total: Floats, size: Floats, expected: Floats, family: Family
) -> float:
    """By how much the predictor of these leaves has moved in the window."""
    y, n, mean = (part[members, alarm.window] for part in (total, size, expected))
    information = float((n * family.information(mean)).sum())
    if information <= 0:
        return 0.0
    return float(family.link(_mean(y.sum(), n.sum(), family)) - family.link(_mean((n * mean).sum(), n.sum(), family)))


def _mean(total: float, size: float, family: Family) -> float:
    """A mean off the ends of its scale."""
    return (total + 0.5 * family.unit) / (size + 1.0) if family.sign > 0 else total / max(size, 1.0)


def _burns(
    alarm: Burning, members: NDArray[np.bool_], total: Floats, size: Floats, expected: Floats, family: Family, moved: float
) -> bool:  # fmt: skip
    """Whether these leaves, in the alarm's window, are beyond chance, their predictor moved so far already."""
    y, n, mean = (part[members, alarm.window] for part in (total, size, expected))
    if n.sum() <= 0:
        return False
    raised = family.mean(family.inside(family.link(mean) + moved))
    variance = n * family.variance(raised)
    by_period = family.inflation(n.sum(axis=0), raised.mean(axis=0), alarm.dispersion)
    scale = float((variance.sum(axis=0) * by_period).sum())
    strength = float((n * family.information(raised)).sum())
    scale += (alarm.spread * strength / max(family.steep, 1e-12)) ** 2 if family.steep == 1.0 else 0.0
    return bool(family.sign * float((y - n * raised).sum()) > BEYOND * np.sqrt(max(scale, 1e-12)))
