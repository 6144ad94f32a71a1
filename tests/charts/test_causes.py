"""What explains a jump, drawn: what came beside what was due, valid and safe whatever an attribute is called."""

from __future__ import annotations

import json
from typing import Any

import altair
import vl_convert

from tests.charts.rows import layers, values
from winback.charts.causes import MOST, causes


def share(bad: float, expected: float, *, case: str = "", name: str = "region", value: str = "North") -> dict[str, Any]:
    return {"case": case, "attributes": [name], "values": [value], "bad": bad, "total": 200.0, "expected": expected}


SUM = {"case": "", "attributes": ["region", "plan"], "values": ["North", "Work"], "actual": 1200.0, "forecast": 2000.0}


def test_they_are_valid_and_draw() -> None:
    for chart in (causes([share(75, 22), share(30, 20, name="$ink\n<b>")]), causes([SUM], sums=True), causes([])):
        altair.Chart.from_dict(chart.resolved(), validate=True)
        assert vl_convert.vegalite_to_svg(json.dumps(chart.picture("dark")))
        assert chart.description.endswith(".")
        shape = {key: value for key, value in chart.items() if key != "data"}
        assert "#" not in json.dumps(shape)


def test_shares_are_drawn_beside_those_expected() -> None:
    chart = causes([share(75, 22), share(30, 20, value="South")])
    assert [(row["what"], row["came"], row["due"]) for row in values(chart)] == [
        ("region North", 0.375, 0.11), ("region South", 0.15, 0.1),
    ]  # fmt: skip
    assert all(layer["encoding"]["x"]["scale"] == {"zero": True} for layer in layers(chart))
    assert chart.description == ("What explains the jump: region North, 75 of 200 where 22 were expected; 1 more.")


def test_sums_are_drawn_beside_their_forecast() -> None:
    (row,) = values(causes([SUM], sums=True))
    assert (row["what"], row["came"], row["due"]) == ("region North · plan Work", 1200.0, 2000.0)
    assert row["said"] == "1,200 where 2,000 was forecast"


def test_of_several_cases_each_is_named_and_not_all_are_drawn() -> None:
    drawn = values(causes([share(75, 22, case=f"case {n}") for n in range(MOST + 5)]))
    assert len(drawn) == MOST and drawn[1]["what"] == "case 1: region North"


def test_nothing_is_said_to_be_nothing() -> None:
    assert causes([]).description == "Nothing in these attributes explains the jump."
