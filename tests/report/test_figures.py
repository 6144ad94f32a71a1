"""The figures that the report and the server's pages share."""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb
import numpy as np
import pytest

from winback.analysis.tallies import Tallies
from winback.analysis.worth import Worth
from winback.report.figures import answered_days, heat_of, join_worth, windows

ROWS = [
    ("a", "North", 0, "2026-01-05"), ("b", "North", 10, "2026-01-06"), ("c", "South", 9, "2026-02-07"),
    ("d", "South", 9, "2026-02-08"), ("a", None, 9, "2026-02-09"),
]  # fmt: skip


def answers(connection: Any = None) -> Any:
    """The rows as a DuckDB relation."""
    values = ", ".join(f"('{c}', {'NULL' if r is None else repr(r)}, {s}, DATE '{d}')" for c, r, s, d in ROWS)
    return (connection or duckdb.connect()).sql(
        f"SELECT * FROM (VALUES {values}) AS t (customer, region, score, local_date)"
    )


@pytest.mark.parametrize(
    ("first", "last", "today", "found"),
    [
        ("2025-01-05", "2025-12-31", "2026-02-01", ("2025-07-01", "2025-09-30", "2025-10-01", "2025-12-31")),
        ("2025-01-05", "2025-12-20", "2025-12-20", ("2025-06-01", "2025-08-31", "2025-09-01", "2025-11-30")),
        ("2025-11-05", "2025-12-20", "2026-03-01", ("2025-11-01", "2025-11-30", "2025-12-01", "2025-12-31")),
        ("2025-12-05", "2025-12-20", "2026-03-01", None),
    ],
)
def test_which_windows_are_compared(first: str, last: str, today: str, found: Any) -> None:
    chosen = windows(*(dt.date.fromisoformat(day) for day in (first, last, today)))
    assert (None if chosen is None else tuple(day.isoformat() for window in chosen for day in window)) == found


def test_money_stands_beside_the_answers_exactly() -> None:
    known = Worth(np.array(["a", "c"], dtype=object), np.array([10_000, 12_345_678]), np.array([20_000, 3]), "margin")
    connection = duckdb.connect()
    rows = join_worth(answers(connection), known, connection).order("local_date").fetchall()
    assert [str(row[-1]) for row in rows] == ["2.0000", "None", "0.0003", "None", "2.0000"]


def test_the_heat_map_has_every_segment_and_month_that_occurs() -> None:
    tallies = Tallies(answers(), ("region",), "month")
    found = heat_of(tallies, ("region",), level=0.95, minimum=1)
    assert found is not None and (found["by"], found["unit"]) == (["region"], "month")
    assert [(row["segment"], row["period"], row["nps"]) for row in found["rows"]] == [
        (["North"], "2026-01-01", 0.0), (["South"], "2026-02-01", 100.0), ([None], "2026-02-01", 100.0),
    ]  # fmt: skip
    assert heat_of(tallies, ("region",), level=0.95, minimum=1, most=2) is None
    largest = heat_of(tallies, ("region",), level=0.95, minimum=1, most=2, largest=True)
    assert largest is not None and {row["segment"][0] for row in largest["rows"]} == {"North", "South"}
    fewest = heat_of(tallies, ("region",), level=0.95, minimum=1, most=1, largest=True)  # January then has none of it
    assert fewest is not None and [row["period"] for row in fewest["rows"]] == ["2026-01-01"]
    assert heat_of(tallies, (), level=0.95, minimum=1) is None


def test_the_days_of_the_first_and_the_last_answer() -> None:
    assert answered_days(answers()) == (dt.date(2026, 1, 5), dt.date(2026, 2, 9))
