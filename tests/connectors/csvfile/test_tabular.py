"""Files beside the answers become their canonical tables."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.connectors.making import csv_file, engine_of_tests, parquet_file, text_file
from winback.connectors.csvfile.tabular import TableFile, read_table
from winback.errors import UserError
from winback.tables import TABLES, check


def table_of(folder: Path, table: str, rows: list[list[Any]], **said: Any) -> TableFile:
    return counted(read_table(csv_file(folder, rows, f"{table}.csv"), table, connection=engine_of_tests(), **said))


def counted(file: TableFile) -> TableFile:
    """The same file, once its rows and their types have been looked at."""
    found = file.frame.to_arrow_table()
    assert file.rows == found.num_rows + sum(file.rejected.values())
    assert sum(batch.num_rows for batch in file.rejected_batches()) == sum(file.rejected.values())
    check(TABLES[file.table], found)
    return file


def rows_of(file: TableFile, *names: str) -> list[tuple[Any, ...]]:
    chosen = ", ".join(f'"{name}"' for name in names)
    return file.frame.query("f", f"SELECT {chosen} FROM f ORDER BY ALL").fetchall()


def test_customers(tmp_path: Path) -> None:
    rows = [
        ["Customer ID", "Company", "Since", "Annual revenue", "Margin", "Support tickets", "Segment", "Region"],
        ["C1", "Ada Ltd", "2019-05-01", "€ 1.200,50", "300", "2", "smb", "north"],
        ["C2", "Byron & Co", "1985-01-31", "900", "-20,5", "0", "smb", "n/a"],
        ["C3", "Curie AG", "", "", "", "", "large", "south"],
    ]
    file = table_of(tmp_path, "customers", rows, zone="Europe/Berlin")
    assert file.mapping == {
        "customer": "Customer ID", "customer_name": "Company", "since_date": "Since", "revenue": "Annual revenue",
        "margin": "Margin", "count_tickets": "Support tickets",
    }  # fmt: skip
    assert rows_of(file, "customer", "since_date", "revenue", "margin", "count_tickets") == [
        ("C1", dt.date(2019, 5, 1), Decimal("1200.5"), 300, 2), ("C2", dt.date(1985, 1, 31), 900, Decimal("-20.5"), 0),
        ("C3", None, None, None, None),
    ]  # fmt: skip
    assert file.attributes == ("Segment", "Region")
    assert rows_of(file, "Segment", "Region") == [("large", "south"), ("smb", "north"), ("smb", None)]
    assert (file.currency, file.warnings, file.rejected) == ("EUR", (), {})


def test_dates_of_customers_may_lie_long_ago_or_ahead(tmp_path: Path) -> None:
    for when in (["2031-01-31", "1970-01-01"], pa.array([dt.date(2031, 1, 31), dt.date(1970, 1, 1)])):
        path = parquet_file(tmp_path, {"customer": ["C1", "C2"], "renewal_date": when, "plan": ["a", "b"]})
        file = counted(read_table(path, "customers", connection=engine_of_tests(), zone="Europe/Berlin"))
        assert rows_of(file, "renewal_date") == [(dt.date(1970, 1, 1),), (dt.date(2031, 1, 31),)]


def test_times_with_a_zone_become_days_of_the_workspace(tmp_path: Path) -> None:
    at = pa.array([dt.datetime(2026, 1, 31, 23, 30, tzinfo=dt.UTC)], pa.timestamp("us", tz="UTC"))
    path = parquet_file(tmp_path, {"customer": ["C1"], "end_date": at})
    file = counted(read_table(path, "departures", connection=engine_of_tests(), zone="Europe/Berlin"))
    assert rows_of(file, "end_date") == [(dt.date(2026, 2, 1),)]


@pytest.mark.parametrize("months", [["2026-01", "2026-02", "2026-02"], ["202601", "202602", "202602"], ["2026-01-01", "2026-02-28", "2026-02-01"],
                                    ["31.01.2026", "01.02.2026", "28.02.2026"], [202601, 202602, 202602]])  # fmt: skip
def test_months_of_money(tmp_path: Path, months: list[Any]) -> None:
    columns = {
        "customer": ["C1", "C1", "C2"],
        "month": months,
        "revenue": ["10", "11.5", "7"],
        "cost to serve": ["1", "2", "n/a"],
    }
    for path in (
        csv_file(tmp_path, [list(columns), *map(list, zip(*columns.values(), strict=True))]),
        parquet_file(tmp_path, columns),
    ):
        file = counted(read_table(path, "customer_periods", connection=engine_of_tests()))
        january, february = dt.date(2026, 1, 1), dt.date(2026, 2, 1)
        assert rows_of(file, "customer", "month", "revenue", "cost") == [
            ("C1", january, 10, 1), ("C1", february, Decimal("11.5"), 2), ("C2", february, 7, None),
        ]  # fmt: skip


def test_rows_without_their_key_and_rows_with_the_key_of_a_later_one(tmp_path: Path) -> None:
    rows = [["customer", "month", "revenue"], ["C1", "2026-01", "1"], ["", "2026-01", "2"], ["C1", "2026-13", "3"], ["C1", "2026-01", "4"],
            ["C2", "2026-01", "5"], ["C2", "2026-02", "6"]]  # fmt: skip
    file = table_of(tmp_path, "customer_periods", rows)
    assert rows_of(file, "customer", "revenue") == [("C1", 4), ("C2", 5), ("C2", 6)]
    assert file.rejected == {"without_key": 2, "duplicate_key": 1}
    (batch,) = file.rejected_batches()
    assert [(row["line"], row["reason"], row["revenue"]) for row in batch.to_pylist()] == [
        (2, "duplicate_key", "1"), (3, "without_key", "2"), (4, "without_key", "3"),
    ]  # fmt: skip
    assert [example["message"] for example in file.examples] == [
        'customer_periods.csv line 2: a later row has the same customer "C1" and month "2026-01" and replaces this one',
        'customer_periods.csv line 3: the row needs its customer ("customer") and month ("month"); fill in what is blank or cannot be read',
        'customer_periods.csv line 4: the row needs its customer ("customer") and month ("month"); fill in what is blank or cannot be read',
    ]


def test_departures_with_their_kinds(tmp_path: Path) -> None:
    rows = [["account", "churn type", "end date", "reason"], ["C1", "Cancelled", "2026-01-31", "price"], ["C2", "non_renewal", "2026-01-31", ""],
            ["C3", "abducted", "2026-02-28", "?"], ["C4", "", "2026-02-28", ""], ["C1", "Moved  away", "2026-01-31", "left town"]]  # fmt: skip
    file = table_of(tmp_path, "departures", rows)
    assert rows_of(file, "customer", "departure_kind") == [
        ("C1", "unavoidable"),
        ("C2", "not_renewed"),
        ("C3", None),
        ("C4", None),
    ]
    assert file.rejected == {"duplicate_key": 1}
    assert file.warnings == (
        'departures.csv: 1 values of "churn type", such as "abducted", cannot be read and are left blank; kinds are cancelled, '
        "not_renewed, downgraded, lapsed, ended_by_us, unavoidable, migrated.",
    )


def test_values_that_do_not_fit_are_left_blank_and_counted(tmp_path: Path) -> None:
    rows = [
        ["customer", "revenue", "since"],
        *[[f"C{n}", str(n), f"2020-01-{n + 1:02}"] for n in range(20)],
        ["C98", "much", "2020-01-01"],
        ["C99", "-", "soon"],
    ]
    file = table_of(tmp_path, "customers", rows)
    assert file.warnings == (
        'customers.csv: 1 values of "since", such as "soon", cannot be read and are left blank.',
        'customers.csv: 1 values of "revenue", such as "much", cannot be read and are left blank.',
    )


def test_contacts_invitations_and_cases(tmp_path: Path) -> None:
    file = table_of(
        tmp_path,
        "contacts",
        [
            ["person id", "customer", "role", "opt out"],
            ["p1", "C1", "user", "Yes"],
            ["p2", "C1", "", "no"],
            ["p3", "C2", "user", ""],
        ],
    )
    assert rows_of(file, "contact", "opted_out") == [("p1", True), ("p2", False), ("p3", None)]
    rows = [
        ["invitation", "sent", "survey", "bounced"],
        ["i1", "2026-01-01 10:00", "Relationship", "x"],
        ["i2", "", "odd", ""],
    ]
    file = table_of(tmp_path, "invitations", rows)
    assert rows_of(file, "invitation", "survey", "bounced") == [("i1", "relationship", True), ("i2", None, None)]
    file = table_of(
        tmp_path,
        "cases",
        [["case id", "opened", "status", "cost"], ["k1", "2026-01-01", "OPEN", "5"], ["k2", "2026-01-02", "odd", ""]],
    )
    assert rows_of(file, "case_id", "status", "cost") == [("k1", "open", 5), ("k2", None, None)]


def test_columns_may_be_named(tmp_path: Path) -> None:
    rows = [["Kd.", "Umsatzerlös", "Gruppe"], ["1", "5", "a"], ["2", "6", "b"]]
    with pytest.raises(
        UserError,
        match=r"has no column that is plainly the customer of customers; name it with --map customers.customer=COL",
    ):
        table_of(tmp_path, "customers", rows)
    file = table_of(tmp_path, "customers", rows, given={"customer": "Kd.", "revenue": "umsatzerlös"})
    assert rows_of(file, "customer", "revenue") == [("1", 5), ("2", 6)]
    with pytest.raises(UserError, match=r"The table customers has no column turnover \(--map\); it knows customer, "):
        table_of(tmp_path, "customers", rows, given={"turnover": "Umsatzerlös"})
    with pytest.raises(UserError, match=r'has no column "Kunde" \(--map customers.customer\)'):
        table_of(tmp_path, "customers", rows, given={"customer": "Kunde"})
    with pytest.raises(UserError, match='"Gruppe" of customers.csv is no money: it has "a"'):
        table_of(tmp_path, "customers", rows, given={"customer": "Kd.", "revenue": "Gruppe"})


def test_attributes_that_are_wanted_are_taken_whatever_they_look_like(tmp_path: Path) -> None:
    rows = [
        ["customer", "Postal Code", "plan", "Revenue"],
        *[[f"C{n}", str(10_000 + n), "ab"[n % 2], "1"] for n in range(40)],
    ]
    assert table_of(tmp_path, "customers", rows).attributes == ("plan",)
    assert table_of(tmp_path, "customers", rows, wanted=("postal_code",)).attributes == ("Postal Code",)


def test_attributes_may_be_called_as_our_columns_are(tmp_path: Path) -> None:
    rows = [
        ["customer", "owner name", "Parent", "PLAN", "plan", "margin"],
        *[[f"C{n}", "x", "", "ab"[n % 2], "cd"[n % 2], "ef"[n % 2]] for n in range(9)],
    ]
    file = table_of(tmp_path, "customers", rows)
    assert file.attributes == ("PLAN", "plan (column)", "margin (column)")


def test_a_file_that_is_no_table_at_all(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is a web page or XML"):
        read_table(text_file(tmp_path, "<html>"), "customers")
    with pytest.raises(UserError, match="There is no file"):
        read_table(tmp_path / "none.csv", "customers")
