"""Jumps in a ready cube of leaves: bad ones and all by time, or sums with a forecast; many cases in one file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from winback.analysis.flareups_panel import unique_rows
from winback.analysis.localise import (
    DEPTH,
    Localisation,
    code_columns,
    describe,
    named_in,
    share_case,
    share_table,
    sum_table,
)  # fmt: skip
from winback.analysis.sheet import Sheet, read_sheet
from winback.connectors.csvfile.naming import words_of
from winback.connectors.csvfile.staging import stage
from winback.errors import UserError
from winback.stats.explaining import LEVEL, explain_sums

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

TIME_NAMES = ("time", "timestamp", "ts", "date", "at", "moment", "minute", "hour", "day", "week", "month", "period")
CALM = 1.5  # times the usual odds: a time before the jump that is above is left out, the jump had begun


@dataclass(frozen=True)
class Cube:
    """A file of leaves: its attributes, and where one case ends and another begins."""

    sheet: Sheet
    attributes: tuple[str, ...]
    case: str | None

    def cases(self) -> Iterator[tuple[str, Integers]]:
        """Every case with its rows, in the order of the file."""
        if self.case is None:
            yield "", np.arange(len(self.sheet))
            return
        places: dict[str, list[int]] = {}
        for row, text in enumerate(self.sheet.texts[self.case]):
            places.setdefault(text or "", []).append(row)
        for text, rows in places.items():
            yield text, np.array(rows)

    def codes(self, rows: Integers, weights: Floats) -> tuple[list[str], list[tuple[str, ...]], Integers]:
        """Attributes that have values in these rows, their values, and the codes of every row."""
        texts = {name: [self.sheet.texts[name][row] for row in rows.tolist()] for name in self.attributes}
        kept = [name for name in self.attributes if any(text is not None for text in texts[name])]
        values, codes = code_columns([pa.array(texts[name], pa.string()) for name in kept], weights)
        return kept, values, codes


def read_cube(
    path: str | Path, *, numbers: Sequence[str], by: Sequence[str] = (), case: str | None = None, at: str | None = None
) -> Cube:
    """Read a cube; without `by` every further column is an attribute. Raises UserError where there is none."""
    texts = [name for name in (case, at, *by) if name is not None]
    sheet = read_sheet(path, texts=texts, numbers=numbers, rest=not by)
    known = {*texts, *numbers} - set(by)
    attributes = tuple(by) or tuple(name for name in sheet.names if name not in known)
    if not attributes:
        raise UserError(f"{sheet.name} has no column to localise among; name attributes with --by COL.")
    return Cube(sheet, attributes, case)


def localise_shares(
    cube: Cube, *, bad: str, total: str, time: str, at: str | None = None, depth: int = DEPTH, level: float = LEVEL
) -> Localisation:
    """Every case of a cube with bad ones and all by time: what explains the last time (or `at`), by those before.

    Raises UserError where a case has one time only, or more bad ones than all.
    """
    y, n = cube.sheet.needs_counts(bad), cube.sheet.needs_counts(total)
    if (over := y > n).any():
        row = int(np.argmax(over))
        raise UserError(
            f'{cube.sheet.name} line {cube.sheet.lines[row]}: "{bad}" is {y[row]:g}, more than "{total}", {n[row]:g}.'
        )
    found: list[dict[str, Any]] = []
    cases: list[dict[str, Any]] = []
    for name, rows in cube.cases():
        times = _times([cube.sheet.texts[time][row] for row in rows.tolist()])
        # Of many cases each has times of its own: its last one that is not after the time asked for.
        chosen = times.max() if at is None else times[times <= _moment(at)].max(initial=-np.inf)
        past, now = rows[times < chosen], rows[times == chosen]
        where = f" of case {name}" if name else ""
        if not len(now):
            raise UserError(f'{cube.sheet.name}: nothing{where} is at the time "{at}" or before it.')
        if not len(past):
            raise UserError(
                f"{cube.sheet.name}: nothing{where} comes before the jump; it takes at least one time to compare with."
            )
        past = _calm(past, times[times < chosen], y, n)
        both = np.r_[past, now]
        names, values, codes = cube.codes(both, n[both])
        leaf, place = unique_rows(codes)
        first = np.arange(len(both)) < len(past)
        before, after = (
            (summed(place[part], y[both][part], len(leaf)), summed(place[part], n[both][part], len(leaf)))
            for part in (first, ~first)
        )
        new, case = share_case(name, names, values, leaf, before, after, depth=depth, level=level)
        found += new
        cases.append(case)
    return Localisation(table=share_table(found), cases=tuple(cases))


def _calm(past: Integers, times: Floats, y: Floats, n: Floats) -> Integers:
    """Without the times at which the jump had begun: those far above the middle one."""
    marks, place = np.unique(times, return_inverse=True)
    if len(marks) < 3:
        return past
    rates = np.bincount(place, y[past]) / np.maximum(np.bincount(place, n[past]), 1.0)
    return past[(rates <= CALM * np.median(rates) + 1e-12)[place]]


def time_column(path: str | Path, at: str, date: str | None) -> tuple[str, str | None]:
    """The column of the time, and the time asked for: `at` is one of the two.

    Raises UserError where `at` is no column and no column is plainly the time.
    """
    staged = stage(Path(path))
    known = {words_of(name): name for name in staged.names}
    if at in staged.names or words_of(at) in known:
        return known.get(words_of(at), at), None
    found = date or next((known[name] for name in TIME_NAMES if name in known), None)
    if found is None:
        raise UserError(
            f'No column of {staged.facts.name} is called "{at}", or plainly the time; name it with --date COL.'
        )
    return found, at


def _times(texts: Sequence[str | None]) -> Floats:
    """Times as numbers: as they are, or seconds of a date."""
    found = np.array([_seconds(text or "") for text in texts], dtype=np.float64)
    if np.isnan(found).any():
        wrong = texts[int(np.argmax(np.isnan(found)))]
        raise UserError(f'The time "{wrong or ""}" is neither a number nor a date like 2026-01-31 or 2026-01-31 14:05.')
    return found


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        pass
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return float("nan")
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp()


def _moment(at: str) -> float:
    found = _seconds(at)
    if np.isnan(found):
        raise UserError(f'The time "{at}" is neither a number nor a date like 2026-01-31 or 2026-01-31 14:05.')
    return found


def localise_sums(cube: Cube, *, actual: str, forecast: str, depth: int = DEPTH, level: float = LEVEL) -> Localisation:
    """Every case of a cube of sums with a forecast: what explains that they are not what was forecast."""
    a, f = cube.sheet.needs_counts(actual), cube.sheet.needs_counts(forecast)
    found: list[dict[str, Any]] = []
    cases: list[dict[str, Any]] = []
    for name, rows in cube.cases():
        names, values, codes = cube.codes(rows, np.maximum(a[rows], f[rows]))
        leaf, place = unique_rows(codes)
        came, due = summed(place, a[rows], len(leaf)), summed(place, f[rows], len(leaf))
        explained = explain_sums(leaf, came, due, depth=depth, level=level)
        gap = float(came.sum() - due.sum())
        new: list[dict[str, Any]] = []
        for number in range(len(explained.causes)):
            inside = explained.members(number)
            own, own_due = float(came[inside].sum()), float(due[inside].sum())
            new.append({
                "case": name, **named_in(explained, number, names, values), "actual": own, "forecast": own_due,
                "ratio": own / own_due if own_due else None, "p": explained.p[number],
                "share_explained": (own - own_due) / gap if gap else None,
            })  # fmt: skip
        new.sort(key=lambda row: -abs(float(row["actual"]) - float(row["forecast"])))
        cases.append(_sum_case(name, new, float(came.sum()), float(due.sum()), explained.everywhere))
        found += new
    return Localisation(table=sum_table(found), cases=tuple(cases), kind="sum")


def summed(place: Integers, values: Floats, size: int) -> Floats:
    """Sums of values by leaf."""
    return np.asarray(np.bincount(place, values, size), dtype=np.float64)


def _sum_case(name: str, rows: Sequence[dict[str, Any]], came: float, due: float, everywhere: bool) -> dict[str, Any]:
    change = f"{came:,.6g} came where {due:,.6g} were forecast"
    if everywhere:
        said = f"{change}, off in all leaves alike: these attributes do not explain it."
    elif not rows:
        said = f"{change}; nothing in these attributes explains a difference."
    else:
        more = f", and {len(rows) - 1} more" if len(rows) > 1 else ""
        first = rows[0]
        said = (
            f"{change}; what explains it most is {describe(first)} "
            f"({first['actual']:,.6g} where {first['forecast']:,.6g} were forecast){more}."
        )
    return {
        "case": name,
        "answer": said,
        "external": not rows,
        "everywhere": everywhere,
        "actual": came,
        "forecast": due,
    }
