"""Profit: the mix of detractors, passives and promoters in every tier, and the money each band holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from winback.charts.labels import drawn, interval, money, signed
from winback.charts.spec import ONCE, WIDTH, Chart, chart, spread

BANDS = ("detractor", "passive", "promoter")


def mix(rows: Sequence[Mapping[str, Any]], *, width: int | str = WIDTH, title: str | None = None) -> Chart:
    """Each profit tier as one bar of 100 %: detractors, passives, promoters from left to right.

    Rows have `label`, `answers`, `detractors`, `passives`, `promoters`, `nps`, `low`, `high`. A tier under the
    minimum keeps its place and says so instead of showing a bar; score and interval stand at the end of each bar.
    """
    tiers = [str(row["label"]) for row in rows]
    parts = [part for row in drawn(rows) for part in _parts(row)]
    notes = [{"tier": str(row["label"]), "note": _note(row)} for row in rows]
    y = {
        "field": "tier",
        "type": "nominal",
        "sort": tiers,
        "axis": {"title": None, "labelColor": "$ink", "labelFontSize": 12, "labelLimit": 150},
    }
    x = {
        "field": "from",
        "type": "quantitative",
        "scale": {"domain": [0, 1], "nice": False},
        "axis": {
            "title": None,
            "labelExpr": "100 * datum.value + ' %'",
            "values": [0, 0.25, 0.5, 0.75, 1],
            "grid": True,
        },
    }
    scale = {"domain": list(BANDS), "range": [f"${band}" for band in BANDS]}
    bars: dict[str, Any] = {
        "mark": {"type": "bar", "stroke": "$card", "strokeWidth": 1, "height": {"band": 0.62}},
        "encoding": {
            "x": x,
            "x2": {"field": "to"},
            "color": {"field": "band", "type": "nominal", "scale": scale, "legend": None},
            "tooltip": [
                {"field": "tier", "title": "Tier"},
                {"field": "band", "title": "Band"},
                {"field": "said", "title": "Customers"},
            ],
        },
    }
    words = {"type": "text", "fontSize": 12, "color": "$ink"}
    end = {"x": {"datum": 1 if parts else 0}, "text": {"field": "note"}}
    layers = [
        bars,
        {"data": {"values": notes}, "mark": {**words, "align": "left", "dx": 8}, "encoding": end},
        *_headings(parts, 0),
    ]
    above = {"dy": -17, "baseline": "bottom"}
    narrow = [
        {**bars, "mark": {**bars["mark"], "height": 16}},
        {
            "data": {"values": notes},
            "mark": {**words, **above, "align": "left"},
            "encoding": {"x": {"datum": 0}, "text": {"field": "tier"}},
        },
        {
            "data": {"values": notes},
            "mark": {**words, **above, "align": "right"},
            "encoding": {**end, "x": {"datum": 1}},
        },
        *_headings(parts, -12),
    ]
    phone = {"layer": spread({"y": {**y, "axis": None}}, narrow), "height": 52 * max(1, len(tiers))}
    return chart(
        {
            "data": {"values": parts},
            "layer": spread({"y": y}, layers),
            "padding": {"left": 5, "top": 5, "bottom": 5, "right": 12},
            "usermeta": {"phone": phone},
        },
        description=_mix_sentence(rows),
        width=width,
        height=34 * max(1, len(tiers)),
        title=title,
    )


def _headings(parts: list[dict[str, Any]], lift: int) -> list[dict[str, Any]]:
    """The names of the bands above the first bar, each where its part of the bar lies."""
    return [
        {
            "data": ONCE,
            "mark": {"type": "text", "align": align, "text": f"{band}s", "fontWeight": 600, "color": f"${band}-ink"},
            "encoding": {"x": {"datum": place}, "y": {"value": -8 + lift}},
        }
        for band, place, align in (("detractor", 0.0, "left"), ("passive", 0.5, "center"), ("promoter", 1.0, "right"))
        if parts
    ]


def _parts(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The three pieces of a tier's bar; shares by weight where the answers are weighted."""
    counts = [int(row[f"{band}s"]) for band in BANDS]
    total = sum(counts) or 1
    shares = [row.get(f"{band}_share") for band in BANDS]
    sizes = [count / total if share is None else float(share) for share, count in zip(shares, counts, strict=True)]
    pieces, start = [], 0.0
    for band, size, count in zip(BANDS, sizes, counts, strict=True):
        said = f"{count:,} of {total:,} ({round(size * 100)} %)"
        pieces.append(
            {"tier": str(row["label"]), "band": band, "from": start, "to": min(1.0, start + size), "said": said}
        )
        start += size
    return pieces


def _note(row: Mapping[str, Any]) -> str:
    if drawn([row]):
        return f"{signed(row['nps'])} {interval(row['low'], row['high'])}"
    return f"{row['answers']:,} heard: too few"


def _mix_sentence(rows: Sequence[Mapping[str, Any]]) -> str:
    shown = drawn(rows)
    if not shown:
        return "No tier has enough answers to show its mix."
    told = ", ".join(f"{row['label']} {_share(row)} %" for row in shown)
    return f"Share of detractors by profit tier: {told}."


def _share(row: Mapping[str, Any]) -> int:
    return round(float(_parts(row)[0]["to"]) * 100)


def by_band(
    rows: Sequence[Mapping[str, Any]], *, currency: str = "", width: int | str = WIDTH, title: str | None = None
) -> Chart:
    """The money that detractors, passives and promoters bring, one bar each from zero.

    Rows have `band`, `money` (a decimal string) and, if known, `customers`.
    """
    held = {str(row["band"]): row for row in rows if row.get("money") is not None}
    values = [
        {
            "band": band,
            "name": f"{band}s",
            "money": float(held[band]["money"]),
            "said": money(held[band]["money"], currency),
            "customers": held[band].get("customers"),
        }
        for band in BANDS
        if band in held
    ]
    x = {"field": "money", "type": "quantitative", "scale": {"zero": True}, "axis": None}
    y = {
        "field": "name",
        "type": "nominal",
        "sort": [f"{band}s" for band in BANDS],
        "axis": {"title": None, "labelColor": "$ink", "labelFontSize": 12},
    }
    scale = {"domain": list(BANDS), "range": [f"${band}" for band in BANDS]}
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "bar", "cornerRadiusEnd": 2, "height": {"band": 0.62}},
            "encoding": {
                "x": x,
                "color": {"field": "band", "type": "nominal", "scale": scale, "legend": None},
                "tooltip": [
                    {"field": "name", "title": "Band"},
                    {"field": "said", "title": "Money"},
                    {"field": "customers", "title": "Customers"},
                ],
            },
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 12, "color": "$ink"},
            "encoding": {"x": x, "text": {"field": "said"}},
        },
    ]
    told = ", ".join(f"{value['name']} {value['said']}" for value in values)
    return chart(
        {"data": {"values": values}, "layer": spread({"y": y}, layers), "padding": {"left": 5, "right": 60}},
        description=f"Money by band: {told}." if told else "No money is known.",
        width=width,
        height=34 * max(1, len(values)),
        title=title,
    )
