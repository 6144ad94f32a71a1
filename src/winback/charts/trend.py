"""How the score moves: one point a period, its interval as a band, the trailing quarter as a thin line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from winback.charts.labels import drawn, interval, period, signed
from winback.charts.spec import ONCE, WIDTH, Chart, chart, score_axis, score_domain, spread

LABEL = 0.15  # of the width, that the words "trailing quarter" take
AWAY = 12  # pixels from the line to the middle of its label


def over_time(
    rows: Sequence[Mapping[str, Any]], *, width: int | str = WIDTH, height: int = 235, title: str | None = None
) -> Chart:
    """Score by week, month or quarter with its interval; a period still running is an open point.

    Rows have `unit`, `period` (first day), `partial`, `answers`, `nps`, `low`, `high`, and `trailing_quarter`
    (a cell or None). A period under the minimum leaves a gap. The axis always shows zero.
    """
    values = [_point(row) for row in rows]
    for before, value, after in zip([None, *values], values, [*values[1:], None], strict=False):
        neighbours = [other for other in (before, after) if other and other["nps"] is not None]
        value["alone"] = value["nps"] is not None and not neighbours  # no band without a neighbour: a whisker instead
    shown = drawn(rows)
    ends = [float(row[name]) for row in shown for name in ("low", "high")] or [0.0]
    domain = score_domain(min(ends), max(ends))
    y = {
        "field": "nps",
        "type": "quantitative",
        "scale": {"domain": domain, "nice": False},
        "axis": score_axis("Score"),
    }
    tooltip = [
        {"field": "name", "title": "Period"},
        {"field": "said", "title": "Score"},
        {"field": "answers", "title": "Answers", "format": ","},
        {"field": "trailing", "title": "Trailing quarter"},
    ]
    lonely: list[dict[str, Any]] = [
        {
            "transform": [{"filter": "datum.alone"}],
            "mark": {"type": "rule", "color": "$band", "strokeWidth": 9},
            "encoding": {"y": {**y, "field": "low"}, "y2": {"field": "high"}},
        },
    ]
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "area", "color": "$band", "opacity": 0.9},
            "encoding": {"y": {**y, "field": "low"}, "y2": {"field": "high"}},
        },
        *(lonely if any(value["alone"] for value in values) else []),
        {"data": ONCE, "mark": {"type": "rule", "color": "$zero"}, "encoding": {"y": {"datum": 0}, "x": None}},
        {
            "mark": {"type": "line", "color": "$brand", "strokeWidth": 1.5, "opacity": 0.75},
            "encoding": {"y": {**y, "field": "quarter"}},
        },
        {"mark": {"type": "line", "color": "$ink", "strokeWidth": 2}, "encoding": {"y": y}},
        *_end_labels(values, (domain[1] - domain[0]) / height),
        {  # above the words: what lies on top is what a pointer meets
            "transform": [{"filter": "isValid(datum.nps)"}],
            "mark": {"type": "point", "size": 42, "opacity": 1, "color": "$ink", "strokeWidth": 2},
            "encoding": {
                "y": y,
                "fill": {"condition": {"test": "datum.running", "value": "$card"}, "value": "$ink"},
                "tooltip": tooltip,
            },
        },
    ]
    x = {
        "field": "period",
        "type": "temporal",
        "scale": {"type": "utc"},
        "axis": {
            "format": "%-d %b %y" if rows and rows[0].get("unit") == "week" else "%b %y",
            "title": None,
            "grid": False,
            "tickCount": min(7, max(len(rows), 1)),
            "labelOverlap": True,
        },
    }
    return chart(
        {"data": {"values": values}, "layer": spread({"x": x}, layers)},
        description=_sentence(values),
        width=width,
        height=height,
        title=title,
    )


def _point(row: Mapping[str, Any]) -> dict[str, Any]:
    fit = bool(drawn([row]))
    steady = drawn([cell]) if (cell := row.get("trailing_quarter")) else []
    return {
        "period": str(row["period"])[:10],
        "name": period(str(row.get("unit", "month")), row["period"])
        + (", still running" if row.get("partial") else ""),
        "answers": row["answers"],
        "nps": row["nps"] if fit else None,
        "low": row["low"] if fit else None,
        "high": row["high"] if fit else None,
        "said": f"{signed(row['nps'])} {interval(row['low'], row['high'])}" if fit else "too few to show",
        "quarter": steady[0]["nps"] if steady else None,
        "trailing": f"{signed(steady[0]['nps'])} {interval(steady[0]['low'], steady[0]['high'])}" if steady else "",
        "running": bool(row.get("partial")),
    }


def _end_labels(values: list[dict[str, Any]], pixel: float) -> list[dict[str, Any]]:
    """Words where a reader looks for them: at a running period and at the trailing quarter's line.

    `pixel` is how many points one pixel of the height stands for.
    """
    labels: list[dict[str, Any]] = []
    running = [value for value in values if value["running"] and value["nps"] is not None]
    if running:
        labels.append(_label(running[-1], "nps", text="still running", align="right", dx=-10, dy=9, color="$ink-2"))
    reach = round(len(values) * LABEL / 2) + 1
    told = [at for at, value in enumerate(values) if value["quarter"] is not None and value["nps"] is not None]
    inner = [at for at in told if reach <= at < len(values) - reach] or [at for at in told if 0 < at < len(values) - 1]
    places = [(at, dy) for at in inner for dy in (-AWAY, AWAY)]
    if places:
        at, dy = max(places, key=lambda place: _room(values, place[0], place[1] * pixel, reach))
        labels.append(_label(values[at], "quarter", text="trailing quarter", dy=dy, color="$brand"))
    return labels


def _room(values: list[dict[str, Any]], at: int, below: float, reach: int) -> float:
    """How many points a label beside the trailing quarter stays away from both lines; little where one runs through it."""
    middle = float(values[at]["quarter"]) - below
    near = values[max(at - reach, 0) : at + reach + 1]
    away = [float(value[name]) - middle for value in near for name in ("nps", "quarter") if value[name] is not None]
    one_side = len({distance > 0 for distance in away}) == 1
    return min(abs(distance) for distance in away) * (1 if one_side else 0.2)


def _label(value: dict[str, Any], field: str, **mark: Any) -> dict[str, Any]:
    return {
        "data": {"values": [{"period": value["period"], field: value[field]}]},
        "mark": {"type": "text", **mark},
        "encoding": {"y": {"field": field, "type": "quantitative"}},
    }


def _sentence(values: list[dict[str, Any]]) -> str:
    shown = [value for value in values if value["nps"] is not None]
    if not shown:
        return "No period has enough answers to show a score."
    low, high = min(value["nps"] for value in shown), max(value["nps"] for value in shown)
    between = f"always {signed(low)}" if signed(low) == signed(high) else f"between {signed(low)} and {signed(high)}"
    last = shown[-1]
    return (
        f"Score with interval, {shown[0]['name'].split(',')[0]} to {last['name'].split(',')[0]}: {between}, "
        f"last {last['said']}{' in a period still running' if last['running'] else ''}."
    )
