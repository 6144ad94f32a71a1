"""Flare-ups in a ready panel: one row a segment and period, counted by whoever wrote the file."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from winback.analysis.flareups import FALSE_RATE, Flareups, Measure, check
from winback.analysis.flareups_found import effect, history, noticed, table_of
from winback.analysis.flareups_panel import CYCLES, DAY_ZERO, Every
from winback.analysis.sheet import Sheet, read_sheet
from winback.analysis.tally import period_index
from winback.errors import UserError
from winback.stats.families import Count, Family, Share
from winback.stats.watching import COLD, Watched, watch

Floats = NDArray[np.float64]

LONGEST = 4000  # periods from the first to the last; more is a typing error in a date
_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})", re.IGNORECASE)
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")


@dataclass(frozen=True)
class Panel:
    """(S, T) sums and sizes; `segments` and `periods` as they stand in the file, "" for a period that has no row."""

    segments: tuple[str, ...]
    periods: tuple[str, ...]
    first: int
    every: Every
    bad: Floats
    total: Floats
    by: str


def read_panel(
    path: str | Path, *, segment: str, period: str, bad: str, total: str, every: Every | None = None
) -> Panel:
    """Read a panel. Periods are whole numbers, days, ISO weeks (2026-W05) or months (2026-05).

    Raises UserError, naming the line, for counts that are negative, more bad ones than all, or a segment and period
    that occurs twice.
    """
    sheet = read_sheet(path, texts=[segment, period], numbers=[bad, total])
    y, n = sheet.needs_counts(bad), sheet.needs_counts(total)
    if (over := y > n).any():
        at = int(np.argmax(over))
        raise UserError(f'{sheet.name} line {sheet.lines[at]}: "{bad}" is {y[at]:g}, more than "{total}", {n[at]:g}.')
    names = sorted({text or "" for text in sheet.texts[segment]}, key=_natural)
    place = {name: i for i, name in enumerate(names)}
    rows = np.array([place[text or ""] for text in sheet.texts[segment]])
    numbers, every = _numbers(sheet, period, every)
    first, last = int(numbers.min()), int(numbers.max())
    if last - first >= LONGEST:
        raise UserError(
            f'{sheet.name}: "{period}" runs from {sheet.texts[period][int(numbers.argmin())]} to '
            f"{sheet.texts[period][int(numbers.argmax())]}; that is more than {LONGEST:,} periods. Is one mistyped?"
        )
    shape = (len(names), last - first + 1)
    code = rows * shape[1] + numbers - first
    twice = np.bincount(code, minlength=shape[0] * shape[1])
    if (twice > 1).any():
        at = int(np.flatnonzero(code == int(np.argmax(twice > 1)))[1])
        raise UserError(
            f"{sheet.name} line {sheet.lines[at]}: {sheet.texts[segment][at]} has a second row for "
            f"{sheet.texts[period][at]}; a panel has one row a segment and period."
        )
    labels = [""] * shape[1]
    for number, text in zip(numbers.tolist(), sheet.texts[period], strict=True):
        labels[number - first] = text or ""
    laid = [np.asarray(np.bincount(code, values, shape[0] * shape[1]).reshape(shape), dtype=float) for values in (y, n)]
    return Panel(tuple(names), tuple(labels), first, every, laid[0], laid[1], segment)


def _natural(text: str) -> tuple[int, float, str]:
    try:
        return 0, float(text), text
    except ValueError:
        return 1, 0.0, text


def _numbers(sheet: Sheet, period: str, every: Every | None) -> tuple[NDArray[np.int64], Every]:
    """Periods as consecutive numbers, and what a period is."""
    known: dict[str | None, tuple[int, str]] = {}
    for line, text in zip(sheet.lines.tolist(), sheet.texts[period], strict=True):
        if text not in known:
            found = _number(text or "", every)
            if found is None:
                raise UserError(
                    f'{sheet.name} line {line}: "{period}" holds "{text or ""}"; a period is a whole number, a day '
                    "like 2026-01-31, a week like 2026-W05 or a month like 2026-01."
                )
            known[text] = found
    kinds = {kind for _, kind in known.values()}
    if len(kinds) > 1:
        raise UserError(f'{sheet.name}: "{period}" mixes {" and ".join(sorted(kinds))}; write all periods alike.')
    kind = kinds.pop()
    numbers = np.array([known[text][0] for text in sheet.texts[period]], dtype=np.int64)
    if kind in CYCLES and kind != "day":
        return numbers, cast(Every, kind)
    if kind == "number":
        return numbers, every or "week"
    days = np.unique(numbers)
    step = int(np.diff(days).min()) if len(days) > 1 else 1
    chosen: Every = every or ("day" if step < 7 else "week" if step < 28 else "month")
    if chosen == "day":
        return numbers, chosen
    return np.array(
        [period_index(DAY_ZERO + dt.timedelta(days=int(d)), chosen) for d in numbers], dtype=np.int64
    ), chosen


def _number(text: str, every: Every | None) -> tuple[int, str] | None:
    if re.fullmatch(r"-?\d{1,9}(\.0+)?", text):
        return int(float(text)), "number"
    try:
        if found := _WEEK.fullmatch(text):
            return period_index(dt.date.fromisocalendar(int(found[1]), int(found[2]), 1), "week"), "week"
        if found := _MONTH.fullmatch(text):
            return period_index(dt.date(int(found[1]), int(found[2]), 1), "month"), "month"
        return (dt.datetime.fromisoformat(text).date() - DAY_ZERO).days, "day"
    except ValueError:
        return None


def watch_panel(
    panel: Panel, *, measure: Measure = "detractors", last: int | None = None, false_rate: float = FALSE_RATE
) -> tuple[Flareups, pa.Table]:
    """What burns in a panel, in its last period or the `last` ones; and the figures of every cell watched.

    The second is a table of segment, period, score, p, q and alarm (0 or 1), for every period watched.
    """
    check(measure, false_rate, last or 1, 1)
    if measure in ("score", "themes"):
        raise UserError(
            f"A panel of bad ones and all has no {measure} to watch; watch detractors (whatever its bad ones are), "
            "volume or silence."
        )
    family: Family = Share()
    total, size = panel.bad, panel.total
    if measure != "detractors":
        family = Count(falling=measure == "silence")
        total, size = panel.total, np.broadcast_to(panel.total.sum(axis=0), panel.total.shape)
    periods = panel.total.shape[1]
    columns = range(COLD if last is None else max(COLD, periods - last), periods)
    times = np.arange(panel.first, panel.first + periods, dtype=np.float64)
    seen = watch(
        total, size, times, family=family, cycles=CYCLES[panel.every], false_rate=false_rate, columns=columns,
        since=np.where((panel.total > 0).any(axis=1), np.argmax(panel.total > 0, axis=1), periods),
    )  # fmt: skip
    return _found(panel, seen, total, size, family, measure, false_rate, columns), scores(panel, seen)


def scores(panel: Panel, seen: Watched) -> pa.Table:
    """One row for every cell that was judged."""
    told = ~np.isnan(seen.score)
    s, j = np.nonzero(told)
    at = seen.columns[j]
    here = np.array([panel.periods[c] != "" for c in at.tolist()], dtype=bool)
    s, j, at = s[here], j[here], at[here]
    return pa.table(
        {
            "segment": pa.array([panel.segments[i] for i in s.tolist()]),
            "period": pa.array([panel.periods[c] for c in at.tolist()]),
            "score": pa.array(np.maximum(seen.score[s, j], -700.0)),
            "p": pa.array(seen.p[s, j]),
            "q": pa.array(seen.q[s, j]),
            "alarm": pa.array(seen.alarm[s, j].astype(np.int64)),
        }
    )


def _found(
    panel: Panel, seen: Watched, total: Floats, size: Floats, family: Family, measure: Measure, false_rate: float,
    columns: Sequence[int],
) -> Flareups:  # fmt: skip
    found: list[tuple[float, dict[str, Any], list[dict[str, Any]]]] = []
    final = seen.columns[-1] if len(seen.columns) else -1
    for s, j in zip(*np.nonzero(seen.alarm), strict=True):
        t = int(seen.columns[j])
        # A fire that was called before and still burns is one finding, told as it stands last.
        if t < final and bool(seen.alarm[s, j + 1]):
            continue
        window = slice(t + 1 - int(seen.began[s, j]), t + 1)
        row = {
            "by": [panel.by], "segment": [panel.segments[s]], "since": panel.periods[window.start],
            "until": panel.periods[t], "period": panel.periods[t], "answers": int(panel.total[s, window].sum()),
            "p": float(seen.p[s, j]), "q": float(seen.q[s, j]), "score": float(seen.score[s, j]), "folded": 0,
            "provisional": False, "revenue": None,
            **effect(total[s, window], size[s, window], seen, s, j, family, measure),
        }  # fmt: skip
        told = history(total[s], size[s], panel.total[s], seen, s, j, t, window, family, measure, panel.periods)
        found.append((row["score"], row, told))
    found.sort(key=lambda item: -item[0])
    names = [((panel.by,), (segment,)) for segment in panel.segments]
    return Flareups(
        table=table_of([row for _, row, _ in found], dated=False),
        watched=noticed(names, seen, panel.total, measure),
        measure=measure, every=panel.every, false_rate=false_rate, judged=tuple(panel.periods[c] for c in columns),
        thin=0, histories=tuple(tuple(told) for _, _, told in found),
    )  # fmt: skip
