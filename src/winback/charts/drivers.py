"""Drivers of the score: how important each is, and importance against room to improve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from winback.charts.placing import LONGEST, sides
from winback.charts.spec import WIDTH, Chart, chart, share_axis, spread

_BY_PLACE = {"field": "place", "op": "min"}
_BESIDE: dict[str, dict[str, Any]] = {
    "right": {"align": "left", "dx": 8},
    "left": {"align": "right", "dx": -8},
    "above": {"align": "center", "baseline": "bottom", "dy": -8},
    "below": {"align": "center", "baseline": "top", "dy": 8},
}


def importance_chart(
    rows: Sequence[Mapping[str, Any]], *, level: float = 0.95, width: int | str = WIDTH, title: str | None = None
) -> Chart:
    """Importance of each driver as a bar from nought, with its interval, in the order of the rows.

    Rows have `driver`, `importance`, `low`, `high`; those without an importance are not drawn.
    """
    values = [
        {
            "driver": _line(row["driver"]),
            "place": place,
            "importance": row["importance"],
            "low": row["low"],
            "high": row["high"],
            "said": _said(row),
        }
        for place, row in enumerate(_drawn(rows))
    ]
    top = max([value["high"] or value["importance"] for value in values], default=1.0)
    x: dict[str, Any] = {
        "field": "importance",
        "type": "quantitative",
        "scale": {"domain": [0, min(1.0, top * 1.1)], "nice": False},
        "axis": share_axis("Part of what the drivers explain"),
    }
    tooltip = [{"field": "driver", "title": "Driver"}, {"field": "said", "title": "Importance"}]
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "bar", "color": "$heat-p1", "cornerRadiusEnd": 2, "height": {"band": 0.62}},
            "encoding": {"x": x, "tooltip": tooltip},
        },
        {
            "mark": {"type": "rule", "strokeWidth": 2, "strokeCap": "round", "color": "$ink"},
            "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "tooltip": tooltip},
        },
        {
            "mark": {"type": "circle", "size": 60, "color": "$ink", "opacity": 1},
            "encoding": {"x": x, "tooltip": tooltip},
        },
    ]
    y = {
        "field": "driver",
        "type": "nominal",
        "sort": _BY_PLACE,
        "axis": {"title": None, "labelLimit": 150, "labelColor": "$ink", "labelFontSize": 12},
    }
    most = f" most with {values[0]['driver']}, {values[0]['said']}" if values else ""
    number = "1 driver" if len(values) == 1 else f"{len(values)} drivers"
    return chart(
        {"data": {"values": values}, "layer": spread({"y": y}, layers)},
        description=f"Part of the explained score of {number} with {100 * level:.0f} % intervals:{most}." if values else "Nothing goes with the score.",
        width=width,
        height=28 * max(1, len(values)),
        title=title,
    )  # fmt: skip


def room_chart(
    rows: Sequence[Mapping[str, Any]], *, width: int | str = WIDTH, height: int = 300, title: str | None = None
) -> Chart:
    """Importance (upwards, with its interval) against the share of dissatisfied (to the right), a point a rating.

    What stands at the top right matters and goes badly. Rows have `driver`, `importance`, `low`, `high` and
    `dissatisfied`; those without room (attributes, measures) are not drawn. A name that would cover another is left out:
    the table beside the picture has them all.
    """
    values = [
        {
            "driver": _line(row["driver"]),
            "importance": row["importance"],
            "low": row["low"],
            "high": row["high"],
            "dissatisfied": row["dissatisfied"],
            "unhappy": f"{100 * row['dissatisfied']:.0f} %",
            "said": _said(row),
        }
        for row in _drawn(rows)
        if row["dissatisfied"] is not None
    ]
    values.sort(key=lambda value: -(value["importance"] * value["dissatisfied"]))
    right = max([value["dissatisfied"] for value in values], default=1.0) or 1.0
    top = max([value["high"] or value["importance"] for value in values], default=1.0) or 1.0
    top, right = min(1.0, top * 1.1), min(1.0, right * 1.25)
    named = sides(
        [(value["dissatisfied"] / right, 1.0 - value["importance"] / top) for value in values],
        [value["driver"] for value in values],
        height=height,
    )
    y: dict[str, Any] = {
        "field": "importance",
        "type": "quantitative",
        "scale": {"domain": [0, top], "nice": False},
        "axis": share_axis("Importance"),
    }
    x = {
        "field": "dissatisfied",
        "type": "quantitative",
        "scale": {"domain": [0, right], "nice": False},
        "axis": share_axis("Room to improve: share of dissatisfied"),
    }
    tooltip = [
        {"field": "driver", "title": "Driver"},
        {"field": "said", "title": "Importance"},
        {"field": "unhappy", "title": "Dissatisfied"},
    ]
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "rule", "color": "$band", "strokeWidth": 3},
            "encoding": {"y": {**y, "field": "low"}, "y2": {"field": "high"}},
        },
        {
            "mark": {"type": "circle", "size": 80, "color": "$brand", "opacity": 1},
            "encoding": {"y": y, "tooltip": tooltip},
        },
        *(
            {
                "data": {"values": [value for value, one in zip(values, named, strict=True) if one == side]},
                "mark": {"type": "text", "limit": LONGEST, "color": "$ink", **_BESIDE[side]},
                "encoding": {"y": y, "text": {"field": "driver"}},
            }
            for side in _BESIDE
            if side in named
        ),
    ]
    first = values[0] if values else None
    sentence = "No driver is a rating." if first is None else (
        f"Importance against dissatisfied of {len(values)} ratings: most of both has {first['driver']}, "
        f"{100 * first['importance']:.0f} % and {100 * first['dissatisfied']:.0f} %."
    )  # fmt: skip
    return chart(
        {"data": {"values": values}, "layer": spread({"x": x}, layers)},
        description=sentence,
        width=width,
        height=height,
        title=title,
    )


def _drawn(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [row for row in rows if row.get("importance") is not None]


def _line(name: Any) -> str:
    return " ".join(str(name).split())


def _said(row: Mapping[str, Any]) -> str:
    share = f"{100 * row['importance']:.0f} %"
    return share if row["low"] is None else f"{share} [{100 * row['low']:.0f} %, {100 * row['high']:.0f} %]"
