"""The heat map of segments by month, each cell with its shade and the way to its answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from winback.charts.labels import period, segment
from winback.server.insights.linking import answers_link
from winback.server.insights.rules import Window, month_end, ranked

if TYPE_CHECKING:
    from winback.server.insights.basis import Basis

SHADES = ((-25, "d3"), (-15, "d2"), (-5, "d1"), (5, "n"), (15, "p1"), (25, "p2"))
STEP_NAMES = ("−25", "−15", "−5", "+5", "+15", "+25")


def heat_map(document: Mapping[str, Any], basis: Basis) -> dict[str, Any] | None:
    """The heat map: a row a segment in the order of the table, a cell a month with its shade and its answers."""
    found, whole = document["heat"], document["overall"]["nps"]
    if not found or whole is None:
        return None
    periods = sorted({row["period"] for row in found["rows"]})
    cells = {(tuple(row["segment"]), row["period"]): row for row in found["rows"]}
    present = {name for name, _ in cells}
    order = [tuple(row["segment"]) for row in ranked(document["segments"], basis.asked.rank)]
    years = len({start[:4] for start in periods}) > 1
    rows = []
    for name in [one for one in order if one in present]:
        part = dict(zip(found["by"], name, strict=True))
        rows.append(
            {
                "name": segment(name, found["by"]),
                "href": answers_link(basis, part),
                "cells": [_heat_cell(cells.get((name, start)), start, whole, part, basis) for start in periods],
            }
        )
    return {
        "columns": [_column(start, years and (start == periods[0] or start[5:7] == "01")) for start in periods],
        "rows": rows,
        "left": len(order) - len(rows),
        "whole": whole,
        "key": [{"shade": shade, "until": until} for (_, shade), until in zip(SHADES, STEP_NAMES, strict=True)],
    }


def _column(start: str, years: bool) -> dict[str, str]:
    """A month's short name; its year stands below the first one and below every January."""
    name = period("month", start)
    return {"name": name, "short": name.split()[0], "year": name[-4:] if years else ""}


def _heat_cell(
    cell: Mapping[str, Any] | None, start: str, whole: float, part: Mapping[str, str | None], basis: Basis
) -> dict[str, Any] | None:
    if cell is None:
        return None
    first = dt.date.fromisoformat(start)
    shown = cell["nps"] is not None
    since, until = basis.window.since, basis.window.until
    days = Window(max(first, since) if since else first, min(month_end(first), until) if until else month_end(first))
    return {
        **cell,
        "shade": shade(cell["nps"] - whole) if shown else "few",
        "href": answers_link(basis, part, window=days),
    }


def shade(distance: float) -> str:
    """The shade of a heat map's cell so many points from the whole."""
    return next((name for limit, name in SHADES if distance < limit), "p3")
