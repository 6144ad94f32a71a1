"""Rows of the reports' test documents, a picture of each kind, and what to ask of a picture."""

from __future__ import annotations

import json
from typing import Any

import vl_convert

from tests.report import documents
from winback import charts
from winback.charts import Chart

FULL = documents.full()
HOSTILE = documents.hostile()
BANDED = [
    {"band": "promoter", "money": "120000.00", "customers": 40},
    {"band": "detractor", "money": "351200.00", "customers": 539},
    {"band": "passive", "money": "0", "customers": 3},
]


def pairs(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for row in document["segments"] if len(row["by"]) == 2]


def pictures(document: dict[str, Any]) -> dict[str, Chart]:
    whole = document["overall"]["nps"]
    heat = document["heat"]
    return {
        "distribution": charts.distribution(document["distribution"]),
        "whiskers": charts.whiskers(pairs(document), whole=whole),
        "heat": charts.heat(heat["rows"], whole=whole, by=heat["by"]),
        "trend": charts.over_time(document["trend"]),
        "mix": charts.mix(document["profit"]["tiers"]),
        "by_band": charts.by_band(BANDED, currency="EUR"),
        "parts": charts.parts(document["decompose"]["segments"], title="What moved"),
    }


def empty() -> dict[str, Chart]:
    return {
        "distribution": charts.distribution([]),
        "whiskers": charts.whiskers([]),
        "heat": charts.heat([], whole=0.0),
        "trend": charts.over_time([]),
        "mix": charts.mix([]),
        "by_band": charts.by_band([]),
        "parts": charts.parts([]),
    }


ALL = {
    **{f"full {k}": v for k, v in pictures(FULL).items()},
    **{f"hostile {k}": v for k, v in pictures(HOSTILE).items()},
    **{f"empty {k}": v for k, v in empty().items()},
}


def drawn(chart: Chart) -> str:
    return str(vl_convert.vegalite_to_svg(json.dumps(chart.picture())))


def layers(chart: Chart) -> list[dict[str, Any]]:
    inner = chart.get("spec", chart)
    return list(inner["layer"])


def values(chart: Chart) -> list[dict[str, Any]]:
    return list(chart["data"]["values"])
