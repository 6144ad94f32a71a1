"""One canonical column out of one column of a file."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.making import csv_file, engine_of_tests
from winback.connectors.csvfile import stage
from winback.connectors.csvfile.canonical import Field, field_of, fits, is_typed
from winback.connectors.csvfile.profile import profile
from winback.connectors.csvfile.staged import Staged
from winback.tables import CUSTOMER_PERIODS, CUSTOMERS, DEPARTURES, TABLES


def of_values(folder: Path, values: list[str]) -> Staged:
    return stage(csv_file(folder, [["x", "n"], *[[value, "1"] for value in values]], delimiter="\t"), engine_of_tests())


def read(folder: Path, table: str, column: str, values: list[str]) -> tuple[list[Any], Field]:
    staged = of_values(folder, values)
    field = field_of(staged, TABLES[table].column(column), profile(staged)["x"], zone="Europe/Berlin", order=None)
    return [row[0] for row in staged.all(f"SELECT {field.sql} FROM raw ORDER BY line")], field


@pytest.mark.parametrize(
    ("table", "column", "values", "found"),
    [
        ("customers", "customer", [" C1 ", ""], ["C1", None]),
        ("customers", "since_date", ["05.06.2019", "13.06.2019"], [dt.date(2019, 6, 5), dt.date(2019, 6, 13)]),
        ("customer_periods", "month", ["2026-01", "2026-13"], [dt.date(2026, 1, 1), None]),
        ("customer_periods", "month", ["2026-01-31", "2026-02-01"], [dt.date(2026, 1, 1), dt.date(2026, 2, 1)]),
        ("customers", "revenue", ["1.234,50", "7"], [Decimal("1234.5"), 7]),
        ("customers", "count_calls", ["3", "x"], [3, None]),
        ("contacts", "opted_out", ["Yes", "nein", ""], [True, False, None]),
        ("departures", "departure_kind", ["Canceled", "non-payment", "abducted"], ["cancelled", "ended_by_us", None]),
        ("interviews", "purpose", ["Lost", "n/a", "odd"], ["lost", None, None]),
    ],
)
def test_values_of_every_sort(tmp_path: Path, table: str, column: str, values: list[str], found: list[Any]) -> None:
    assert read(tmp_path, table, column, values)[0] == found


def test_what_is_seen_on_the_way(tmp_path: Path) -> None:
    assert read(tmp_path, "customers", "revenue", ["€5", "€6"])[1].currency == "EUR"
    warnings = read(tmp_path, "customers", "since_date", ["13/06/2019", "14/06/2019", "06/13/2019"])[1].warnings
    assert warnings == ('1 dates in "x" cannot be read day first, as the others are (detected: dmy).',)


@pytest.mark.parametrize(
    ("column", "values", "fit"),
    [
        (CUSTOMERS.column("revenue"), ["5", "6"], True), (CUSTOMERS.column("revenue"), ["north"], False),
        (CUSTOMERS.column("revenue"), ["2026-01-01"], False), (CUSTOMERS.column("since_date"), ["2026-01-01"], True),
        (CUSTOMERS.column("since_date"), ["soon"], False), (CUSTOMERS.column("count_calls"), ["3"], True),
        (CUSTOMERS.column("count_calls"), ["few"], False), (CUSTOMER_PERIODS.column("month"), ["202601"], True),
        (CUSTOMERS.column("customer"), [""], True), (CUSTOMERS.column("parent"), [""], False),
    ],
)  # fmt: skip
def test_whether_values_fit(tmp_path: Path, column: Any, values: list[str], fit: bool) -> None:
    assert fits(profile(of_values(tmp_path, values))["x"], column) is fit


def test_columns_whose_values_may_not_be_read() -> None:
    typed = {column.name for column in (*CUSTOMERS.columns, *DEPARTURES.columns) if is_typed(column)}
    assert {"since_date", "revenue", "count_calls", "departure_kind", "end_date"} <= typed
    assert not {"customer", "owner_name", "stated_reason"} & typed
