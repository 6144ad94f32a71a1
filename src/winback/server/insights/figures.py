"""The figures of each page as plain documents: fields as in the JSON report, so that page, API, export and report agree.

`docs/reference/report-json.md` says what the fields hold. Nothing here knows of requests or templates.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import narwhals as nw

from winback.analysis.counts import figure_columns, pool
from winback.analysis.decompose import Decomposition, decompose
from winback.analysis.segments import segments
from winback.analysis.tallies import Tallies
from winback.report.figures import change_document, change_of, heat_of, trend_of
from winback.server.insights.basis import Basis
from winback.server.insights.rules import Window, shifted
from winback.server.insights.ways import by_customer, by_money, invitations_of, response_of
from winback.stats.intervals import difference_interval

STAGES = ("buying", "starting", "using", "renewing", "leaving")
JOURNEY = ("journey_stage", "touchpoint")
HEAT_SEGMENTS = 24
QUIET = dt.timedelta(days=91)  # without an answer for so long a stage counts as deaf


def frame(basis: Basis) -> dict[str, Any]:
    """What every document begins with: which answers these are, and how they were counted."""
    first, last = basis.days()
    sort = basis.holding.sort
    return {
        "as_of": basis.holding.as_of.isoformat(timespec="seconds"),
        "version": basis.holding.version,
        "time_zone": basis.holding.tables.zone,
        "currency": basis.holding.tables.currency,
        "survey": sort.survey,
        "sort": sort.key,
        "filters": dict(basis.asked.filters),
        "window": {
            "since": _iso(basis.window.since), "until": _iso(basis.window.until),
            "first": _iso(first), "last": _iso(last),
        },
        "bands": sort.bands.describe(),
        "level": basis.level,
        "minimum": basis.minimum,
    }  # fmt: skip


def overall(basis: Basis) -> dict[str, Any]:
    """The score of the window, as in the report."""
    whole = basis.whole()
    cell = basis.score().rows()[0]
    persons = int(cell["answers"]) if whole.once_per_person and "respondent" in basis.names else None
    return {**cell, **({"weighted": True} if whole.weighted else {}), "respondents": persons}


def pulse(basis: Basis, *, money: bool = True) -> dict[str, Any]:
    """How are we, what moved, and why; without `money` what needs it is null unless it is known already.

    Money goes by the latest answer of each customer until the window's end: who was heard before it is a customer too.
    """
    moved, past = change(basis), basis.history()
    known = money or past.kept.has("profit")
    return {
        **frame(basis),
        "overall": overall(basis),
        "response": response_of(basis),
        "everything": everything(basis),
        "distribution": basis.score().distribution(),
        **trends(basis),
        "segments": basis.kept.once("lowest", lambda: _by_one(basis)),
        "decompose": None if moved is None else change_document(moved),
        "profit": past.profit().document() if known else None,
        "by_customer": by_customer(basis) if known else None,
        "by_money": by_money(basis) if known else None,
    }


def everything(basis: Basis) -> dict[str, Any] | None:
    """The score of all answers, beside that of a window; None where the window holds them all."""
    if basis.window == Window():
        return None
    whole = basis.seen(Window())
    return {**whole.score().rows()[0], "first": _iso(whole.first), "last": _iso(whole.last)}


def _by_one(basis: Basis) -> list[dict[str, Any]]:
    """Segments by each of the first two attributes alone."""
    by = basis.holding.attributes[:2]
    return segments(basis.whole(), by=by, pairs=False, **basis.how).rows() if by else []


def trends(basis: Basis) -> dict[str, Any]:
    """The score over time up to the window's end; no rows without dates."""
    past = basis.history()
    whole = past.whole()
    if whole.first is None or whole.last is None:
        return {"trend": [], "trend_sentence": None}
    span = (whole.first, whole.last)
    found = past.kept.once("trend", lambda: trend_of(
        past.feedback, whole, past.columns, span=span, today=basis.today, until=basis.window.until, **basis.how,
    ))  # fmt: skip
    return {"trend": found.rows(), "trend_sentence": found.summary()}


def change(basis: Basis, by: Sequence[str] | None = None) -> Decomposition | None:
    """What moved, by the first attributes or by those named: this window against the one of the same length before.

    A window without two ends has none before it: then the last two whole quarters (or months) in it are compared.
    """
    by = tuple(basis.holding.attributes[:2] if by is None else by)
    make = partial(_against_before if basis.window.bounded else _change, basis, by)
    found: Decomposition | None = basis.kept.once(("change", by), make)
    return found


def _change(basis: Basis, by: tuple[str, ...]) -> Decomposition | None:
    whole = basis.whole()
    if whole.first is None or whole.last is None:
        return None
    until = min(basis.today, basis.window.until or basis.today)
    return change_of(
        Tallies(basis.counted(by)), by, span=(whole.first, whole.last), today=until, since=basis.window.since, **basis.how,
        invitations=partial(invitations_of, basis),
    )  # fmt: skip


def _against_before(basis: Basis, by: tuple[str, ...]) -> Decomposition | None:
    earlier = shifted(basis.window, -1)
    if not by or earlier is None or earlier.since is None or earlier.until is None:
        return None
    before = basis.seen(earlier)
    if min(before.answers(), basis.answers()) < basis.minimum:
        return None
    groups = len(pool(basis.counted(by), by))
    # Segments of a handful each would make every part noise: split by pairs only where pairs are large enough.
    by = by if groups <= 60 and basis.answers() >= 10 * groups else by[:1]
    assert basis.window.since is not None and basis.window.until is not None
    first, second = (earlier.since, earlier.until), (basis.window.since, basis.window.until)
    asked = invitations_of(basis, by)
    if basis.window.whole_months:
        both = basis.seen(Window(earlier.since, basis.window.until))
        return decompose(both.counted(by), by=by, before=first, after=second, invitations=asked, **basis.how)
    columns = basis.holding.columns
    return decompose(basis.feedback, by=by, before=first, after=second, invitations=asked, **basis.how, **columns)


def segments_of(basis: Basis, by: Sequence[str]) -> dict[str, Any]:
    """Segments by one or two attributes: score, interval, steadied score, chance of being worse, money; and over time."""
    by = tuple(by)
    return {
        **frame(basis),
        "overall": overall(basis),
        "by": list(by),
        "segments": basis.kept.once(("segments", by), lambda: _segments(basis, by)) if by else [],
        "heat": basis.kept.once(("heat", by), lambda: _heat(basis, by)) if by else None,
        "decompose": basis.kept.once(("decompose", by), lambda: _decompose(basis, by)) if by else None,
    }


def _decompose(basis: Basis, by: tuple[str, ...]) -> dict[str, Any] | None:
    moved = change(basis, by)
    return None if moved is None else change_document(moved)


def _segments(basis: Basis, by: tuple[str, ...]) -> list[dict[str, Any]]:
    counted = basis.counted(by, money=True)
    rows = segments(counted, by=by, pairs=len(by) > 1, **basis.how).rows()
    return _with_change([row for row in rows if row["by"] == list(by)], change(basis, by), by, basis)


def _heat(basis: Basis, by: tuple[str, ...]) -> dict[str, Any] | None:
    if not basis.dated:
        return None
    past = basis.history()
    return heat_of(Tallies(past.counted(by)), by, most=HEAT_SEGMENTS, largest=True, **basis.how)


def _with_change(
    rows: Sequence[dict[str, Any]], moved: Decomposition | None, by: tuple[str, ...], basis: Basis
) -> list[dict[str, Any]]:
    """Add each segment's change between the two windows, in points, and whether it is more than chance."""
    if moved is None or moved.by != by:
        return [{**row, "change": None, "change_sure": None} for row in rows]
    found = {}
    for row in moved.rows():
        before, after = row["before"], row["after"]
        if before["nps"] is None or after["nps"] is None:
            continue
        cells = [(cell["promoters"], cell["passives"], cell["detractors"]) for cell in (before, after)]
        low, high = (float(end) for end in difference_interval(cells[0], cells[1], level=basis.level))
        found[tuple(row["segment"])] = (after["nps"] - before["nps"], not low <= 0 <= high)
    none = (None, None)
    return [
        {**row, **dict(zip(("change", "change_sure"), found.get(tuple(row["segment"]), none), strict=True))}
        for row in rows
    ]


def profit_of(basis: Basis) -> dict[str, Any]:
    """Score against money: tiers, revenue from detractors, revenue at risk, what the mix costs, earned growth."""
    return {**frame(basis), "overall": overall(basis), "profit": basis.profit().document()}


def journey(basis: Basis, known: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Score and answers by stage and by touchpoint, both together, and deaf spots.

    `known`: values of each column anywhere in the workspace; one with fewer answers than the minimum in this window,
    or without any for three months, is a deaf spot.
    """
    here = [name for name in JOURNEY if name in basis.names]
    parts = {name: basis.kept.once(("journey", name), partial(_stage_rows, basis, name)) for name in here}
    return {
        **frame(basis),
        "overall": overall(basis),
        "response": response_of(basis),
        "journey": [{"by": name, "rows": parts[name]} for name in here],
        "cells": basis.kept.once("journey cells", lambda: _stage_cells(basis)) if len(here) == 2 else [],
        "deaf": [spot for name in JOURNEY for spot in _deaf(basis, name, parts.get(name, []), known.get(name, ()))],
    }


def _stage_rows(basis: Basis, name: str) -> list[dict[str, Any]]:
    """One row a stage, in the order of the journey, with the day it was last heard; blank ones are left out."""
    rows = segments(basis.counted((name,)), by=(name,), pairs=False, **basis.how).rows()
    last = last_heard(basis, name) if basis.dated else {}
    found = [
        {**row, "name": row["segment"][0], "last": _iso(last.get(row["segment"][0]))}
        for row in rows
        if row["segment"][0] is not None
    ]
    return sorted(found, key=lambda row: in_order(row["name"]))


def in_order(stage: str) -> tuple[int, str]:
    """A stage's place in the journey; what is not a usual stage comes after, by name."""
    return (STAGES.index(stage), "") if stage in STAGES else (len(STAGES), stage)


def last_heard(basis: Basis, name: str) -> dict[str, dt.date]:
    """The day of the last answer by value of a column, in the window."""
    rows = nw.from_native(basis.feedback).lazy().filter(~nw.col("score").is_null(), ~nw.col(name).is_null())
    for bound, test in ((basis.window.since, "__ge__"), (basis.window.until, "__le__")):
        if bound is not None:
            rows = rows.filter(getattr(nw.col("local_date"), test)(bound))
    table = rows.group_by(name).agg(nw.col("local_date").max().alias("wb_last")).collect(backend="pyarrow").to_native()
    days = (value.date() if isinstance(value, dt.datetime) else value for value in table.column("wb_last").to_pylist())
    return dict(zip((str(value).strip() for value in table.column(name).to_pylist()), days, strict=True))


def _stage_cells(basis: Basis) -> list[dict[str, Any]]:
    counts = pool(basis.counted(JOURNEY), JOURNEY)
    columns = {name: column.to_pylist() for name, column in figure_columns(counts, **basis.how).items()}
    keys = [counts.keys.column(name).to_pylist() for name in JOURNEY]
    return [
        {"segment": [stage, touchpoint], **{name: values[place] for name, values in columns.items()}}
        for place, (stage, touchpoint) in enumerate(zip(*keys, strict=True))
        if stage is not None and touchpoint is not None
    ]


def _deaf(basis: Basis, name: str, rows: Sequence[Mapping[str, Any]], known: Sequence[str]) -> list[dict[str, Any]]:
    by_name = {row["name"]: row for row in rows}
    latest = basis.whole().last
    spots = []
    for value in sorted({*by_name, *known}, key=in_order):
        row = by_name.get(value)
        answers = int(row["answers"]) if row else 0
        last = row["last"] if row else None
        quiet = bool(latest and last and latest - dt.date.fromisoformat(last) > QUIET)
        if answers < basis.minimum or quiet:
            why = "silent" if quiet and answers >= basis.minimum else "few" if answers else "none"
            spots.append({"by": name, "name": value, "answers": answers, "last": last, "why": why})
    return spots


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
