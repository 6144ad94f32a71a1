"""What is told of each flare-up: seen and expected, the effect with its interval, its course, and what could be noticed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from winback.stats.families import Family
from winback.stats.noticeable import LARGEST, PERIODS, noticeable_rise
from winback.stats.watching import Watched

Floats = NDArray[np.float64]

_Z = 1.959964
COURSE = 26  # periods of a finding's course that are told


def effect(y: Floats, n: Floats, seen: Watched, s: int, j: int, family: Family, measure: str) -> dict[str, Any]:
    """Seen and expected in a window, and the effect with its interval, drawn a little to nought: only the highest are told.

    The prior is normal round no change, as wide as three times the odds (Gelman and Carlin, "Beyond power calculations",
    Perspectives on Psychological Science 9, 2014, on why estimates that passed a test are too large).
    """
    mean, dispersion, spread = float(seen.expected[s, j]), seen.noise[j].dispersion, seen.off(s, j, len(n))
    inflation = family.inflation(n, np.full(n.shape, mean), dispersion)
    base, prior = float(family.link(mean)), 1.0 / family.unit**2
    moved, information = 0.0, prior
    for _ in range(30):
        now = family.mean(family.inside(np.array([base + moved])))
        information = float((n / inflation).sum()) * float(family.information(now)[0]) + prior
        gradient = float(((y - n * now[0]) / inflation).sum()) * family.steep - moved * prior
        moved += float(np.clip(gradient / information, -family.unit, family.unit))
    error = float(np.sqrt(1.0 / information + spread**2))
    ends = [moved, moved - _Z * error, moved + _Z * error]
    told = (
        [100.0 * end for end in ends] if measure == "score" else [float(np.exp(np.clip(end, -20, 20))) for end in ends]
    )
    counts = measure in ("volume", "silence")
    whole = float(n.sum())
    return {
        "bad": float(y.sum()), "expected": float((n * mean).sum()),
        "share": None if counts or not whole else float(y.sum()) / whole,
        "expected_share": None if counts else mean, "odds_ratio": told[0], "low": told[1], "high": told[2],
    }  # fmt: skip


def history(
    y: Floats, n: Floats, answers: Floats, seen: Watched, s: int, j: int, t: int, window: slice, family: Family,
    measure: str, periods: Sequence[str],
) -> list[dict[str, Any]]:  # fmt: skip
    """The last half year of a segment, with where 95 % of such periods fall by the baseline of the period judged."""
    rows = []
    at = np.array([float(seen.expected[s, j])])
    mean, counts = float(at[0]), measure in ("volume", "silence")
    slow = seen.off(s, j, 1) * float(family.information(at)[0]) / family.steep
    for c in range(max(0, t + 1 - COURSE), t + 1):
        size = float(n[c])
        width = 0.0
        if size > 0:
            inflation = float(family.inflation(np.array([size]), at, seen.noise[j].dispersion)[0])
            width = _Z * float(np.sqrt(float(family.variance(at)[0]) * inflation / size + slow**2))
        scale = size if counts else 1.0
        floor, top = (-1.0 if measure == "score" else 0.0), (np.inf if counts else 1.0)
        rows.append({
            "period": periods[c], "answers": int(answers[c]), "bad": float(y[c]),
            "share": None if size <= 0 else float(y[c]) / (1.0 if counts else size),
            "expected": mean * scale, "low": max(mean - width, floor) * scale,
            "high": float(min((mean + width) * scale, top)), "burning": window.start <= c < window.stop,
        })  # fmt: skip
    return rows


def noticed(
    names: Sequence[tuple[Sequence[str], Sequence[str]]], seen: Watched, answers: Floats, measure: str
) -> pa.Table:
    """Every watched segment with its answers a period of late, and the smallest rise it could have shown in four."""
    lately = answers[:, -8:].mean(axis=1)
    least, expected = np.full(len(names), np.nan), np.full(len(names), np.nan)
    if len(seen.columns):
        expected = seen.expected[:, -1]
        judged = ~np.isnan(expected)
        if measure in ("detractors", "themes") and judged.any():
            rise = noticeable_rise(
                4.0 * lately[judged], expected[judged], score=float(seen.threshold[-1]),
                dispersion=seen.noise[-1].dispersion,
                spread=np.sqrt(seen.spread[judged, -1] ** 2 + seen.noise[-1].mean_of(PERIODS)),
            )  # fmt: skip
            least[judged] = np.where(rise >= LARGEST, np.nan, rise)
    return pa.table(
        {
            "by": pa.array([list(by) for by, _ in names], pa.list_(pa.string())),
            "segment": pa.array([list(values) for _, values in names], pa.list_(pa.string())),
            "theme": pa.nulls(len(names), pa.string()),
            "answers": pa.array(lately),
            "expected_share": pa.array(expected, mask=np.isnan(expected)),
            "noticeable": pa.array(least, mask=np.isnan(least)),
        }
    )


_TYPES: dict[str, pa.DataType] = {
    "by": pa.list_(pa.string()), "segment": pa.list_(pa.string()), "since": pa.date32(), "until": pa.date32(),
    "period": pa.date32(), "answers": pa.int64(), "bad": pa.float64(), "expected": pa.float64(), "share": pa.float64(),
    "expected_share": pa.float64(), "odds_ratio": pa.float64(), "low": pa.float64(), "high": pa.float64(),
    "p": pa.float64(), "q": pa.float64(), "score": pa.float64(), "folded": pa.int64(), "provisional": pa.bool_(),
    "revenue": pa.string(), "theme": pa.string(),
}  # fmt: skip


def table_of(rows: Sequence[Mapping[str, Any]], *, dated: bool) -> pa.Table:
    """Findings as a table; days as dates, or as the text they had in the file."""
    kinds = _TYPES if dated else {**_TYPES, **dict.fromkeys(("since", "until", "period"), pa.string())}
    return pa.table({name: pa.array([row.get(name) for row in rows], kind) for name, kind in kinds.items()})
