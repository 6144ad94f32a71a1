"""Documents of figures as files: JSON whole, CSV one table a page, guarded against formulas."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from winback.connectors.rejected import guarded

FIGURES = ("answers", "promoters", "passives", "detractors", "nps", "low", "high", "suppressed")
CELL = ("share", "low", "high")  # of a group that names a theme


def json_of(document: Mapping[str, Any]) -> str:
    """The whole document, as the API gives it."""
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def csv_of(page: str, document: Mapping[str, Any]) -> str:
    """The page's main table as CSV with a byte order mark, which spreadsheets need to see."""
    head, rows = TABLES[page](document)
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(guarded(head))
    for row in rows:
        writer.writerow(guarded(_cell(value) for value in row))
    return out.getvalue()


def _cell(value: Any) -> str:
    """A value as it is read back without loss; "" for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return repr(value) if isinstance(value, float) else str(value)


def _pulse(document: Mapping[str, Any]) -> tuple[list[str], list[list[Any]]]:
    """The window as a whole, then every period of the trend."""
    window = document["window"]
    head = ["period", "first", "last", "partial", *FIGURES]
    whole = ["all", window["since"] or window["first"], window["until"] or window["last"], False]
    rows = [[*whole, *_figures(document["overall"])]]
    rows += [[row["unit"], row["period"], row["end"], row["partial"], *_figures(row)] for row in document["trend"]]
    return head, rows


def _segments(document: Mapping[str, Any]) -> tuple[list[str], list[list[Any]]]:
    extra = ["shrunk_nps", "share_of_detractors", "p_worse", "change", "revenue_from_detractors"]
    rows = [[*row["segment"], *_figures(row), *(row[name] for name in extra)] for row in document["segments"]]
    return [*document["by"], *FIGURES, *extra], rows


def _profit(document: Mapping[str, Any]) -> tuple[list[str], list[list[Any]]]:
    names = ["tier", "label", "customers", "heard", "money", "share_of_money", *FIGURES, "money_from_detractors"]
    return names, [[row.get(name) for name in names] for row in document["profit"]["tiers"]]


def _journey(document: Mapping[str, Any]) -> tuple[list[str], list[list[Any]]]:
    rows = [
        [part["by"], row["name"], row["last"], *_figures(row), row["shrunk_nps"], row["share_of_detractors"]]
        for part in document["journey"]
        for row in part["rows"]
    ]
    return ["by", "name", "last", *FIGURES, "shrunk_nps", "share_of_detractors"], rows


def _drivers(document: Mapping[str, Any]) -> tuple[list[str], list[list[Any]]]:
    names = ["driver", "kind", "importance", "low", "high", "contribution", "rank", "slope", "mean", "dissatisfied", "priority", "answered", "blank_share"]  # fmt: skip
    return names, [[row.get(name) for name in names] for row in document["drivers"]]


def _themes(document: Mapping[str, Any]) -> tuple[list[str], list[list[Any]]]:
    names = ["theme", "named", "share", "low", "high", "points", "without", "money", "moving"]
    groups = [group["name"] for group in document["groups"]]
    head = [
        *names,
        *(f"{what} in {name}" for name in groups for what in CELL),
        *(month[:7] for month in document["months"]),
    ]
    return head, [
        [*(row.get(name) for name in names), *(cell[what] for cell in row["groups"] for what in CELL), *(part["share"] for part in row["months"])]
        for row in document["themes"]
    ]  # fmt: skip


def _figures(row: Mapping[str, Any]) -> Sequence[Any]:
    return [row[name] for name in FIGURES]


TABLES = {
    "pulse": _pulse,
    "segments": _segments,
    "profit": _profit,
    "journey": _journey,
    "drivers": _drivers,
    "themes": _themes,
}
