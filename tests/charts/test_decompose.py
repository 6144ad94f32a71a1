"""What moved: the parts add up, in three panels of one scale."""

from __future__ import annotations

import pytest

from tests.charts.rows import ALL, FULL, layers, values
from winback import charts

ROWS = [
    {"segment": ["North"], "rate": -3.0, "mix": 1.0, "total": -2.0},
    {"segment": ["South"], "rate": 0.5, "mix": 4.0, "total": 4.5},
    {"segment": [None], "by": ["region"], "rate": 0.25, "mix": 0.0, "total": 0.25},
]


def test_each_segment_has_a_bar_in_every_panel_from_worst_to_best() -> None:
    bars = [(bar["segment"], bar["panel"], bar["points"], bar["said"]) for bar in values(charts.parts(ROWS))]
    assert bars == [
        ("North", "Felt differently", -3.0, "−3.0"), ("North", "Who answered", 1.0, "+1.0"), ("North", "Together", -2.0, "−2.0"),
        ("(no region)", "Felt differently", 0.25, "+0.3"), ("(no region)", "Who answered", 0.0, "0.0"), ("(no region)", "Together", 0.25, "+0.3"),
        ("South", "Felt differently", 0.5, "+0.5"), ("South", "Who answered", 4.0, "+4.0"), ("South", "Together", 4.5, "+4.5"),
    ]  # fmt: skip


def test_parts_add_up_beyond_the_limit() -> None:
    rows = FULL["decompose"]["segments"]
    bars = values(charts.parts(rows, limit=3))
    assert bars[-1]["segment"] == "The other 9 segments"
    together = sum(bar["points"] for bar in bars if bar["panel"] == "Together")
    assert together == pytest.approx(FULL["decompose"]["change"], abs=1e-12)


def test_every_panel_has_the_same_scale() -> None:
    assert "resolve" not in ALL["full parts"]


def test_the_scale_reaches_as_far_to_either_side() -> None:
    scale = layers(charts.parts(ROWS))[0]["encoding"]["x"]["scale"]
    assert scale["domain"] == pytest.approx([-4.5 * 1.35, 4.5 * 1.35])


def test_says_the_change_and_its_largest_part() -> None:
    told = charts.parts(ROWS).description
    assert told == "Parts of a change of +2.8 points by segment; the largest is South with +4.5."
    assert ALL["full parts"].description.startswith(
        "Parts of a change of −3.0 points by segment; the largest is North · Business"
    )
    assert ALL["empty parts"].description == "No segment explains the change."
