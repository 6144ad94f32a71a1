"""The control chart: band, gap, window and a sentence."""

from __future__ import annotations

from winback.charts.control import control

ROWS = [
    {"period": "2026-10-05", "answers": 20, "share": 0.2, "expected": 0.2, "low": 0.05, "high": 0.4, "burning": False},
    {"period": "2026-10-12", "answers": 0, "share": None, "expected": 0.2, "low": 0.2, "high": 0.2, "burning": False},
    {"period": "2026-10-19", "answers": 20, "share": 0.5, "expected": 0.2, "low": 0.05, "high": 0.4, "burning": True},
]


def test_shares_are_drawn_in_percent_with_the_window_marked() -> None:
    found = control(ROWS)
    values = found["data"]["values"]
    assert [value["seen"] for value in values] == [20.0, None, 50.0]
    assert [value["burning"] for value in values] == [False, False, True]
    assert values[1]["said"] == "no answers"
    # weeks: the window is shaded from the Thursday before its Monday to the one after it
    window = found["layer"][0]["data"]["values"][0]
    assert (window["period"], window["end"]) == ("2026-10-16", "2026-10-22")
    assert found.description == (
        "Share of detractors by period since 5 Oct 2026: 50 % in the window from 19 Oct 2026, where 20 % was expected."
    )


def test_scores_counts_and_nothing_have_words_too() -> None:
    assert "−50" in control([{**ROWS[2], "share": -0.5}], measure="score").description
    assert control([{**ROWS[2], "share": 12.0, "expected": 30.0}], measure="silence").description.startswith(
        "Answers by period"
    )
    assert "band where 95 %" in control(ROWS[:1]).description
    assert control([]).description.endswith("no period to show.")


def test_periods_that_are_no_days_stand_in_their_order_without_a_window() -> None:
    found = control([{**row, "period": str(place)} for place, row in enumerate(ROWS, start=9)])
    assert [value["period"] for value in found["data"]["values"]] == ["9", "10", "11"]
    assert [layer["encoding"]["x"]["type"] for layer in found["layer"]] == ["ordinal"] * 4
    assert found["layer"][0]["encoding"]["x"]["sort"] is None
