from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from winback.datasets import export, sample_company, write_sample

SIZE = 120


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, str]]]:
    paths = write_sample(tmp_path_factory.mktemp("sample") / "new" / "folder", seed=2, size=SIZE)
    files = {}
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            files[path.name] = list(csv.DictReader(file, strict=True))
    return files


def test_the_files(written: dict[str, list[dict[str, str]]]) -> None:
    tables = sample_company(2, SIZE)
    assert {name: len(rows) for name, rows in written.items()} == {
        "feedback.csv": tables.feedback.num_rows,
        "customers.csv": SIZE,
        "periods.csv": tables.customer_periods.num_rows,
        "departures.csv": tables.departures.num_rows,
        "contacts.csv": tables.contacts.num_rows,
        "invitations.csv": tables.invitations.num_rows,
        "cases.csv": tables.cases.num_rows,
        "codings.csv": len(written["codings.csv"]),
    }
    assert list(written["feedback.csv"][0]) == [
        "Response ID", "Answered at", "Customer ID", "Contact ID", "How likely are you to recommend us?", "Why?",
        "Survey", "Channel", "Touchpoint", "Journey stage", "Product", "Language", "Region", "Plan", "Industry",
    ]  # fmt: skip


def test_what_is_read_back_is_what_was_made(written: dict[str, list[dict[str, str]]]) -> None:
    tables = sample_company(2, SIZE)
    for row, made in zip(written["feedback.csv"], tables.feedback.to_pylist(), strict=True):
        assert row["Response ID"] == made["external_id"]
        assert dt.datetime.fromisoformat(row["Answered at"]) == made["occurred_at"]
        assert row["How likely are you to recommend us?"] == ("" if made["score"] is None else str(int(made["score"])))
        assert row["Why?"].removeprefix("'") == (made["comment"] or "").removeprefix("'")
        assert row["Touchpoint"] == (made["touchpoint"] or "")
    for row, made in zip(written["periods.csv"], tables.customer_periods.to_pylist(), strict=True):
        assert Decimal(row["Margin"]) == made["margin"]
        assert dt.date.fromisoformat(row["Month"]) == made["month"]
    for row, made in zip(written["customers.csv"], tables.customers.to_pylist(), strict=True):
        assert row["Name"] == made["customer_name"]
        assert row["Calls (12 months)"] == str(int(made["count_calls"]))
    opted_out = {row["Opted out"] for row in written["contacts.csv"]}
    assert opted_out <= {"yes", "no"}


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    first = [path.read_bytes() for path in write_sample(tmp_path / "a", seed=3, size=50)]
    again = [path.read_bytes() for path in write_sample(str(tmp_path / "b"), seed=3, size=50)]
    assert first == again
    assert not any(data.startswith(b"\xef\xbb\xbf") for data in first)


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    bad = ["=1+1", "+ fast\n- dear", "-", "@name", "\tx", "\rx", "fine", None, ""]
    path = export._write(
        tmp_path / "x.csv", pa.table({"text": bad, "n": pa.array([-1.0] * 9)}), {"Text": "text", "N": "n"}
    )
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["Text"] for row in rows] == ["'=1+1", "'+ fast\n- dear", "'-", "'@name", "'\tx", "'\rx", "fine", "", ""]
    assert {row["N"] for row in rows} == {"-1"}  # a number is none, and stays one


def test_nobody_is_called_a_detractor(written: dict[str, list[dict[str, str]]]) -> None:
    for rows in written.values():
        assert not any("detractor" in cell.lower() for row in rows for cell in (*row, *row.values()))
