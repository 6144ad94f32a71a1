"""How many themes have been heard after so many interviews, and how many would be after more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from winback.charts.labels import segment
from winback.charts.spec import WIDTH, Chart, chart, share_axis, spread

MOST = 20  # segments drawn; the table beside has them all
_BY_PLACE = {"field": "place", "op": "min"}


def heard_curve(
    rows: Sequence[Mapping[str, Any]],
    *,
    level: float = 0.95,
    width: int | str = WIDTH,
    height: int = 260,
    title: str | None = None,
    what: str = "Interviews",
) -> Chart:
    """Themes by interviews, or `what` else was read: the line of the data, dashed beyond them with its band, and dots for
    what came in its order.

    Rows have `interviews`, `themes`, `low`, `high`, `in_order` and `heard` (whether the row lies within the data).
    """
    data = [row for row in rows if row["themes"] is not None]
    values = [
        {
            "interviews": row["interviews"],
            "themes": row["themes"],
            "low": row["low"],
            "high": row["high"],
            "in_order": row.get("in_order"),
            "heard": bool(row["heard"]),
            "said": _said(row),
        }
        for row in data
    ]
    inside = [value for value in values if value["heard"]]
    beyond = [value for value in values if not value["heard"]]
    joined = [*({**one, "low": one["themes"], "high": one["themes"]} for one in inside[-1:]), *beyond]
    top = max([value["high"] or value["themes"] for value in values], default=1.0) or 1.0
    y = {
        "field": "themes",
        "type": "quantitative",
        "scale": {"domain": [0, top * 1.05], "nice": False},
        "axis": {"title": "Themes heard", "tickCount": 5, "tickMinStep": 1, "format": ",d"},
    }
    x = {
        "field": "interviews",
        "type": "quantitative",
        "scale": {"nice": False, "domain": [0, max([value["interviews"] for value in values], default=1)]},
        "axis": {"title": what, "grid": False, "tickCount": 8, "format": ",d"},
    }
    tooltip = [{"field": "interviews", "title": what, "format": ","}, {"field": "said", "title": "Themes"}]
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": joined},
            "mark": {"type": "area", "color": "$band", "opacity": 0.9},
            "encoding": {"y": {**y, "field": "low"}, "y2": {"field": "high"}},
        },
        {
            "data": {"values": joined},
            "mark": {"type": "line", "color": "$ink", "strokeWidth": 2, "strokeDash": [5, 4]},
            "encoding": {"y": y, "tooltip": tooltip},
        },
        {
            "data": {"values": inside},
            "mark": {"type": "line", "color": "$ink", "strokeWidth": 2},
            "encoding": {"y": y, "tooltip": tooltip},
        },
        {
            "data": {"values": [value for value in inside if value["in_order"] is not None]},
            "mark": {"type": "circle", "color": "$brand", "size": 16, "opacity": 0.75},
            "encoding": {"y": {**y, "field": "in_order"}, "tooltip": tooltip},
        },
        *_today(inside, y),
    ]
    return chart(
        {"data": {"values": values}, "layer": spread({"x": x}, layers)},
        description=_sentence(inside, beyond, level),
        width=width,
        height=height,
        title=title,
    )


def coverage_by_segment(
    rows: Sequence[Mapping[str, Any]], *, width: int | str = WIDTH, title: str | None = None
) -> Chart:
    """Coverage (dot) with its interval (line) of each segment, in the order of the rows: the first `MOST` of them.

    Rows have `by`, `segment`, `interviews`, `coverage`, `coverage_low`, `coverage_high`; those without a figure are not
    drawn.
    """
    drawn = [row for row in rows if row["coverage"] is not None]
    values = [
        {
            "segment": segment(row["segment"], row["by"]),
            "place": place,
            "coverage": row["coverage"],
            "low": row["coverage_low"],
            "high": row["coverage_high"],
            "interviews": row["interviews"],
            "said": f"{100 * row['coverage']:.0f} %",
        }
        for place, row in enumerate(drawn[:MOST])
    ]
    x: dict[str, Any] = {
        "field": "coverage",
        "type": "quantitative",
        "scale": {"domain": [0, 1]},
        "axis": share_axis("Share of what they would say that has been heard", grid=True),
    }  # fmt: skip
    tooltip = [
        {"field": "segment", "title": "Segment"},
        {"field": "said", "title": "Heard"},
        {"field": "interviews", "title": "Interviews", "format": ","},
    ]
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "rule", "strokeWidth": 2, "strokeCap": "round", "color": "$ink-2"},
            "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "tooltip": tooltip},
        },
        {
            "mark": {"type": "circle", "size": 80, "color": "$ink", "opacity": 1},
            "encoding": {"x": x, "tooltip": tooltip},
        },
    ]
    y = {
        "field": "segment",
        "type": "nominal",
        "sort": _BY_PLACE,
        "axis": {"title": None, "labelLimit": 150, "labelColor": "$ink", "labelFontSize": 12},
    }
    least = f": least of {values[0]['segment']}, {100 * values[0]['coverage']:.0f} %" if values else ""
    number = "1 segment" if len(drawn) == 1 else f"{len(drawn)} segments"
    first = f", the first {len(values)} drawn" if len(drawn) > len(values) else ""
    return chart(
        {"data": {"values": values}, "layer": spread({"y": y}, layers)},
        description=f"How much has been heard of {number}{least}{first}."
        if values
        else "No segment has enough interviews.",
        width=width,
        height=26 * max(1, len(values)),
        title=title,
    )


def _said(row: Mapping[str, Any]) -> str:
    if row["heard"]:
        return f"{row['themes']:.1f}"
    return f"{row['themes']:.1f}, likely {row['low']:.0f} to {row['high']:.0f}"


def _today(inside: list[dict[str, Any]], y: dict[str, Any]) -> list[dict[str, Any]]:
    """A point where the data end, with its numbers beside it."""
    if not inside:
        return []
    last = inside[-1]
    text = f"{last['themes']:.0f} after {last['interviews']:,}"
    return [
        {
            "data": {"values": [last]},
            "mark": {"type": "point", "size": 60, "fill": "$ink", "stroke": "$ink", "opacity": 1},
            "encoding": {"y": y},
        },
        {
            "data": {"values": [last]},
            "mark": {"type": "text", "text": text, "align": "right", "dx": -8, "dy": -10, "fontWeight": 600, "color": "$ink"},
            "encoding": {"y": y},
        },
    ]  # fmt: skip


def _sentence(inside: list[dict[str, Any]], beyond: list[dict[str, Any]], level: float) -> str:
    if not inside:
        return "No interview has been coded yet."
    now = inside[-1]
    found = f"{now['themes']:.0f} themes heard in {now['interviews']:,} interviews"
    if not beyond:
        return f"{found}."
    end = beyond[-1]
    return (
        f"{found}; after {end['interviews']:,} about {end['themes']:.0f} are expected, "
        f"at {100 * level:.0f} % between {end['low']:.0f} and {end['high']:.0f}."
    )
