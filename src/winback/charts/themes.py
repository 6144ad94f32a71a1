"""What each theme adds to the score or takes off it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from winback.charts.labels import signed
from winback.charts.spec import WIDTH, Chart, chart, spread

MOST = 20


def contribution_chart(
    rows: Sequence[Mapping[str, Any]], *, width: int | str = WIDTH, title: str | None = None
) -> Chart:
    """A bar a theme: its contribution to the score in points, the most negative on top. Rows have `name`, `contribution`."""
    told = [row for row in rows if row["contribution"] is not None and row["theme"] is not None]
    told = sorted(sorted(told, key=lambda row: -abs(row["contribution"]))[:MOST], key=lambda row: row["contribution"])
    values = [
        {"name": " ".join(str(row["name"]).split()), "points": row["contribution"], "said": signed(row["contribution"], 1), "bad": row["contribution"] < 0}
        for row in told
    ]  # fmt: skip
    y = {
        "field": "name",
        "type": "nominal",
        "sort": [value["name"] for value in values],
        "axis": {"title": None, "labelLimit": 150, "labelColor": "$ink", "labelFontSize": 12},
    }
    x = {"field": "points", "type": "quantitative", "axis": {"title": "Points of the score", "tickCount": 6}}
    tooltip = [{"field": "name", "title": "Theme"}, {"field": "said", "title": "Points"}]
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "bar", "height": 14},
            "encoding": {
                "color": {"condition": {"test": "datum.bad", "value": "$detractor"}, "value": "$promoter"},
                "tooltip": tooltip,
            },
        }
    ]
    first = values[0] if values else None
    description = "No theme is named." if first is None else f"Contribution of {len(values)} themes to the score, from {first['name']} ({first['said']}) to {values[-1]['name']} ({values[-1]['said']})."  # fmt: skip
    return chart(
        {"data": {"values": values}, "layer": spread({"x": x, "y": y}, layers)},
        description=description,
        width=width,
        height=24 * max(1, len(values)),
        title=title,
    )
