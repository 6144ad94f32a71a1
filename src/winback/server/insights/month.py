"""One month beside those before: how many answered, how they score, and who moved."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals as nw
import numpy as np

from winback.analysis.counts import Counts, figure_columns, pool
from winback.analysis.decompose import decompose
from winback.analysis.tally import period_index
from winback.report.figures import change_document
from winback.server.insights.basis import Basis
from winback.server.insights.figures import frame
from winback.server.insights.rules import Window, month_end, month_start
from winback.server.insights.ways import invitations_of, response_of
from winback.stats.intervals import difference_interval

USUAL_MONTHS = 3  # whose answers, by the same day of the month, are what is usual


def month_of(basis: Basis, month: dt.date | None = None) -> dict[str, Any]:
    """The month of that day, else the running one, else (where nothing has come in yet) that of the last answer.

    `usual` is how many answers the three months before had by the same day, on average; None without them. `change`
    is against the month before, with its interval, and `decompose` splits it by segments.
    """
    begin = month_start(month or _chosen(basis))
    end = month_end(begin)
    running = begin <= basis.today <= end
    this, before = (_cell(basis, month_start(begin, shift)) for shift in (0, -1))
    found = {
        **frame(basis),
        "month": begin.isoformat(),
        "end": end.isoformat(),
        "running": running,
        "today": basis.today.isoformat(),
        "answers": this["answers"],
        "usual": _usual(basis, begin, min(basis.today, end).day if running else 31),
        "cell": this,
        "before": before,
        "response": response_of(basis.seen(Window(begin, end))),
        "first_month": None if basis.first is None else month_start(basis.first).isoformat(),
        "last_month": None if basis.last is None else month_start(basis.last).isoformat(),
    }
    return {**found, **_against(basis, begin, this, before)}


def _against(basis: Basis, begin: dt.date, this: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """The change against the month before with its interval, split by segments where there are attributes."""
    if this["nps"] is None or before["nps"] is None:
        return {"change": None, "low": None, "high": None, "decompose": None}
    if basis.holding.attributes:
        by, first = _by(basis, begin), month_start(begin, -1)
        days = (first, month_end(first)), (begin, month_end(begin))
        split = decompose(
            basis.counted(by), by=by, before=days[0], after=days[1], invitations=invitations_of(basis, by), **basis.how
        )
        if split.low is not None:
            return {"change": split.change, "low": split.low, "high": split.high, "decompose": change_document(split)}
    cells = [(cell["promoters"], cell["passives"], cell["detractors"]) for cell in (before, this)]
    low, high = (float(end) for end in difference_interval(cells[0], cells[1], level=basis.level))
    return {"change": this["nps"] - before["nps"], "low": low, "high": high, "decompose": None}


def _chosen(basis: Basis) -> dt.date:
    """Today, unless this month has no answer yet and an earlier one has."""
    if basis.last is not None and month_start(basis.last) < month_start(basis.today):
        return basis.last
    return basis.today


def _cell(basis: Basis, month: dt.date) -> dict[str, Any]:
    index = period_index(month, "month")
    counts: Counts = pool(basis.whole(), first=index, last=index)
    columns = figure_columns(counts, **basis.how, whole=True)  # few answers are each to be read
    return {name: column.to_pylist()[0] for name, column in columns.items()}


def _by(basis: Basis, month: dt.date) -> tuple[str, ...]:
    """The attributes that the change is split by: two where their segments hold twenty answers on average."""
    pair = tuple(basis.holding.attributes[:2])
    index = period_index(month, "month")
    counts = pool(basis.counted(pair), pair, first=index, last=index)
    return pair if len(counts) and counts.answers.sum() >= 20 * len(counts) else pair[:1]


def _usual(basis: Basis, begin: dt.date, day: int) -> float | None:
    daily: dict[dt.date, int] = basis.kept.once("daily", lambda: answers_by_day(basis))
    if not daily or min(daily) > month_start(begin, -1):
        return None
    months = [month_start(begin, -n) for n in range(1, USUAL_MONTHS + 1)]
    months = [month for month in months if month >= month_start(min(daily))]
    counted = [sum(n for d, n in daily.items() if month_start(d) == month and d.day <= day) for month in months]
    return float(np.mean(counted)) if counted else None


def answers_by_day(basis: Basis) -> dict[dt.date, int]:
    """How many answers came on each day, each counted."""
    if not basis.dated:
        return {}
    rows = nw.from_native(basis.feedback).lazy().filter(~nw.col("score").is_null(), ~nw.col("local_date").is_null())
    table = rows.group_by("local_date").agg(nw.len().alias("wb_answers")).collect(backend="pyarrow").to_native()
    days = (d.date() if isinstance(d, dt.datetime) else d for d in table.column("local_date").to_pylist())
    return dict(zip(days, table.column("wb_answers").to_pylist(), strict=True))
