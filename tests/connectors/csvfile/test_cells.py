"""Cells on the engine: text, names of groups, money, numbers."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.making import csv_file, engine_of_tests, parquet_file
from winback.connectors.csvfile import stage
from winback.connectors.csvfile.cells import (
    blank_sql,
    label_sql,
    money_sql,
    number_sql,
    text_sql,
    trimmed_sql,
    unread_sql,
)
from winback.connectors.csvfile.profile import profile
from winback.connectors.csvfile.staged import Staged
from winback.errors import UserError


def of_values(folder: Path, values: list[str]) -> Staged:
    return stage(csv_file(folder, [["x", "n"], *[[value, "1"] for value in values]]), engine_of_tests())


def values_of(staged: Staged, sql: str) -> list[Any]:
    return [row[0] for row in staged.sql(f"SELECT {sql} FROM raw ORDER BY line").fetchall()]


def test_text_is_trimmed_and_blank_is_missing(tmp_path: Path) -> None:
    staged = of_values(tmp_path, [" a ", "", "  ", "n/a", "\u00a0b\t", "=1+1", "'"])
    assert values_of(staged, text_sql(staged, "x")) == ["a", None, None, "n/a", "b", "=1+1", "'"]
    assert values_of(staged, trimmed_sql(staged, "x")) == ["a", "", "", "n/a", "b", "=1+1", "'"]
    assert values_of(staged, blank_sql(staged, "x")) == [False, True, True, True, False, False, False]


def test_names_of_groups_leave_out_words_for_nothing(tmp_path: Path) -> None:
    staged = of_values(tmp_path, ["north ", "N/A", "", "None", "-", "north"])
    assert values_of(staged, label_sql(staged, "x", profile(staged)["x"])) == ["north", None, None, None, None, "north"]


def test_tidy_columns_are_left_as_they_are(tmp_path: Path) -> None:
    staged = stage(parquet_file(tmp_path, {"a": ["x", "n/a"], "b": ["x", "y"], "c": [1.5, None]}), engine_of_tests())
    seen = profile(staged)
    assert text_sql(staged, "a") == "c0"
    assert values_of(staged, label_sql(staged, "a", seen["a"])) == ["x", None]
    assert label_sql(staged, "b", seen["b"]) == "c1"
    assert values_of(staged, label_sql(staged, "c", seen["c"])) == ["1.5", None]
    assert values_of(staged, blank_sql(staged, "c")) == [False, True]


def test_money(tmp_path: Path) -> None:
    staged = of_values(tmp_path, ["€ 1.234,50", " 7 €", "", "$5"] + ["8,25"] * 20)
    sql, currency = money_sql(staged, "x", profile(staged)["x"])
    assert currency == "EUR"
    assert values_of(staged, sql)[:5] == [Decimal("1234.5"), Decimal(7), None, None, Decimal("8.25")]
    assert values_of(staged, unread_sql(staged, "x", sql))[:5] == [False, False, False, True, False]
    with pytest.raises(UserError, match='"x" of feedback.csv is no money: it has "north"; give another column'):
        staged = of_values(tmp_path, ["north", "5"])
        money_sql(staged, "x", profile(staged)["x"])


def test_numbers(tmp_path: Path) -> None:
    staged = of_values(tmp_path, ["1,5", "0,25", "x"] + ["2"] * 20)
    assert values_of(staged, number_sql(staged, "x", profile(staged)["x"]))[:4] == [1.5, 0.25, None, 2]
    staged = of_values(tmp_path, ["1e-3", "2.5E2", "x"])
    assert values_of(staged, number_sql(staged, "x", profile(staged)["x"])) == [0.001, 250, None]
    staged = stage(parquet_file(tmp_path, {"x": [Decimal("1.5"), None]}), engine_of_tests())
    assert values_of(staged, number_sql(staged, "x", profile(staged)["x"])) == [1.5, None]
    assert money_sql(staged, "x", profile(staged)["x"])[1] == ""
