"""The canonical tables: names that every engine takes, and rows that fit them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import duckdb
import pyarrow as pa
import pytest

from winback.errors import UserError
from winback.tables import CUSTOMER_PERIODS, DEPARTURES, FEEDBACK, TABLES, Tables, check

POSTGRESQL_RESERVED = {"user", "order", "group", "end", "table", "column", "check", "case", "when", "default", "desc", "from", "to", "references", "window", "limit", "offset", "using", "all", "both", "leading", "trailing", "only", "primary", "unique", "analyse", "analyze"}  # fmt: skip
SPARK_RESERVED = {"at", "authorization", "cross", "current_date", "current_user", "escape", "except", "filter", "fetch", "natural", "outer", "overlaps", "session_user", "some", "time", "union", "unknown", "within"}  # fmt: skip


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_no_column_is_a_reserved_word(table) -> None:  # type: ignore[no-untyped-def]
    reserved = {
        row[0]
        for row in duckdb.sql(
            "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category = 'reserved'"
        ).fetchall()
    }
    assert set(table.names) & (reserved | POSTGRESQL_RESERVED | SPARK_RESERVED) == set()
    columns = ", ".join(f"NULL AS {name}" for name in table.names)
    assert duckdb.sql(f"SELECT {columns}").columns == list(table.names)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_column_is_explained_and_keys_exist(table) -> None:  # type: ignore[no-untyped-def]
    assert all(column.about for column in table.columns)
    assert set(table.key) <= set(table.names)


def test_a_fitting_table_is_cast_and_ordered() -> None:
    given = pa.table({"region": ["North"], "score": pa.array([9], pa.int8()), "source": ["file"]})
    found = check(FEEDBACK, given)
    assert found.column_names == ["source", "score", "region"]
    assert found.schema.field("score").type == pa.float64()


@pytest.mark.parametrize(
    ("table", "rows", "says"),
    [
        (FEEDBACK, {"score": [1.0]}, "lacks source"),
        (FEEDBACK, {"source": [None]}, "is blank in 1 rows"),
        (FEEDBACK, {"source": ["f"], "score": ["nine"]}, "feedback.score should hold double"),
        (FEEDBACK, {"source": ["f"], "kind": ["rumour"]}, 'has "rumour"; it may be survey'),
        (
            CUSTOMER_PERIODS,
            {"customer": ["a"], "month": [dt.date(2026, 1, 1)], "colour": ["red"]},
            "has no column colour",
        ),
    ],
)
def test_what_does_not_fit_is_told(table, rows, says) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UserError, match=says):
        check(table, pa.table(rows))


def test_money_keeps_four_places() -> None:
    found = check(DEPARTURES, pa.table({"customer": ["a"], "annual_value": [Decimal("12.3456")]}))
    assert found.column("annual_value").to_pylist() == [Decimal("12.3456")]
    with pytest.raises(UserError, match="annual_value"):
        check(DEPARTURES, pa.table({"customer": ["a"], "annual_value": [Decimal("0.00001")]}))


def test_tables_know_what_is_present() -> None:
    assert Tables(feedback=1, departures=2).present() == ("feedback", "departures")
    assert FEEDBACK.column("score").type == pa.float64()
    with pytest.raises(KeyError):
        FEEDBACK.column("colour")


def test_tables_say_what_they_hold_and_not_all_of_it() -> None:
    assert repr(Tables(feedback=pa.table({"score": [9.0] * 99}), departures=2, currency="EUR")) == (
        "<Tables: feedback, departures; scores 0-10; EUR; UTC>"
    )
    assert repr(Tables()) == "<Tables: none; scores 0-10; UTC>"
