"""What they gave: how many answers each score got, coloured by band."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from winback.charts.spec import WIDTH, Chart, chart, spread

BANDS = ("detractor", "passive", "promoter")
LABELLED = 15
"""With more different scores than this, counts are read from an axis, not from a label on every bar."""


def distribution(
    rows: Sequence[Mapping[str, Any]],
    *,
    width: int | str = WIDTH,
    height: int = 190,
    title: str | None = None,
    label: str = "Score",
) -> Chart:
    """Answers by score, from the worst score to the best, one bar each.

    Rows have `score`, `answers` and `band` (detractor, passive or promoter). Whole scores between the first and
    the last that nobody gave keep their empty place. Bars start at zero.
    """
    bars = _in_order(rows)
    order = [bar["name"] for bar in bars]
    top = max((bar["answers"] for bar in bars), default=0) or 1
    few = len(bars) <= LABELLED
    axis: dict[str, Any] = {"title": "Answers", "tickCount": 4, "format": ",d"}
    x = {"field": "name", "type": "ordinal", "sort": order, "axis": {"title": label, "labelAngle": 0, "grid": False}}
    y = {
        "field": "answers",
        "type": "quantitative",
        "scale": {"domain": [0, top * 1.22]},
        "axis": None if few else axis,
    }
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "bar", "cornerRadiusEnd": 2, "width": {"band": 0.82}},
            "encoding": {
                "y": y,
                "color": _colour("", legend=None),
                "tooltip": [
                    {"field": "name", "title": label},
                    {"field": "band", "title": "Band"},
                    {"field": "answers", "title": "Answers", "format": ","},
                ],
            },
        },
        {
            "data": {"values": _names(bars)},
            "mark": {"type": "text", "fontSize": {"expr": "width < 360 ? 10 : 12"}, "fontWeight": 600},
            "encoding": {"y": {"value": 2}, "text": {"field": "label"}, "color": _colour("-ink", legend=None)},
        },
    ]
    if few:
        layers.append(
            {
                "transform": [{"filter": "datum.answers > 0"}],
                "mark": {"type": "text", "dy": -7, "color": "$ink-2"},
                "encoding": {"y": y, "text": {"field": "answers", "type": "quantitative", "format": ","}},
            }
        )
    return chart(
        {"data": {"values": bars}, "layer": spread({"x": x}, layers), "resolve": {"scale": {"color": "independent"}}},
        description=_sentence(bars),
        width=width,
        height=height,
        title=title,
    )


def _colour(ending: str, *, legend: None) -> dict[str, Any]:
    scale = {"domain": list(BANDS), "range": [f"${band}{ending}" for band in BANDS]}
    return {"field": "band", "type": "nominal", "scale": scale, "legend": legend}


def _in_order(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Bars from worst to best, with empty places for whole scores in between."""
    found = {float(row["score"]): row for row in rows if row.get("score") is not None}
    if not found:
        return []
    scores = set(found)
    if all(score.is_integer() for score in scores) and max(scores) - min(scores) <= 20:
        scores |= {float(score) for score in range(int(min(scores)), int(max(scores)) + 1)}
    ends = {band: [s for s, row in found.items() if row["band"] == band] for band in BANDS}
    worst, best = (ends["detractor"] or ends["passive"]), (ends["promoter"] or ends["passive"])
    backwards = bool(worst and best and min(worst) > max(best))
    bars = []
    for score in sorted(scores, reverse=backwards):
        row = found.get(score)
        name = str(int(score)) if score.is_integer() else repr(score)
        bars.append(
            {
                "name": name,
                "answers": int(row["answers"]) if row else 0,
                "band": str(row["band"]) if row else _between(score, ends),
            }
        )
    return bars


def _between(score: float, ends: Mapping[str, list[float]]) -> str:
    """The band of a score nobody gave: the one of the nearest score that somebody gave."""
    return min(((abs(score - given), band) for band in BANDS for given in ends[band]), default=(0.0, "passive"))[1]


def _names(bars: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One label for each band, above the middle of its bars."""
    names = []
    for band in BANDS:
        own = [bar["name"] for bar in bars if bar["band"] == band]
        if own:
            names.append(
                {"name": own[len(own) // 2 if len(own) % 2 else len(own) // 2 - 1], "band": band, "label": f"{band}s"}
            )
    return names


def _sentence(bars: list[dict[str, Any]]) -> str:
    total = sum(bar["answers"] for bar in bars)
    if not total:
        return "No scores yet."
    most = max(bars, key=lambda bar: int(bar["answers"]))
    return f"How many of {total:,} answers gave each score; most, {most['answers']:,}, gave {most['name']}."
