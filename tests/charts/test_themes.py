"""The picture of contributions: worst on top, and said in a sentence."""

from __future__ import annotations

from winback.charts.themes import contribution_chart


def test_the_worst_stands_on_top() -> None:
    rows = [
        {"theme": key, "name": key, "contribution": points} for key, points in (("a", 2.0), ("b", -3.0), ("c", None))
    ]
    found = contribution_chart(rows)
    assert [value["name"] for value in found["data"]["values"]] == ["b", "a"]
    assert "b (−3.0) to a (+2.0)" in found["description"]
    assert contribution_chart([])["description"] == "No theme is named."
