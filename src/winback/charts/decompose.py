"""What moved, and why: each segment's part of a change, felt (rate) beside who answered (mix)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from winback.charts.labels import segment, signed
from winback.charts.spec import Chart, chart, score_axis, spread

PANELS = (("rate", "Felt differently"), ("mix", "Who answered"), ("total", "Together"))
PANEL_WIDTH = 170


def parts(
    rows: Sequence[Mapping[str, Any]], *, width: int = PANEL_WIDTH, title: str | None = None, limit: int = 12
) -> Chart:
    """Diverging bars about zero, one panel each for rate, mix and both; every panel has the same scale.

    Rows have `segment`, `rate`, `mix`, `total`, in points of the whole's change. Beyond `limit` the smallest are
    drawn together as one row, so that the parts still add up. `width` is that of one panel, in pixels.
    """
    ranked = sorted(rows, key=lambda row: -abs(row["total"]))
    kept = [
        (segment(row.get("segment"), row.get("by", ())), [float(row[name]) for name, _ in PANELS])
        for row in sorted(ranked[:limit], key=lambda row: row["total"])
    ]
    if rest := ranked[limit:]:
        sums = [sum(float(row[name]) for row in rest) for name, _ in PANELS]
        kept.append((f"The other {len(rest)} segments", sums))
    values: list[dict[str, Any]] = [
        {"segment": name, "place": place, "panel": label, "points": number, "said": signed(number, 1)}
        for place, (name, numbers) in enumerate(kept)
        for number, (_, label) in zip(numbers, PANELS, strict=True)
    ]
    reach = max((abs(value["points"]) for value in values), default=1.0) or 1.0
    x: dict[str, Any] = {
        "field": "points",
        "type": "quantitative",
        "scale": {"domain": [-reach * 1.35, reach * 1.35], "nice": False},
        "axis": score_axis(tickCount=3, grid=True),
    }
    y: dict[str, Any] = {
        "field": "segment",
        "type": "nominal",
        "sort": {"field": "place", "op": "min"},
        "axis": {"title": None, "labelColor": "$ink", "labelFontSize": 12, "labelLimit": 220},
    }
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "bar", "color": "$ink", "height": {"band": 0.5}}, "encoding": {"x": x}},
        {"mark": {"type": "rule", "color": "$zero"}, "encoding": {"x": {"datum": 0}, "y": None}},
        {
            "transform": [{"filter": "datum.points < 0"}],
            "mark": {"type": "text", "align": "right", "dx": -4},
            "encoding": {"x": x, "text": {"field": "said"}},
        },
        {
            "transform": [{"filter": "datum.points >= 0"}],
            "mark": {"type": "text", "align": "left", "dx": 4},
            "encoding": {"x": x, "text": {"field": "said"}},
        },
    ]
    inner = {"width": width, "height": {"step": 26}, "layer": spread({"y": y}, layers)}
    column = {"field": "panel", "type": "nominal", "sort": [label for _, label in PANELS], "header": {"title": None}}
    return chart(
        {"data": {"values": values}, "facet": {"column": column}, "spec": inner},
        description=_sentence(kept),
        width=0,
        title=title,
    )


def _sentence(kept: Sequence[tuple[str, list[float]]]) -> str:
    if not kept:
        return "No segment explains the change."
    change = sum(numbers[-1] for _, numbers in kept)
    name, numbers = max(kept, key=lambda row: abs(row[1][-1]))
    return f"Parts of a change of {signed(change, 1)} points by segment; the largest is {name} with {signed(numbers[-1], 1)}."
