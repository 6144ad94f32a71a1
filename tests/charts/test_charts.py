"""Every chart is valid Vega-Lite, compiles, and follows the rules for charts."""

from __future__ import annotations

import json

import altair
import pytest
import vl_convert

from tests.charts.rows import ALL, drawn
from winback import charts


def test_every_kind_of_chart_is_looked_at() -> None:
    assert len({name.split()[1] for name in ALL}) == len(charts.__all__) - 1  # Chart is the class of all of them


@pytest.mark.parametrize("name", ALL)
def test_is_valid_by_the_published_schema(name: str) -> None:
    altair.Chart.from_dict(ALL[name].resolved(), validate=True)


@pytest.mark.parametrize("name", ALL)
def test_compiles(name: str) -> None:
    compiled = vl_convert.vegalite_to_vega(json.dumps(ALL[name].resolved("dark")))
    assert compiled["marks"] is not None


@pytest.mark.parametrize("name", ALL)
def test_has_one_sentence_and_no_colour_of_its_own(name: str) -> None:
    chart = ALL[name]
    assert chart.description.endswith(".")
    shape = {key: value for key, value in chart.items() if key != "data"}
    assert "#" not in json.dumps(shape | {"description": ""})


@pytest.mark.parametrize("name", [name for name in ALL if not name.startswith("empty")])
def test_draws(name: str) -> None:
    assert "<path" in drawn(ALL[name])
