"""A flare-up as a control chart: each period's figure, the band where 95 % should fall, and the window that burns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from winback.charts.labels import period as day_named
from winback.charts.labels import signed
from winback.charts.spec import WIDTH, Chart, chart, spread

_TITLES = {
    "detractors": "Share of detractors",
    "score": "Score",
    "volume": "Answers",
    "silence": "Answers",
    "themes": "Share who name it",
}
_BY_HUNDRED = ("detractors", "score", "themes")


def control(
    rows: Sequence[Mapping[str, Any]], *, measure: str = "detractors", width: int | str = WIDTH, height: int = 235,
    title: str | None = None,
) -> Chart:  # fmt: skip
    """Rows have `period` (first day, or a panel's own name of it), `answers`, `share`, `expected`, `low`, `high`, and `burning`.

    A period without answers leaves a gap. Shares are drawn in percent, scores in points, volumes as counts.
    """
    times = 100.0 if measure in _BY_HUNDRED else 1.0
    values = [_point(row, times, measure) for row in rows]
    y = {
        "field": "seen", "type": "quantitative", "axis": {"title": _TITLES.get(measure, "Share")},
        "scale": {"zero": measure != "score", "nice": True},
    }  # fmt: skip
    tooltip = [
        {"field": "from", "title": "Period from"},
        {"field": "said", "title": _TITLES.get(measure, "Share")},
        {"field": "range", "title": "95 % should fall"},
        {"field": "answers", "title": "Answers", "format": ","},
    ]
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "area", "color": "$band", "opacity": 0.9},
            "encoding": {"y": {**y, "field": "low"}, "y2": {"field": "high"}},
        },
        {
            "mark": {"type": "line", "color": "$zero", "strokeWidth": 1.5, "strokeDash": [4, 3]},
            "encoding": {"y": {**y, "field": "expected"}},
        },
        {"mark": {"type": "line", "color": "$ink", "strokeWidth": 1.5}, "encoding": {"y": y}},
        {
            "transform": [{"filter": "isValid(datum.seen)"}],
            "mark": {"type": "point", "filled": True, "opacity": 1},
            "encoding": {
                "y": y,
                "color": {"condition": {"test": "datum.burning", "value": "$detractor"}, "value": "$ink"},
                "shape": {"condition": {"test": "datum.burning", "value": "diamond"}, "value": "circle"},
                "size": {"condition": {"test": "datum.burning", "value": 110}, "value": 36},
                "tooltip": tooltip,
            },
        },
    ]
    days = _days(values)
    axis: dict[str, Any] = {"title": None, "grid": False, "labelOverlap": True, "labelSeparation": 8}
    x: dict[str, Any] = {"field": "period", "type": "ordinal", "sort": None, "axis": {**axis, "labelAngle": 0}}
    if days:
        axis |= {"format": "%-d %b %y", "tickCount": 7}
        x = {"field": "period", "type": "temporal", "scale": {"type": "utc"}, "axis": axis}
    return chart(
        {"data": {"values": values}, "layer": [*_window(days, values, x), *spread({"x": x}, layers)]},
        description=_sentence(values, measure), width=width, height=height, title=title,
    )  # fmt: skip


def _days(values: Sequence[Mapping[str, Any]]) -> list[dt.date]:
    """The first days of the periods; none where a panel calls its periods otherwise (1, 2, … or W1, W2, …)."""
    try:
        return [dt.date.fromisoformat(value["period"]) for value in values]
    except ValueError:
        return []


def _window(days: Sequence[dt.date], values: Sequence[Mapping[str, Any]], x: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The window that burns, shaded from half a period before its first point to half a period after its last."""
    if not days:
        return []
    hot = [day for day, value in zip(days, values, strict=True) if value["burning"]]
    if not hot or len(days) < 2:
        return []
    half = (days[-1] - days[-2]) / 2
    ends = {"period": (hot[0] - half).isoformat(), "end": (hot[-1] + half).isoformat(), "said": "window"}
    start = {**x, "field": "period"}
    return [
        {
            "data": {"values": [ends]}, "mark": {"type": "rect", "color": "$detractor", "opacity": 0.1},
            "encoding": {"x": start, "x2": {"field": "end"}},
        },
        {
            "data": {"values": [ends]},
            "mark": {"type": "text", "align": "right", "dx": -4, "y": 8, "color": "$detractor-ink", "fontWeight": 600},
            "encoding": {"x": start, "text": {"field": "said"}},
        },
    ]  # fmt: skip


def _point(row: Mapping[str, Any], times: float, measure: str) -> dict[str, Any]:
    scaled = {
        name: None if row[name] is None else times * float(row[name]) for name in ("share", "expected", "low", "high")
    }
    said = "no answers" if scaled["share"] is None else _said(scaled["share"], measure)
    return {
        "period": str(row["period"])[:10], "from": _from(str(row["period"])[:10]), "answers": row["answers"], "seen": scaled["share"], "said": said,
        "expected": scaled["expected"], "low": scaled["low"], "high": scaled["high"], "burning": bool(row["burning"]),
        "range": f"{_said(scaled['low'] or 0.0, measure)} to {_said(scaled['high'] or 0.0, measure)}",
    }  # fmt: skip


def _from(period: str) -> str:
    """The first day of a period as it is read, 5 Oct 2026; a panel's own name of it as it is."""
    try:
        return day_named("day", period)
    except ValueError:
        return period


def _said(value: float, measure: str) -> str:
    if measure == "score":
        return signed(value)
    return f"{value:.0f} %" if measure in _BY_HUNDRED else f"{value:,.0f}"


def _sentence(values: Sequence[Mapping[str, Any]], measure: str) -> str:
    hot = [value for value in values if value["burning"] and value["seen"] is not None]
    name = _TITLES.get(measure, "Share")
    if not values:
        return f"{name} over time: no period to show."
    if not hot:
        return f"{name} from {values[0]['from']} to {values[-1]['from']} with the band where 95 % should fall."
    low, high = min(value["seen"] for value in hot), max(value["seen"] for value in hot)
    between = (
        _said(low, measure)
        if _said(low, measure) == _said(high, measure)
        else f"{_said(low, measure)} to {_said(high, measure)}"
    )
    return (
        f"{name} by period since {values[0]['from']}: {between} in the window from {hot[0]['from']}, "
        f"where {_said(hot[0]['expected'], measure)} was expected."
    )
