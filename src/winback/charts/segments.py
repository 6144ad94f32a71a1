"""Segments: each with its score, its interval and its steadied score; and segment by month as a heat map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from winback.charts.labels import DASH, drawn, interval, period, segment, signed
from winback.charts.spec import ONCE, WIDTH, Chart, chart, score_axis, score_domain, spread

STEPS = [-25, -15, -5, 5, 15, 25]
"""Where the heat map's shades change, in points from the whole."""
SHADES = [f"$heat-{step}" for step in ("d3", "d2", "d1", "0", "p1", "p2", "p3")]
PHONE_PERIODS = 6

_BY_PLACE = {"field": "place", "op": "min"}
"""Sorted by a number in the data: a list of names would become an expression made of a customer's words."""


def whiskers(
    rows: Sequence[Mapping[str, Any]],
    *,
    whole: float | None = None,
    width: int | str = WIDTH,
    title: str | None = None,
) -> Chart:
    """Score (dot) and interval (line) of each segment, the steadied score (open circle), the whole (dashed).

    Rows have `segment`, `answers`, `nps`, `low`, `high`, `shrunk_nps`; they are drawn in their order, those under
    the minimum not at all.
    """
    shown = drawn(rows)
    values = [
        {
            "segment": segment(row.get("segment"), row.get("by", ())),
            "place": place,
            "nps": row["nps"],
            "low": row["low"],
            "high": row["high"],
            "steadied": row.get("shrunk_nps"),
            "answers": row["answers"],
            "score": f"{signed(row['nps'])} {interval(row['low'], row['high'])}",
        }
        for place, row in enumerate(shown)
    ]
    ends = [number for value in values for number in (value["low"], value["high"])] + [whole or 0.0]
    x: dict[str, Any] = {
        "field": "nps",
        "type": "quantitative",
        "scale": {"domain": score_domain(min(ends), max(ends), 20), "nice": False},
        "axis": score_axis(orient="top", grid=False),
    }
    tooltip = [
        {"field": "segment", "title": "Segment"},
        {"field": "score", "title": "Score"},
        {"field": "steadied", "title": "Steadied", "format": "+.0f"},
        {"field": "answers", "title": "Answers", "format": ","},
    ]
    layers: list[dict[str, Any]] = [
        {"data": ONCE, "mark": {"type": "rule", "color": "$zero"}, "encoding": {"x": {"datum": 0}, "y": None}},
        {
            "mark": {"type": "rule", "strokeWidth": 2, "strokeCap": "round", "color": "$ink-2"},
            "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "tooltip": tooltip},
        },
        {
            "transform": [{"filter": "isValid(datum.steadied)"}],
            "mark": {"type": "point", "size": 62, "fill": "$card", "stroke": "$ink", "strokeWidth": 1.5, "opacity": 1},
            "encoding": {"x": {**x, "field": "steadied"}, "tooltip": tooltip},
        },
        {
            "mark": {"type": "circle", "size": 80, "color": "$ink", "opacity": 1},
            "encoding": {"x": x, "tooltip": tooltip},
        },
    ]
    if whole is not None:
        layers[1:1] = [
            {
                "data": ONCE,
                "mark": {"type": "rule", "color": "$brand", "strokeDash": [3, 3]},
                "encoding": {"x": {"datum": whole}, "y": None},
            },
            {
                "data": ONCE,
                "mark": {"type": "text", "text": f"all {signed(whole)}", "fontWeight": 600, "baseline": "top", "dy": 5},
                "encoding": {"x": {"datum": whole}, "y": {"value": "height"}, "color": {"value": "$ink"}},
            },
        ]
    y = {
        "field": "segment",
        "type": "nominal",
        "sort": _BY_PLACE,
        "axis": {"title": None, "labelLimit": 220, "labelColor": "$ink", "labelFontSize": 12},
    }
    left_out = len(rows) - len(shown)
    return chart(
        {"data": {"values": values}, "layer": spread({"y": y}, layers)},
        description=_whisker_sentence(values, whole, left_out),
        width=width,
        height=26 * max(1, len(values)),
        title=title,
    )


def _whisker_sentence(values: list[dict[str, Any]], whole: float | None, left_out: int) -> str:
    if not values:
        return "No segment has enough answers to show a score."
    lowest = min(values, key=lambda value: float(value["nps"]))
    against = "" if whole is None else f", the whole {signed(whole)}"
    too_few = f"; {left_out} with too few answers are left out" if left_out else ""
    names = "1 segment" if len(values) == 1 else f"{len(values)} segments"
    return f"Score and interval of {names}: lowest {lowest['segment']} with {lowest['score']}{against}{too_few}."


def heat(
    rows: Sequence[Mapping[str, Any]],
    *,
    whole: float,
    unit: str = "month",
    width: int | str = WIDTH,
    title: str | None = None,
    by: Sequence[str] = (),
    legend: bool = True,
) -> Chart:
    """Segment by period: the score as a number, its distance from the whole as a colour; a dash for too few.

    Rows have `segment`, `period`, `answers`, `nps`, `suppressed`. A phone shows the last six periods.
    """
    periods = sorted({str(row["period"]) for row in rows})
    single_year = len({start[:4] for start in periods}) == 1
    names = {start: _column(unit, start, single_year) for start in periods}
    values = []
    for row in rows:
        fit = drawn([row])
        values.append(
            {
                "segment": segment(row.get("segment"), row.get("by", by)),
                "column": periods.index(str(row["period"])),
                "name": names[str(row["period"])],
                "period": period(unit, row["period"]),
                "answers": row["answers"],
                "distance": row["nps"] - whole if fit else None,
                "score": signed(row["nps"]) if fit else DASH,
                "said": f"{signed(row['nps'])} {interval(row['low'], row['high'])}" if fit else "too few to show",
            }
        )
    order = {name: place for place, name in enumerate(dict.fromkeys(value["segment"] for value in values))}
    for value in values:
        value["place"] = order[value["segment"]]
    key = {
        "title": f"points from the whole, {signed(whole)}",
        "orient": "bottom",
        "direction": "horizontal",
        "gradientLength": 210,
        "gradientThickness": 8,
        "labelExpr": "isFinite(datum.value) ? (datum.value > 0 ? '+' : '\u2212') + abs(datum.value) : ''",
    }
    colour = {
        "field": "distance",
        "type": "quantitative",
        "scale": {"type": "threshold", "domain": STEPS, "range": SHADES},
        "legend": key if legend else None,
    }
    tooltip = [
        {"field": "segment", "title": "Segment"},
        {"field": "period", "title": unit.capitalize()},
        {"field": "said", "title": "Score"},
        {"field": "answers", "title": "Answers", "format": ","},
    ]
    strongest = {
        "test": "isValid(datum.distance) && (datum.distance >= 25 || datum.distance < -25)",
        "value": "$heat-on",
    }
    places: dict[str, Any] = {
        "x": {
            "field": "name",
            "type": "ordinal",
            "sort": {"field": "column", "op": "min"},
            "axis": {"title": None, "orient": "top", "labelAngle": 0, "labelOverlap": True},
        },
        "y": {
            "field": "segment",
            "type": "nominal",
            "sort": _BY_PLACE,
            "axis": {"title": None, "labelLimit": 170, "labelColor": "$ink"},
        },
    }
    layers: list[dict[str, Any]] = [
        {
            "transform": [{"filter": "isValid(datum.distance)"}],
            "mark": {"type": "rect", "stroke": "$card", "strokeWidth": 2, "cornerRadius": 3},
            "encoding": {"color": colour, "tooltip": tooltip},
        },
        {
            "mark": {"type": "text", "fontSize": 11},
            "encoding": {
                "text": {"field": "score"},
                "color": {"condition": strongest, "value": "$ink"},
                "tooltip": tooltip,
            },
        },
    ]
    body = {
        "data": {"values": values},
        "layer": spread(places, layers),
        "usermeta": {"phone": {"transform": [{"filter": f"datum.column >= {max(0, len(periods) - PHONE_PERIODS)}"}]}},
    }
    return chart(
        body, description=_heat_sentence(values, whole, unit), width=width, height=25 * max(1, len(order)), title=title
    )


def _column(unit: str, start: str, single_year: bool) -> str:
    name = period(unit, start)
    if single_year and unit != "quarter":
        return name.rsplit(" ", 1)[0]
    return f"{name[:-5]} {name[-2:]}"


def _heat_sentence(values: list[dict[str, Any]], whole: float, unit: str) -> str:
    shown = [value for value in values if value["distance"] is not None]
    if not shown:
        return f"No segment has enough answers in any {unit}."
    lowest = min(shown, key=lambda value: float(value["distance"]))
    count = len({value["segment"] for value in values})
    return (
        f"Score of {count} segments by {unit}, coloured by distance from the whole ({signed(whole)}); "
        f"lowest {lowest['segment']} in {lowest['period']} with {lowest['score']}."
    )
