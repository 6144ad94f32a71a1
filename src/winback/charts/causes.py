"""What explains a jump: for each finding what came beside what was to be expected, joined by a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from winback.charts.spec import WIDTH, Chart, chart, spread

MOST = 20  # findings drawn


def causes(
    rows: Sequence[Mapping[str, Any]], *, sums: bool = False, width: int | str = WIDTH, title: str | None = None
) -> Chart:
    """A line for each finding, in the order of the rows: a hollow point for what was expected, a full one for what came.

    Rows have `case`, `attributes` (names), `values`, and `bad`, `total`, `expected` (of bad), drawn as shares; with
    `sums` they have `actual` and `forecast`. At most MOST rows are drawn; the sentence says how many there are.
    """
    drawn = rows[:MOST]
    several = len({row["case"] for row in drawn}) > 1
    values = [_point(row, place, sums=sums, several=several) for place, row in enumerate(drawn)]
    legend = "Forecast ○ and what came ●" if sums else "Share expected ○ and seen ●"
    axis = {"title": legend, "tickCount": 5} | ({} if sums else {"format": "%"})
    x = {"field": "came", "type": "quantitative", "scale": {"zero": True}, "axis": axis}
    due = {**x, "field": "due"}
    tooltip = [{"field": "what", "title": "Where"}, {"field": "said", "title": "What came"}]
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "rule", "strokeWidth": 2, "color": "$zero"},
            "encoding": {"x": due, "x2": {"field": "came"}, "tooltip": tooltip},
        },
        {
            "mark": {"type": "point", "size": 70, "stroke": "$ink", "fill": "$card", "opacity": 1},
            "encoding": {"x": due, "tooltip": tooltip},
        },
        {
            "mark": {"type": "circle", "size": 90, "color": "$ink" if sums else "$detractor", "opacity": 1},
            "encoding": {"x": x, "tooltip": tooltip},
        },
    ]
    y = {
        "field": "what",
        "type": "nominal",
        "sort": {"field": "place", "op": "min"},
        "axis": {"title": None, "labelLimit": 260, "labelColor": "$ink", "labelFontSize": 12},
    }
    return chart(
        {"data": {"values": values}, "layer": spread({"y": y}, layers)},
        description=_sentence(values, len(rows)),
        width=width,
        height=32 * max(1, len(values)),
        title=title,
    )


def _point(row: Mapping[str, Any], place: int, *, sums: bool, several: bool) -> dict[str, Any]:
    what = " · ".join(f"{name} {value}" for name, value in zip(row["attributes"], row["values"], strict=True))
    what = " ".join((f"{row['case']}: {what}" if several else what).split())
    if sums:
        came, due = float(row["actual"]), float(row["forecast"])
        said = f"{came:,.6g} where {due:,.6g} was forecast"
    else:
        total = float(row["total"]) or 1.0
        came, due = float(row["bad"]) / total, float(row["expected"]) / total
        said = f"{row['bad']:,.0f} of {row['total']:,.0f} where {row['expected']:,.0f} were expected"
    return {"what": what, "place": place, "came": came, "due": due, "said": said}


def _sentence(values: Sequence[Mapping[str, Any]], number: int) -> str:
    if not values:
        return "Nothing in these attributes explains the jump."
    more = f"; {number - 1} more" if number > 1 else ""
    return f"What explains the jump: {values[0]['what']}, {values[0]['said']}{more}."
