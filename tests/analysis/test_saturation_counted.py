"""The figures of saturation, from a table that one can count."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from winback.analysis.coded import Coded
from winback.analysis.saturation_counted import at_equal_coverage, curve_of, heard_elsewhere, looked_ahead, segments
from winback.stats.richness import Heard

SETTINGS = {"level": 0.95, "minimum": 2, "replicates": 50, "seed": 1}


def coded() -> Coded:
    """North names price twice and the bill once; South names the bill, and one there says nothing; West is one call."""
    rows = [
        ("1", "price", "North"),
        ("2", "price", "North"),
        ("2", "bill", "North"),
        ("3", "bill", "South"),
        ("4", None, "South"),
        ("5", "app", "West"),
    ]
    frame = pl.DataFrame(rows, schema=["interview", "theme", "region"], orient="row")
    return Coded.of(frame, "interview", "theme", ("region",), None)


def test_segments_say_what_was_heard_and_what_is_missing() -> None:
    rows, notes = segments("region", coded(), SETTINGS)
    by_name = {row["segment"][0]: row for row in rows}
    assert [by_name[name]["interviews"] for name in ("North", "South", "West")] == [2, 2, 1]
    assert [by_name[name]["without_theme"] for name in ("North", "South", "West")] == [0, 1, 0]
    assert [by_name[name]["themes_elsewhere"] for name in ("North", "South", "West")] == [1, 2, 2]
    assert by_name["West"]["suppressed"] and rows[-1] is by_name["West"]
    assert notes == ["1 segment of region with fewer than 2 interviews shows no figures."]


def test_what_others_named_comes_least_likely_by_chance_first() -> None:
    south = [row for row in heard_elsewhere("region", coded()) if row["segment"] == "South"]
    assert [(row["theme"], row["interviews"]) for row in south] == [("price", 2), ("app", 1)]
    # two of five calls are South's: C(3, 2) / C(5, 2) of draws miss a theme that two named
    assert [row["chance"] for row in south] == pytest.approx([0.3, 0.6])


def test_segments_are_set_at_one_coverage() -> None:
    data = coded()
    rows = [row for row in segments("region", data, SETTINGS)[0] if row.get("coverage") is not None]
    common = at_equal_coverage(rows, data, "region")
    assert common is not None and 0 < common <= 1
    assert all(row["equal_themes"] > 0 for row in rows)
    assert at_equal_coverage([], data, "region") is None


def test_the_curve_ends_where_the_data_do_and_goes_on() -> None:
    data = coded()
    heard = Heard.of(data.interviews, data.counts(np.ones(data.interviews, dtype=bool)))
    curve = curve_of(heard, heard, data, level=0.95, replicates=50, seed=1).to_pylist()
    last = [row for row in curve if row["heard"]][-1]
    assert (last["interviews"], last["themes"]) == (5, 3.0)
    assert [row["in_order"] for row in curve if row["heard"]] == [1, 2, 2, 2, 3]
    assert looked_ahead(heard, level=0.95, replicates=50, seed=1).column("more").to_pylist() == [1, 5, 10, 20, 50]
