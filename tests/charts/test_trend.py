"""How the score moves: intervals, gaps, and a period that is still running."""

from __future__ import annotations

from typing import Any

import pytest

from tests.charts.rows import ALL, FULL, layers, values
from winback import charts


def month(number: int, nps: float | None, *, partial: bool = False, quarter: float | None = None) -> dict[str, Any]:
    ends = {"low": None, "high": None} if nps is None else {"low": nps - 10, "high": nps + 10}
    trailing = None if quarter is None else {"nps": quarter, "low": quarter - 5, "high": quarter + 5}
    return {
        "unit": "month", "period": f"2026-{number:02}-01", "partial": partial, "answers": 40, "nps": nps, **ends,
        "suppressed": nps is None, "trailing_quarter": trailing,
    }  # fmt: skip


def test_a_point_holds_what_it_says() -> None:
    point = values(charts.over_time([month(10, 4.0), month(11, 20.0, partial=True, quarter=-3.0)]))[1]
    assert point == {
        "period": "2026-11-01", "name": "Nov 2026, still running", "answers": 40, "nps": 20.0, "low": 10.0, "high": 30.0,
        "said": "+20 [+10, +30]", "quarter": -3.0, "trailing": "−3 [−8, +2]", "running": True, "alone": False,
    }  # fmt: skip


def test_an_interval_is_always_drawn() -> None:
    assert any(layer["encoding"].get("y2") == {"field": "high"} for layer in layers(ALL["full trend"]))


def test_a_period_without_neighbours_has_a_whisker_for_want_of_a_band() -> None:
    rows = [month(1, 5.0), month(2, None), month(3, 7.0), month(4, 9.0)]
    chart = charts.over_time(rows)
    assert [point["alone"] for point in values(chart)] == [True, False, False, False]
    filters = [layer.get("transform") for layer in layers(chart)]
    assert [{"filter": "datum.alone"}] in filters
    assert [{"filter": "datum.alone"}] not in [layer.get("transform") for layer in layers(charts.over_time(rows[2:]))]


def test_suppressed_period_leaves_a_gap() -> None:
    rows = [dict(row) for row in FULL["trend"]]
    rows[4].update(nps=None, low=None, high=None, suppressed=True)
    points = values(charts.over_time(rows))
    assert points[4]["nps"] is None and points[4]["low"] is None
    assert points[4]["said"] == "too few to show"


@pytest.mark.parametrize("shift", [0, 40, -60])
def test_a_score_axis_shows_zero(shift: float) -> None:
    rows = [
        dict(row, nps=row["nps"] + shift, low=row["low"] + shift, high=row["high"] + shift) for row in FULL["trend"]
    ]
    domain = layers(charts.over_time(rows))[0]["encoding"]["y"]["scale"]["domain"]
    assert domain[0] <= 0 <= domain[1]
    assert domain[0] <= min(row["low"] for row in rows) and domain[1] >= max(row["high"] for row in rows)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([month(10, 4.0), month(11, 20.0)], "Score with interval, Oct 2026 to Nov 2026: between +4 and +20, last +20 [+10, +30]."),
        ([month(10, 4.0), month(11, 4.4, partial=True)], "Score with interval, Oct 2026 to Nov 2026: always +4, last +4 [−6, +14] in a period still running."),
        ([month(10, None)], "No period has enough answers to show a score."),
    ],
)  # fmt: skip
def test_says_from_when_to_when_and_how_far(rows: list[dict[str, Any]], sentence: str) -> None:
    assert charts.over_time(rows).description == sentence


def test_the_full_trend_says_how_it_ends() -> None:
    told = ALL["full trend"].description
    assert told.startswith("Score with interval, Nov 2025 to Nov 2026: between +17 and +27, last +17 [")
    assert told.endswith("in a period still running.")


def test_the_words_at_the_trailing_quarter_stand_where_no_line_runs() -> None:
    scores = [20.0] * 9 + [60.0] * 4 + [20.0] * 7
    rows = [month(1 + at % 12, score, quarter=22.0) for at, score in enumerate(scores)]
    for at, row in enumerate(rows):
        row["period"] = f"{2025 + at // 12}-{1 + at % 12:02}-01"
    label = next(layer for layer in layers(charts.over_time(rows)) if layer["mark"].get("text") == "trailing quarter")
    place = [row["period"] for row in rows].index(label["data"]["values"][0]["period"])
    assert label["mark"]["dy"] < 0 and not any(score == 60.0 for score in scores[place - 2 : place + 3])
