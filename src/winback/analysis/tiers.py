"""Profit tiers: fifths of the customers by what they bring, and those who cost money as a tier of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from winback.analysis.counts import Counts, figure_columns
from winback.analysis.segments import money_text
from winback.scales import DETRACTOR, PASSIVE, PROMOTER

FIFTHS = 5
NEGATIVE = 0  # the tier of customers who cost more than they bring
UNHEARD = -1  # band of a customer who has not answered


def tiers_of(worth: NDArray[np.int64], among: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
    """The tier of each customer: 1 (brings most) to 5, NEGATIVE below nought. Equal worth, equal tier.

    Bounds are the fifths of those who bring nought or more; where many bring the same, a tier may be empty. `among`:
    whose fifths they are, where that is others than these; these themselves where none of the others brings nought or more.
    """
    tiers = np.full(len(worth), NEGATIVE, dtype=np.int64)
    positive = worth >= 0
    if positive.any():
        ranked = np.sort(worth[positive] if among is None or not (among >= 0).any() else among[among >= 0])
        below, upto = (np.searchsorted(ranked, worth[positive], side=side) for side in ("left", "right"))
        place = (below + upto) / 2.0 / len(ranked)  # the middle of those who bring the same
        tiers[positive] = FIFTHS - np.minimum((place * FIFTHS).astype(np.int64), FIFTHS - 1)
    return tiers


@dataclass(frozen=True)
class Standing:
    """Customers with what they bring (ten-thousandths) and the band of their latest answer (UNHEARD without one)."""

    worth: NDArray[np.int64]
    band: NDArray[np.int64]
    revenue: NDArray[np.int64] | None = None

    def heard(self) -> NDArray[np.bool_]:
        return np.asarray(self.band != UNHEARD)


def tier_rows(standing: Standing, *, level: float, minimum: int) -> list[dict[str, Any]]:
    """A row a tier that has customers, the most profitable first: customers, heard, money, cell, money_from_detractors."""
    tiers = tiers_of(standing.worth)
    everything = int(standing.worth.sum())
    rows = []
    present = [tier for tier in (*range(1, FIFTHS + 1), NEGATIVE) if (tiers == tier).any()]
    for tier in present:
        mine = tiers == tier
        money = int(standing.worth[mine].sum())
        counts = counts_of(standing.band[mine], standing.worth[mine])
        cell = {
            name: column.to_pylist()[0] for name, column in figure_columns(counts, level=level, minimum=minimum).items()
        }
        rows.append(
            {
                "tier": tier,
                "label": _label(tier, present),
                "customers": int(mine.sum()),
                "heard": int((mine & standing.heard()).sum()),
                "money": money_text(money),
                "share_of_money": money / everything if everything > 0 else None,
                **cell,
                "money_from_detractors": None if cell["suppressed"] else money_text(int(counts.money_detractors[0])),
            }
        )
    return rows


def _label(tier: int, present: list[int]) -> str:
    if tier == NEGATIVE:
        return "negative"
    positive = [other for other in present if other != NEGATIVE]
    if len(positive) > 1 and tier == positive[0]:
        return f"{tier} (most profitable)"
    return f"{tier} (least profitable)" if len(positive) > 1 and tier == positive[-1] else str(tier)


def counts_of(band: NDArray[np.int64], worth: NDArray[np.int64]) -> Counts:
    """One group's counts from the bands of its customers."""
    numbers = [np.array([int((band == which).sum())]) for which in (DETRACTOR, PASSIVE, PROMOTER)]
    return Counts(
        keys=pa.table({"all": pa.array([True])}),
        detractors=numbers[0],
        passives=numbers[1],
        promoters=numbers[2],
        weights=np.column_stack(numbers).astype(np.float64),
        weight_squares=np.column_stack(numbers).sum(axis=1).astype(np.float64),
        money=np.array([int(worth[band != UNHEARD].sum())]),
        money_detractors=np.array([int(worth[band == DETRACTOR].sum())]),
    )
