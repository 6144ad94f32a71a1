"""Pictures of saturation: valid, the band beyond the data only, and safe whatever a segment is called."""

from __future__ import annotations

import json
from typing import Any

import altair
import vl_convert

from tests.charts.rows import layers, values
from winback.charts.saturation import coverage_by_segment, heard_curve

CURVE: list[dict[str, Any]] = [
    {"interviews": 1, "themes": 2.0, "low": None, "high": None, "in_order": 1, "heard": True},
    {"interviews": 10, "themes": 9.0, "low": None, "high": None, "in_order": 9, "heard": True},
    {"interviews": 30, "themes": 14.2, "low": 10.0, "high": 19.0, "in_order": None, "heard": False},
]
SEGMENTS: list[dict[str, Any]] = [
    {"by": ["region"], "segment": ["$ink <b>"], "interviews": 9, "coverage": 0.5, "coverage_low": 0.2, "coverage_high": 0.8},
    {"by": ["region"], "segment": [None], "interviews": 6, "coverage": 0.7, "coverage_low": 0.3, "coverage_high": 0.9},
    {"by": ["region"], "segment": ["West"], "interviews": 2, "coverage": None, "coverage_low": None, "coverage_high": None},
]  # fmt: skip


def test_they_are_valid_and_draw() -> None:
    silent = [{**CURVE[0], "themes": 0.0, "in_order": None}, {**CURVE[2], "themes": None}]
    for chart in (
        heard_curve(CURVE),
        heard_curve([]),
        heard_curve(silent),
        coverage_by_segment(SEGMENTS),
        coverage_by_segment([]),
    ):
        altair.Chart.from_dict(chart.resolved(), validate=True)
        assert vl_convert.vegalite_to_svg(json.dumps(chart.picture("dark")))
        assert chart.description.endswith(".")
        assert "#" not in json.dumps({key: value for key, value in chart.items() if key != "data"})


def test_the_band_begins_where_the_data_end() -> None:
    chart = heard_curve(CURVE)
    band = layers(chart)[0]
    assert band["encoding"]["y2"] == {"field": "high"}
    assert [(value["interviews"], value["low"], value["high"]) for value in band["data"]["values"]] == [(10, 9.0, 9.0), (30, 10.0, 19.0)]  # fmt: skip
    assert (
        chart.description
        == "9 themes heard in 10 interviews; after 30 about 14 are expected, at 95 % between 10 and 19."
    )
    assert values(chart)[2]["said"] == "14.2, likely 10 to 19"


def test_segments_without_a_figure_are_not_drawn() -> None:
    chart = coverage_by_segment(SEGMENTS)
    assert [value["segment"] for value in values(chart)] == ["$ink <b>", "(no region)"]
    assert chart.description == "How much has been heard of 2 segments: least of $ink <b>, 50 %."


def test_of_many_segments_the_first_are_drawn() -> None:
    chart = coverage_by_segment([{**SEGMENTS[0], "segment": [f"Shop {place}"]} for place in range(25)])
    assert len(values(chart)) == 20
    assert chart.description == "How much has been heard of 25 segments: least of Shop 0, 50 %, the first 20 drawn."
