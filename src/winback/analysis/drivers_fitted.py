"""One model of drivers: how much of the score they explain, each one's part of it, and its intervals."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from winback.analysis.driver_columns import DriverColumn, describe
from winback.errors import UserError
from winback.stats.incomplete import bootstrap_covariances, moments
from winback.stats.relative_importance import MOST_DRIVERS, lmg, relative_weights
from winback.stats.resampling import percentile_interval

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

EACH = 10  # answers needed for each column of the drivers, and for any two of them together

_TEXTS = pa.list_(pa.string())
SCHEMA = pa.schema(
    [("by", _TEXTS), ("segment", _TEXTS), ("driver", pa.string()), ("kind", pa.string()), ("scale", pa.string()), ("nested", pa.bool_()), ("answered", pa.int64())]
    + [
        (name, pa.float64())
        for name in ("blank_share", "mean", "dissatisfied", "slope", "importance", "low", "high", "contribution", "relative_weight")
    ]
    + [(name, pa.int64()) for name in ("rank", "rank_low", "rank_high")]
    + [("priority", pa.float64())]
)  # fmt: skip
MODELS = pa.schema(
    [("by", _TEXTS), ("segment", _TEXTS), ("answers", pa.int64()), ("complete", pa.int64())]
    + [(name, pa.float64()) for name in ("r_squared", "r_squared_low", "r_squared_high")]
    + [("method", pa.string()), ("suppressed", pa.bool_())]
)


@dataclass(frozen=True)
class Settings:
    level: float
    replicates: int
    seed: int


def fit(
    by: tuple[str, ...],
    segment: tuple[str | None, ...],
    read: list[DriverColumn],
    score: Floats,
    weights: Floats,
    chosen: Bools,
    settings: Settings,
    *,
    strict: bool,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The row of the model and the rows of its drivers. Where `strict`, too few answers raise UserError."""
    chosen = chosen & (weights > 0)
    used = [one for one in read if _varies(one, chosen)]
    y, w = score[chosen], weights[chosen]
    values = np.column_stack([*(one.columns[chosen] for one in used), y])
    model: dict[str, Any] = {
        "by": list(by), "segment": list(segment), "answers": int(chosen.sum()),
        "complete": int((~np.isnan(values).any(axis=1)).sum()), "suppressed": False,
        "method": "lmg" if len(used) <= MOST_DRIVERS else "relative_weights",
    }  # fmt: skip
    trouble = _too_few(used, values)
    if trouble and strict:
        raise UserError(trouble)
    if trouble:
        return model | {"suppressed": True, "method": None}, []
    rows = [_described(by, segment, one, chosen, weights) for one in read]
    if not used or np.ptp(y) == 0:
        return model | {"method": None}, rows
    edges = np.cumsum([0, *(one.columns.shape[1] for one in used)])
    groups = [list(range(first, last)) for first, last in pairwise(edges.tolist())]
    fitted = moments(values, w)
    measure = lmg if len(used) <= MOST_DRIVERS else relative_weights
    parts, johnson = measure(fitted.covariance, groups), relative_weights(fitted.covariance, groups)
    samples = bootstrap_covariances(values, w, replicates=settings.replicates, seed=settings.seed, fitted=fitted)
    replicates = measure(samples, groups)
    whole = replicates.sum(axis=1, keepdims=True)
    shares = np.divide(replicates, whole, out=np.full(replicates.shape, np.nan), where=whole > 0)
    shares = np.clip(shares, 0.0, 1.0)  # with holes and few answers a sample's covariance may be no covariance
    ranks = np.asarray(np.argsort(np.argsort(-replicates, axis=1), axis=1) + 1.0, dtype=np.float64)
    low, high = percentile_interval(np.asarray(np.clip(whole[:, 0], 0.0, 1.0), dtype=np.float64), settings.level)
    total = float(parts.sum())
    model |= {"r_squared": min(total, 1.0), "r_squared_low": low, "r_squared_high": high}
    order = np.argsort(-parts, kind="stable")
    by_name = {row["driver"]: row for row in rows}
    for rank, place in enumerate(order, 1):
        one, row = used[place], by_name[used[place].name]
        row |= {"contribution": float(parts[place]), "rank": rank}
        if total > 0:
            row |= {"importance": float(parts[place] / total), "relative_weight": float(johnson[place] / johnson.sum())}
            row["low"], row["high"] = percentile_interval(shares[:, place], settings.level)
            row["rank_low"], row["rank_high"] = (
                round(end) for end in percentile_interval(ranks[:, place], settings.level)
            )
        if one.columns.shape[1] == 1 or one.nested:
            column = groups[place][0]
            row["slope"] = float(fitted.covariance[column, -1] / fitted.covariance[column, column])
        if row.get("importance") is not None and row["dissatisfied"] is not None and row.get("slope", 0.0) >= 0:
            row["priority"] = row["importance"] * row["dissatisfied"]
    ranked = [by_name[used[place].name] for place in order]
    return model, [*ranked, *(row for row in rows if row not in ranked)]


def _varies(one: DriverColumn, chosen: Bools) -> bool:
    columns = one.columns[chosen]
    spread = [np.ptp(column[~np.isnan(column)]) if (~np.isnan(column)).any() else 0.0 for column in columns.T]
    return max(spread, default=0.0) > 0


def _too_few(used: list[DriverColumn], values: Floats) -> str | None:
    """What to say where the answers do not carry the drivers; None where they do."""
    width = max(values.shape[1] - 1, 1)
    needed = EACH * width
    if len(values) < needed:
        return (
            f"{len(values):,} {'answer is' if len(values) == 1 else 'answers are'} too few for {width} {'column' if width == 1 else 'columns'} of drivers; "
            f"{needed:,} are needed ({EACH} for each). Name fewer drivers, or wait for more answers."
        )
    there = (~np.isnan(values)).astype(np.float64)
    together = there.T @ there
    owner = [one.name for one in used for _ in range(one.columns.shape[1])]
    for first in range(width):
        for second in range(first, width):
            if together[first, second] < EACH:
                number = int(together[first, second])
                if first == second or owner[first] == owner[second]:
                    return f'"{owner[first]}" was answered by {number:,}; at least {EACH} are needed. Leave it out.'
                return (
                    f'"{owner[first]}" and "{owner[second]}" were answered together by {number:,}; at least {EACH} are '
                    "needed to part them. Leave one out."
                )
    return None


def _described(
    by: tuple[str, ...], segment: tuple[str | None, ...], one: DriverColumn, chosen: Bools, weights: Floats
) -> dict[str, Any]:
    """What is known of a driver by itself."""
    answered = one.answered & chosen
    number, total = int(answered.sum()), int(chosen.sum())
    heavy = weights[answered]
    low = one.dissatisfied()[answered]
    is_number = one.kind in ("rating", "measure", "yes_no") and number > 0
    return {
        "by": list(by), "segment": list(segment), "driver": one.name, **describe(one), "answered": number,
        "blank_share": 1.0 - number / total if total else None,
        "mean": float(np.average(one.values[answered], weights=heavy)) if is_number else None,
        "dissatisfied": float(np.average(low, weights=heavy)) if one.scale is not None and number else None,
    }  # fmt: skip
