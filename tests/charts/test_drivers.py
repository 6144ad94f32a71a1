"""Pictures of drivers: valid, from nought, with every interval, and safe whatever a driver is called."""

from __future__ import annotations

import json
from typing import Any

import altair
import vl_convert

from tests.charts.rows import layers, values
from winback.charts.drivers import importance_chart, room_chart


def row(driver: str, importance: float | None, dissatisfied: float | None = 0.3) -> dict[str, Any]:
    ends = {"low": None, "high": None} if importance is None else {"low": importance - 0.05, "high": importance + 0.05}
    return {"driver": driver, "importance": importance, **ends, "dissatisfied": dissatisfied}


ROWS = [row("support", 0.5), row("plan", 0.3, None), row("$ink\n<b>", 0.2, 0.6), row("same", None)]


def test_they_are_valid_and_draw() -> None:
    for rows in (ROWS, []):
        for chart in (importance_chart(rows), room_chart(rows)):
            altair.Chart.from_dict(chart.resolved(), validate=True)
            assert vl_convert.vegalite_to_svg(json.dumps(chart.picture("dark")))
            assert chart.description.endswith(".")
            shape = {key: value for key, value in chart.items() if key != "data"}
            assert "#" not in json.dumps(shape)


def test_bars_begin_at_nought_and_intervals_are_drawn() -> None:
    chart = importance_chart(ROWS)
    assert [value["driver"] for value in values(chart)] == ["support", "plan", "$ink <b>"]
    assert layers(chart)[0]["encoding"]["x"]["scale"]["domain"][0] == 0
    assert any(layer["encoding"].get("x2") == {"field": "high"} for layer in layers(chart))
    assert values(chart)[0]["said"] == "50 % [45 %, 55 %]"
    assert (
        chart.description
        == "Part of the explained score of 3 drivers with 95 % intervals: most with support, 50 % [45 %, 55 %]."
    )


def test_only_ratings_have_room() -> None:
    chart = room_chart(ROWS)
    assert [value["driver"] for value in values(chart)] == ["support", "$ink <b>"]
    assert "most of both has support, 50 % and 30 %" in chart.description
    assert room_chart([row("plan", 0.3, None)]).description == "No driver is a rating."


def test_of_names_that_would_cover_each_other_the_more_urgent_stand() -> None:
    chart = room_chart([row("least", 0.5, 0.2), *(row(f"same {place}", 0.5, 0.3) for place in range(5))])
    written = [value["driver"] for layer in layers(chart)[2:] for value in layer["data"]["values"]]
    assert sorted(written) == ["least", "same 0", "same 1", "same 2", "same 3"]
    assert len(values(chart)) == 6  # the points are all there
