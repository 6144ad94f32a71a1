"""Answers and the files beside them, as tables that belong together."""

from __future__ import annotations

from pathlib import Path

import pytest

import winback as wb
from tests.connectors.making import csv_file
from winback.errors import UserError

ANSWERS = [
    ["score", "customer", "date", "channel"],
    *[[str(i % 11), f"C{i % 4}", "2026-03-01", "web"] for i in range(40)],
]
CUSTOMERS = [
    ["customer", "region", "Channel"],
    ["C0", "north", "a"],
    ["C1", "north", "b"],
    ["C2", "south", "a"],
    ["C3", "south", "b"],
]


def files(folder: Path) -> dict[str, Path]:
    return {
        "path": csv_file(folder, ANSWERS, "answers.csv"),
        "customers": csv_file(folder, CUSTOMERS, "customers.csv"),
        "periods": csv_file(
            folder, [["customer", "Zeitraum", "revenue"], *[[f"C{i}", "2026-01", "10.50"] for i in range(4)]], "months.csv"
        ),
        "departures": csv_file(folder, [["customer", "end_date"], ["C3", "2026-04-30"], ["", "2026-04-30"]], "left.csv"),
    }  # fmt: skip


def test_every_file_becomes_its_table(tmp_path: Path) -> None:
    reading = wb.read(**files(tmp_path), maps={"periods.month": "Zeitraum"})  # type: ignore[arg-type]
    assert reading.tables.present() == ("feedback", "customers", "customer_periods", "departures")
    assert reading.beside["customer_periods"].mapping["month"] == "Zeitraum"
    assert reading.beside["departures"].rejected == {"without_key": 1}
    assert any(warning.startswith("left.csv: 1 of 2 rows were rejected.") for warning in reading.warnings)
    assert (
        "months.csv: 4 rows, 0 rejected, as customer_periods\n  month: Zeitraum; customer: customer; revenue: revenue\n"
        in str(reading)
    )
    assert wb.profit(reading, minimum=1).basis == "revenue"


def test_what_customers_can_be_split_by_is_joined_to_their_answers(tmp_path: Path) -> None:
    given = files(tmp_path)
    found = wb.read(given["path"], customers=given["customers"], by=["region"])
    assert found.attributes == ("region",)
    assert {tuple(row["segment"]): row["answers"] for row in wb.segments(found, by="region").rows()} == {
        ("north",): 20,
        ("south",): 20,
    }


def test_a_name_that_both_files_have_says_whose_it_is(tmp_path: Path) -> None:
    given = files(tmp_path)
    found = wb.read(given["path"], customers=given["customers"])
    assert "region" in found.attributes and "Channel" not in found.attributes
    assert "channel" in found.tables.feedback.columns


def test_an_attribute_that_no_file_has(tmp_path: Path) -> None:
    given = files(tmp_path)
    with pytest.raises(UserError, match=r'answers\.csv and customers\.csv has no column "planet" \(--by\)'):
        wb.read(given["path"], customers=given["customers"], by=["planet"])


def test_a_mapping_that_names_no_table(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not TABLE.COLUMN=COL"):
        wb.read(csv_file(tmp_path, ANSWERS, "a.csv"), maps={"planets.mass": "kg"})
