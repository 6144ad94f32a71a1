"""Themes in figures: a tiny table with exact numbers, on every engine."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

import winback as wb
from tests.peers.engines import Backend
from winback.analysis.codebook import Codebook, Theme
from winback.tables import Tables

BOOK = Codebook((Theme("late", "Late delivery"), Theme("staff", "Friendly staff"))).with_learned(
    [("came late", ["late"]), ("kind staff", ["staff"]), ("late, kind staff", ["late", "staff"]), ("hm", [])]
)
ROWS = [
    ("a", 0, "came late", "North"), ("b", 10, "kind staff", "North"), ("c", 9, "kind staff", "South"),
    ("d", 2, "late, kind staff", "South"), ("e", 7, "", "North"), ("f", 10, None, "South"),
]  # fmt: skip


def table() -> pa.Table:
    return pa.table(
        {
            "customer": [row[0] for row in ROWS], "respondent": [row[0] for row in ROWS], "score": [float(row[1]) for row in ROWS],
            "comment": [row[2] for row in ROWS], "region": [row[3] for row in ROWS],
            "local_date": [dt.date(2026, 1 + place // 3, 1) for place in range(len(ROWS))], "row_number": list(range(len(ROWS))),
        }
    )  # fmt: skip


def test_figures_by_hand(backend: Backend) -> None:
    found = wb.themes(backend(table(), "feedback"), BOOK, by=["region"], minimum=3)
    rows = {row["theme"]: row for row in found.rows()}
    assert {key: row["customers"] for key, row in rows.items()} == {"late": 2, "staff": 3, None: 2}
    assert rows["late"]["share"] == pytest.approx(2 / 6) and rows["late"]["low"] < 2 / 6 < rows["late"]["high"]
    assert rows["late"]["detractor_share"] == 1.0 and rows["late"]["promoter_share"] == 0.0
    assert rows["late"]["nps"] == -100.0 and rows["late"]["nps_without"] == 75.0
    # parts in points, 100/6 each: a -1, b +1, c +1, d -1 (half each), e 0, f +1
    assert rows["late"]["contribution"] == pytest.approx(-1.5 * 100 / 6)
    assert rows["staff"]["contribution"] == pytest.approx(1.5 * 100 / 6)
    assert sum(row["contribution"] for row in rows.values()) == pytest.approx(found.score) == pytest.approx(100 / 6)
    north = {row["theme"]: row for row in found.segments.to_pylist() if row["segment"] == "North"}
    assert (north["late"]["customers"], north["late"]["answers"]) == (1, 3)
    assert north["staff"]["share"] == pytest.approx(1 / 3)
    assert [row["customers"] for row in found.trend.to_pylist() if row["theme"] == "staff"] == [2, 1]
    assert found.rising.num_rows == 0
    assert "Late delivery takes most off the score: −25.0 points of +16.7." in found.summary()


def test_money_and_lost_customers() -> None:
    tables = Tables(
        feedback=table(),
        customers=pa.table({"customer": ["a", "d"], "revenue": pa.array([100, 50], pa.decimal128(18, 4))}),
        departures=pa.table({"customer": ["a", "b"]}),
    )
    rows = {row["theme"]: row for row in wb.themes(tables, BOOK).rows()}
    assert float(rows["late"]["revenue"]) == 150 and float(rows["staff"]["revenue"]) == 50
    assert rows["late"]["lost_share"] == 0.5


def test_who_answers_again_counts_in_each_month_and_once_in_the_whole(backend: Backend) -> None:
    again = (
        table()
        .slice(0, 2)
        .set_column(2, "score", pa.array([9.0, 3.0]))
        .set_column(3, "comment", pa.array(["kind staff", "came late"]))
    )
    again = again.set_column(5, "local_date", pa.array([dt.date(2026, 3, 1)] * 2)).set_column(
        6, "row_number", pa.array([6, 7])
    )
    found = wb.themes(backend(pa.concat_tables([table(), again]), "feedback"), BOOK, by=["region"], minimum=3)
    assert {row["theme"]: row["customers"] for row in found.rows()} == {"late": 2, "staff": 3, None: 2}
    trend = {(row["period"], row["theme"]): (row["answers"], row["customers"]) for row in found.trend.to_pylist()}
    assert trend == {
        ("2026-01", "late"): (3, 1), ("2026-01", "staff"): (3, 2), ("2026-02", "late"): (3, 1), ("2026-02", "staff"): (3, 1),
        ("2026-03", "late"): (2, 1), ("2026-03", "staff"): (2, 1),
    }  # fmt: skip
    north = {row["theme"]: row for row in found.segments.to_pylist() if row["segment"] == "North"}
    assert north["staff"]["customers"] == 1 and north["staff"]["detractor_share"] is None  # one detractor there
    assert found.codings.column("row").to_pylist() == [0, 1, 1, 2, 3, 4, 5]


def test_weights() -> None:
    weighted = table().append_column("weight", pa.array([3.0, 1, 1, 1, 1, 1]))
    found = wb.themes(weighted, BOOK, weight="weight")
    assert {row["theme"]: row["share"] for row in found.rows()}["late"] == pytest.approx(4 / 8)


def test_what_is_missing_is_told() -> None:
    with pytest.raises(wb.UserError, match="no column of comments"):
        wb.themes(table().drop_columns(["comment"]), BOOK)
    with pytest.raises(wb.UserError, match="No row has a score"):
        wb.themes(table().slice(0, 0), BOOK)
