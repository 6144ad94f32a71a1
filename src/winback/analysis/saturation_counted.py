"""The figures of saturation, reduced from coded interviews: of the whole, of segments at equal coverage, by interviews."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from winback.analysis.coded import Coded, count_words
from winback.stats import rarefaction, richness, stopping
from winback.stats.outlook import outlook
from winback.stats.richness import Heard

MORE = (1, 5, 10, 20, 50)  # further interviews looked ahead to
STEPS = 60  # points of a curve, at most

_TEXTS = pa.list_(pa.string())
SCHEMA = pa.schema(
    [("by", _TEXTS), ("segment", _TEXTS)]
    + [(name, pa.int64()) for name in ("interviews", "without_theme", "mentions", "themes", "once", "twice")]
    + [
        (name, pa.float64())
        for name in (
            "coverage", "coverage_low", "coverage_high", "never_heard", "richness", "richness_low", "richness_high",
            "new_1", "new_1_low", "new_1_high", "new_20", "new_20_low", "new_20_high", "coverage_20", "coverage_20_low",
            "coverage_20_high", "gap_elsewhere", "gap_never",
        )
    ]
    + [("themes_elsewhere", pa.int64()), ("equal_interviews", pa.float64()), ("equal_themes", pa.float64()), ("suppressed", pa.bool_())]
)  # fmt: skip
ELSEWHERE = pa.schema(
    [("by", pa.string()), ("segment", pa.string()), ("theme", pa.string()), ("interviews", pa.int64()), ("chance", pa.float64())]
)  # fmt: skip


def figures(
    by: tuple[str, ...],
    segment: tuple[str | None, ...],
    data: Coded,
    chosen: NDArray[np.bool_],
    *,
    level: float,
    minimum: int,
    replicates: int,
    seed: int,
) -> dict[str, Any]:
    """One row of the table."""
    number = int(chosen.sum())
    heard = Heard.of(number, data.counts(chosen))
    row: dict[str, Any] = {
        "by": list(by), "segment": list(segment), "interviews": number, "without_theme": data.silent(chosen),
        "mentions": heard.mentions, "themes": heard.themes, "once": heard.once, "twice": heard.twice,
        "suppressed": number < minimum,
    }  # fmt: skip
    if number < minimum or not heard.mentions:
        return row
    low, high = richness.coverage_interval(heard, level=level)
    total = richness.chao2(heard, level=level)
    ahead = outlook(heard, [1, 20], level=level, replicates=replicates, seed=seed)
    row |= {
        "coverage": richness.coverage(heard), "coverage_low": low, "coverage_high": high,
        "never_heard": richness.unheard(heard), "richness": total.total,
        "richness_low": np.floor(total.low + 1e-9), "richness_high": np.ceil(total.high - 1e-9),  # whole themes
        "new_1": ahead.new[0], "new_1_low": ahead.new_low[0], "new_1_high": ahead.new_high[0],
        "new_20": ahead.new[1], "new_20_low": ahead.new_low[1], "new_20_high": ahead.new_high[1],
        "coverage_20": ahead.coverage[1], "coverage_20_low": ahead.coverage_low[1], "coverage_20_high": ahead.coverage_high[1],
    }  # fmt: skip
    return row


def segments(name: str, data: Coded, settings: dict[str, Any]) -> tuple[list[dict[str, Any]], list[str]]:
    """Rows of the segments of one attribute, the least heard first, and what there is to note."""
    rows, small = [], 0
    whole = data.counts(np.ones(data.interviews, dtype=bool))
    for value, chosen in data.splits[name]:
        row = figures((name,), (value,), data, chosen, **settings)
        small += row["suppressed"]
        mine = data.counts(chosen)
        row["themes_elsewhere"] = int(((mine == 0) & (whole > 0)).sum())
        if row.get("coverage") is not None:
            gap, once = 1.0 - row["coverage"], mine == 1
            # Were this interview away, would the theme it alone names here be known from others?
            alone = int((once & (whole == 1)).sum()) / max(int(once.sum()), 1)
            row |= {"gap_never": gap * alone, "gap_elsewhere": gap * (1.0 - alone)}
        rows.append(row)
    rows.sort(key=lambda row: (row["suppressed"], row.get("coverage") is None, row.get("coverage", 0.0)))
    notes = []
    if small:
        least = settings["minimum"]
        notes.append(f"{count_words(small, 'segment')} of {name} with fewer than {least} interviews {'shows' if small == 1 else 'show'} no figures.")  # fmt: skip
    return rows, notes


def at_equal_coverage(rows: list[dict[str, Any]], data: Coded, name: str) -> float | None:
    """Set interviews and themes of each row at a common coverage, and return it: what all reach at twice their size."""
    if not rows:
        return None
    masks = dict(data.splits[name])
    heard = {row["segment"][0]: Heard.of(row["interviews"], data.counts(masks[row["segment"][0]])) for row in rows}
    common = min(rarefaction.coverage_at(one, 2.0 * one.interviews) for one in heard.values())
    for row in rows:
        one = heard[row["segment"][0]]
        size = rarefaction.size_at(one, common)
        size = 2.0 * one.interviews if not np.isfinite(size) else size
        row |= {"equal_interviews": size, "equal_themes": float(rarefaction.themes_at(one, size))}
    return float(common)


def heard_elsewhere(name: str, data: Coded) -> list[dict[str, Any]]:
    """Themes that others named and the segment did not, the least likely to be missing by chance first."""
    kept = np.any([chosen for _, chosen in data.splits[name]], axis=0)
    whole = data.counts(kept)
    found = []
    for value, chosen in data.splits[name]:
        missing = np.flatnonzero((data.counts(chosen) == 0) & (whole > 0))
        chances = stopping.never_by_chance(whole[missing], int(chosen.sum()), int(kept.sum()))
        for place in np.lexsort((-whole[missing], chances)):
            found.append(
                {"by": name, "segment": value, "theme": data.names[missing[place]], "interviews": int(whole[missing[place]]), "chance": float(chances[place])}
            )  # fmt: skip
    return found


def looked_ahead(heard: Heard, *, level: float, replicates: int, seed: int) -> pa.Table:
    ahead = outlook(heard, MORE, level=level, replicates=replicates, seed=seed)
    names = ("new", "new_low", "new_high", "coverage", "coverage_low", "coverage_high")
    return pa.table({"more": pa.array(MORE, pa.int64())} | {name: _column(getattr(ahead, name)) for name in names})


def curve_of(heard: Heard, told: Heard, data: Coded, *, level: float, replicates: int, seed: int) -> pa.Table:
    """Themes by interviews: the mean over all orders within the data, foretold with its band beyond them."""
    t = heard.interviews
    within = np.unique(np.linspace(1, t, min(t, STEPS)).round().astype(np.int64))
    further = np.unique(np.linspace(1, max(20, t // 2), STEPS // 2).round().astype(np.int64))
    ahead = outlook(told, further, level=level, replicates=replicates, seed=seed)
    happened = np.cumsum(data.first_named())[within - 1] if data.ordered else np.zeros(0)
    blank = [None] * len(further)
    return pa.table(
        {
            "interviews": pa.array([*within.tolist(), *(t + further).tolist()], pa.int64()),
            "themes": _column(np.concatenate([rarefaction.themes_at(heard, within), heard.themes + ahead.new])),
            "low": pa.array([*[None] * len(within), *_listed(heard.themes + ahead.new_low)], pa.float64()),
            "high": pa.array([*[None] * len(within), *_listed(heard.themes + ahead.new_high)], pa.float64()),
            "coverage": _column(np.concatenate([[rarefaction.coverage_at(heard, size) for size in within], ahead.coverage])),
            "in_order": pa.array([*happened.tolist(), *blank] if data.ordered else [None] * (len(within) + len(further)), pa.int64()),
            "heard": pa.array([*[True] * len(within), *[False] * len(further)]),
        }
    )  # fmt: skip


def _listed(values: Any) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]


def _column(values: Any) -> pa.Array:
    return pa.array(_listed(np.asarray(values, dtype=np.float64)), pa.float64())
