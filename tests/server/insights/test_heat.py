"""The heat map: shades, months, and where a cell leads."""

from __future__ import annotations

import pytest

from tests.server.factories import Cast
from tests.server.insights.worlds import basis, year
from winback.server.insights import figures
from winback.server.insights.heat import heat_map, shade
from winback.server.insights.rules import Asked

pytestmark = pytest.mark.django_db


def test_shades_by_distance_from_the_whole() -> None:
    assert [shade(distance) for distance in (-30, -25, -10, 0, 5, 20, 25)] == [
        "d3",
        "d2",
        "d1",
        "n",
        "p1",
        "p2",
        "p3",
    ]


def test_a_cell_has_its_month_its_shade_and_its_answers(cast: Cast) -> None:
    year(cast.larkspur)
    at = basis(cast.access("hanna"), Asked(by=("region",)), usual=3)
    heat = heat_map(figures.segments_of(at, ("region",)), at)
    assert heat is not None
    assert [column["short"] for column in heat["columns"]] == ["Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct"]
    assert (heat["rows"][0]["cells"][-1]["shade"], heat["rows"][0]["cells"][-1]["nps"]) == ("d3", -50.0)
    assert heat["rows"][0]["cells"][-1]["href"] == "?region=North&since=2025-10-01&until=2025-10-31"
