"""Unit costs, from a small file with a column or a row for each."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.connectors.making import csv_file, parquet_file
from winback.connectors.csvfile.tabular import read_unit_costs
from winback.errors import UserError

COSTS = {"call": Decimal("4.50"), "ticket": Decimal("7"), "visit": Decimal("60")}


def test_a_column_or_a_row_for_each(tmp_path: Path) -> None:
    assert read_unit_costs(csv_file(tmp_path, [["call", "ticket", "visit"], ["4.50", "7", "60"]])) == COSTS
    assert (
        read_unit_costs(
            csv_file(tmp_path, [["what", "cost"], ["Cost per call", "4.50"], ["tickets", "7"], ["Visits", "60"]])
        )
        == COSTS
    )
    assert (
        read_unit_costs(
            csv_file(tmp_path, [["unit", "€"], ["call", "€ 4,50"], ["ticket", "7,00"], ["visit", "60"]], delimiter=";")
        )
        == COSTS
    )
    assert read_unit_costs(parquet_file(tmp_path, {"call": [4.5], "ticket": [7], "visit": [Decimal("60.00")]})) == COSTS
    assert read_unit_costs(csv_file(tmp_path, [["call", "credit"], ["1,234.5", "0"]])) == {
        "call": Decimal("1234.5"),
        "credit": Decimal(0),
    }


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [["call", "lunch"], ["4", "5"]],
            'has a unit cost for "lunch"; winback knows call, ticket, visit, return, credit',
        ),
        ([["what", "cost"], ["lunch", "5"]], 'has a unit cost for "lunch"'),
        ([["call"], ["many"]], 'the cost of one call, "many", is no cost; write it like 4.50'),
        ([["call", "ticket"], ["-4", "1"]], 'the cost of one call, "-4", is no cost'),
        ([["call", "ticket"], ["", "1"]], 'the cost of one call, "", is no cost'),
        ([["call", "ticket"], ["(4)", "1"]], "is no cost"),
        ([["x"], ["y"]], "has no unit costs; give a column each"),
    ],
)
def test_what_is_no_unit_cost(tmp_path: Path, rows: list[list[str]], said: str) -> None:
    with pytest.raises(UserError) as error:
        read_unit_costs(csv_file(tmp_path, rows))
    assert said in str(error.value)
