"""Segments: intervals are drawn, too few answers are not, and a customer's words are words."""

from __future__ import annotations

import pytest

from tests.charts.rows import ALL, FULL, drawn, layers, pairs, values
from winback import charts

ROWS = [
    {"segment": ["North"], "answers": 40, "nps": -5.0, "low": -30.5, "high": 20.0, "shrunk_nps": 3.0},
    {"segment": ["South"], "answers": 1200, "nps": 31.0, "low": 26.0, "high": 35.5, "shrunk_nps": 30.0},
    {"segment": ["West"], "answers": 3, "nps": None, "low": None, "high": None, "suppressed": True},
]


def test_an_interval_is_always_drawn() -> None:
    assert any(layer["encoding"].get("x2") == {"field": "high"} for layer in layers(ALL["full whiskers"]))


def test_whiskers_hold_score_interval_and_steadied_score_in_the_order_given() -> None:
    assert values(charts.whiskers(ROWS)) == [
        {"segment": "North", "place": 0, "nps": -5.0, "low": -30.5, "high": 20.0, "steadied": 3.0, "answers": 40, "score": "−5 [−31, +20]"},
        {"segment": "South", "place": 1, "nps": 31.0, "low": 26.0, "high": 35.5, "steadied": 30.0, "answers": 1200, "score": "+31 [+26, +36]"},
    ]  # fmt: skip


def test_whiskers_say_the_lowest_the_whole_and_what_is_left_out() -> None:
    assert charts.whiskers(ROWS, whole=21.0).description == (
        "Score and interval of 2 segments: lowest North with −5 [−31, +20], the whole +21; "
        "1 with too few answers are left out."
    )
    assert (
        charts.whiskers(ROWS[1:2]).description == "Score and interval of 1 segment: lowest South with +31 [+26, +36]."
    )
    assert charts.whiskers(ROWS[2:]).description == "No segment has enough answers to show a score."


@pytest.mark.parametrize(("whole", "domain"), [(None, [-40, 40]), (70.0, [-40, 80])])
def test_the_axis_holds_every_interval_and_the_whole(whole: float | None, domain: list[int]) -> None:
    scales = [layer["encoding"]["x"].get("scale") for layer in layers(charts.whiskers(ROWS, whole=whole))]
    assert [scale["domain"] for scale in scales if scale] == [domain] * 3


def test_suppressed_rows_are_not_drawn() -> None:
    assert any(row["suppressed"] for row in pairs(FULL))
    names = [row["segment"] for row in values(ALL["full whiskers"])]
    assert "West · Enterprise" not in names and "North · Enterprise" in names


def test_blank_segment_is_named_after_its_attribute() -> None:
    row = next(row for row in FULL["segments"] if row["segment"] == [None])
    assert values(charts.whiskers([row]))[0]["segment"] == "(no region)"


def test_a_segment_named_like_a_token_is_not_a_colour() -> None:
    chart = charts.whiskers([dict(pairs(FULL)[0], segment=["$promoter", "$ink"])], whole=21.0)
    assert chart.resolved()["data"]["values"][0]["segment"] == "$promoter · $ink"
    assert "$promoter · $ink" in drawn(chart)


def test_suppressed_heat_cell_is_a_dash_without_colour() -> None:
    few = [cell for cell in values(ALL["full heat"]) if cell["distance"] is None]
    assert few and all(cell["score"] == "–" for cell in few)


def test_heat_colours_the_distance_from_the_whole() -> None:
    rows = [dict(row, period="2026-11-01") for row in ROWS]
    chart = charts.heat(rows, whole=21.0)
    assert [(cell["segment"], cell["distance"], cell["score"], cell["said"]) for cell in values(chart)] == [
        ("North", -26.0, "−5", "−5 [−31, +20]"), ("South", 10.0, "+31", "+31 [+26, +36]"), ("West", None, "–", "too few to show"),
    ]  # fmt: skip
    assert chart.description == (
        "Score of 3 segments by month, coloured by distance from the whole (+21); lowest North in Nov 2026 with −5."
    )
    assert charts.heat(rows[2:], whole=21.0, unit="week").description == "No segment has enough answers in any week."


def test_heat_says_what_a_phone_shows() -> None:
    rule = ALL["full heat"]["usermeta"]["phone"]["transform"][0]["filter"]
    assert rule == "datum.column >= 6"


@pytest.mark.parametrize("unit", ["week", "month", "quarter"])
def test_heat_names_its_periods(unit: str) -> None:
    rows = [dict(row, period=start) for row in FULL["heat"]["rows"][:1] for start in ("2025-10-01", "2026-01-01")]
    names = {row["name"] for row in values(charts.heat(rows, whole=21.0, unit=unit))}
    assert (
        names == {"week": {"1 Oct 25", "1 Jan 26"}, "month": {"Oct 25", "Jan 26"}, "quarter": {"Q4 25", "Q1 26"}}[unit]
    )


@pytest.mark.parametrize(("unit", "name"), [("week", "1 Oct"), ("month", "Oct"), ("quarter", "Q4 25")])
def test_heat_within_a_year_leaves_the_year_out(unit: str, name: str) -> None:
    rows = [dict(FULL["heat"]["rows"][0], period="2025-10-01")]
    assert values(charts.heat(rows, whole=21.0, unit=unit))[0]["name"] == name
