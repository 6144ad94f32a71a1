"""How much has been heard, on every engine: counts by hand, segments, gaps, the rule, and rows that are not as they should be."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

import winback as wb
from tests.peers.engines import Backend
from winback.analysis.saturation import detectable

#        interview: themes, region
HELD = {
    "A": (["price", "line"], "North"), "B": (["price"], "North"), "C": (["line", "bill"], "South"), "D": ([], "South"),
    "E": (["price", "visit"], "North"), "F": (["bill", "price"], "South"), "G": (["app"], "North"), "H": (["line"], None),
    "I": (["price"], "South"), "J": (["line", "contract"], "North"), "K": (["price"], "South"), "L": (["price"], "North"),
}  # fmt: skip


def rows(held: dict[str, Any] = HELD) -> pa.Table:
    found = [
        {"row_number": 0, "interview": one, "theme": theme, "region": region, "day": dt.date(2026, 1, place + 1)}
        for place, (one, (themes, region)) in enumerate(held.items())
        for theme in (themes or [None])
    ]
    return pa.Table.from_pylist([row | {"row_number": place} for place, row in enumerate(found)])


CODINGS = rows()


def test_counts_and_coverage_by_hand() -> None:
    whole = wb.saturation(CODINGS, by=["region"], minimum=3, replicates=50).whole()
    assert {name: whole[name] for name in ("interviews", "without_theme", "mentions", "themes", "once", "twice")} == {
        "interviews": 12, "without_theme": 1, "mentions": 16, "themes": 6, "once": 3, "twice": 1,
    }  # fmt: skip
    # Q1 = 3, Q2 = 1, U = 16, T = 12: A = 33 / 35, C = 1 - 3/16 * 33/35; Q0 = 11/12 * 9/2
    assert whole["coverage"] == pytest.approx(1 - 3 / 16 * 33 / 35)
    assert whole["never_heard"] == pytest.approx(11 / 12 * 4.5)
    assert whole["richness"] == pytest.approx(6 + 11 / 12 * 4.5)
    assert whole["coverage_20"] == pytest.approx(1 - 3 / 16 * (33 / 35) ** 21)
    assert whole["coverage_low"] < whole["coverage"] < whole["coverage_high"]


def test_segments_tell_what_others_said_from_what_nobody_said() -> None:
    found = wb.saturation(CODINGS, by=["region"], minimum=3, replicates=50)
    segments = {row["segment"][0]: row for row in found.rows()[1:]}
    assert {name: row["interviews"] for name, row in segments.items()} == {"North": 6, "South": 5, None: 1}
    north = segments["North"]
    # North: price 4, line 2, and once each visit, app, contract: nobody else named these three
    assert (north["themes"], north["once"], north["themes_elsewhere"]) == (5, 3, 1)
    assert north["gap_elsewhere"] == 0.0
    assert north["gap_never"] == pytest.approx(1 - north["coverage"])
    south = segments["South"]
    # South: price 3, bill 2, line once, which others named too
    assert (south["themes"], south["once"], south["themes_elsewhere"]) == (3, 1, 3)
    assert (south["gap_never"], south["gap_elsewhere"]) == (0.0, pytest.approx(1 - south["coverage"]))
    assert segments[None]["suppressed"] is True
    assert segments[None]["coverage"] is None
    elsewhere = [(row["theme"], row["interviews"]) for row in found.elsewhere.to_pylist() if row["segment"] == "North"]
    assert elsewhere == [("bill", 2)]
    # both interviews that name it among the six of twelve that are not North's: 6/12 * 5/11
    chance = next(row["chance"] for row in found.elsewhere.to_pylist() if row["segment"] == "North")
    assert chance == pytest.approx(6 / 12 * 5 / 11)


def test_segments_meet_at_equal_coverage() -> None:
    found = wb.saturation(CODINGS, by=["region"], minimum=3, replicates=50)
    common = found.equal_coverage["region"]
    shown = {row["segment"][0]: row for row in found.rows()[1:] if not row["suppressed"]}
    assert all(row["equal_interviews"] <= 2 * row["interviews"] + 1e-9 for row in shown.values())
    assert 0 < common <= 1
    assert shown["North"]["equal_themes"] > shown["South"]["equal_themes"]


def test_the_order_is_that_of_the_rows_or_of_a_column() -> None:
    found = wb.saturation(CODINGS, replicates=50, base=3, run=2)
    assert found.rule is not None
    assert (found.rule.base_themes, found.rule.runs[0], found.rule.stopped) == (3, (5, 1, pytest.approx(1 / 3)), 9)
    by_day = wb.saturation(CODINGS, order="day", replicates=50, base=3, run=2)
    assert by_day.rule == found.rule
    assert [row["in_order"] for row in found.curve.to_pylist()][:5] == [2, 2, 3, 3, 4]


def test_the_same_on_every_engine(backend: Backend) -> None:
    there = wb.saturation(backend(CODINGS, "codings"), by=["region"], minimum=3, replicates=50, order="day")
    here = wb.saturation(CODINGS, by=["region"], minimum=3, replicates=50, order="day")
    assert there.rows() == here.rows()
    assert there.curve.to_pylist() == here.curve.to_pylist()
    assert there.elsewhere.to_pylist() == here.elsewhere.to_pylist()


# ---- rows that are not as they should be; one engine is enough ----------------------------------------------------


def coded(*pairs: tuple[Any, Any]) -> pa.Table:
    return pa.table({"interview": [one for one, _ in pairs], "theme": [theme for _, theme in pairs]})


def test_two_coders_of_one_interview_count_once() -> None:
    table = coded(("1", "Price"), ("1", "Price"), ("1", " price "), ("2", "PRICE"), ("2", None), ("3", "  "))
    found = wb.saturation(table, minimum=2, replicates=20)
    whole = found.whole()
    assert (whole["interviews"], whole["themes"], whole["mentions"], whole["without_theme"]) == (3, 1, 2, 1)
    assert found.notes == ("1 theme written in several ways is counted once, such as “PRICE” and “Price”.",)
    assert found.themes.to_pylist()[0]["theme"] == "Price"


def test_rows_without_an_interview_are_told() -> None:
    found = wb.saturation(coded(("1", "a"), (None, "b"), (None, "b"), ("", "c"), ("2", "a")), minimum=2, replicates=20)
    assert found.notes == ("3 rows without an interview are left out.",)
    assert found.whole()["themes"] == 1


def test_an_interview_in_two_segments_counts_in_the_whole_only() -> None:
    table = coded(("1", "a"), ("1", "b"), ("2", "a"), ("2", "b"), ("3", "a")).append_column(
        "region", [["North", "South", "North", None, "South"]]
    )
    found = wb.saturation(table, by="region", minimum=1, replicates=20)
    assert {row["segment"][0]: row["interviews"] for row in found.rows()[1:]} == {"North": 1, "South": 1}
    assert found.whole()["interviews"] == 3
    assert found.notes == ("1 interview with more than one value of region counts in the whole only.",)


def test_few_interviews_show_no_figure() -> None:
    found = wb.saturation(coded(("1", "a"), ("2", "b"), ("3", "a")))
    assert found.whole()["suppressed"] is True
    assert found.summary() == "3 interviews: too few to say how much has been heard."
    assert found.news() == ""
    assert found.outlook.column("new").null_count == 5
    assert "too few" in str(found)


def test_no_theme_in_any_interview() -> None:
    found = wb.saturation(coded(*((str(number), None) for number in range(8))))
    assert found.summary() == "No theme in 8 interviews."
    assert found.whole()["coverage"] is None
    assert found.chart().description == "0 themes heard in 8 interviews."


def test_a_frame_without_order_has_no_rule() -> None:
    import duckdb

    relation = duckdb.connect().from_arrow(CODINGS.drop(["row_number"]))
    found = wb.saturation(relation, replicates=20)
    assert found.rule is None
    assert "needs the order" in found.rule_says()


def test_what_it_says() -> None:
    found = wb.saturation(CODINGS, by=["region"], replicates=100)
    assert found.summary().startswith("You have heard about 82 % of what they would say [")
    assert "20 more interviews → 95 %." in found.summary()
    assert found.news().startswith("About one interview in 4 now brings a new theme; 20 more would bring about 3 [")
    assert "6 themes are known, and at least 4 more are out there." in found.news()
    assert found.rule_says() == "Guest’s rule (base 6, runs of 3, at most 5 % new) would go on."
    later = wb.saturation(CODINGS, base=3, run=2, replicates=20).rule_says()
    assert later == (
        "Guest’s rule (base 3, runs of 2, at most 5 % new) would have stopped after 9 interviews, with 5 themes heard; "
        "1 theme came up since."
    )
    lines = str(found).split("\n")
    assert lines[0] == "Saturation"
    assert lines[3].startswith("all")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"interview": "call"}, 'has no column "call"'),
        ({"theme": "code"}, 'has no column "code"'),
        ({"by": ["colour"]}, 'has no column "colour"'),
        ({"base": 0}, "base and a run of at least 1"),
        ({"threshold": 2.0}, "threshold from 0 to 1"),
    ],
)
def test_refusals(arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(wb.UserError, match=says):
        wb.saturation(CODINGS, **arguments)


def test_what_is_no_frame_is_refused() -> None:
    with pytest.raises(wb.UserError, match="takes a frame of codings"):
        wb.saturation([1, 2, 3])
    with pytest.raises(wb.UserError, match="No row names an interview"):
        wb.saturation(coded((None, "a")))


def test_how_likely_a_theme_was_heard() -> None:
    assert [(one["share"], round(one["heard"], 2), one["interviews_for_95"]) for one in detectable(25)] == [
        (0.10, 0.93, 29), (0.05, 0.72, 59), (0.02, 0.40, 149),
    ]  # fmt: skip
