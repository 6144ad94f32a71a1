"""The score over time, on every engine."""

from __future__ import annotations

import datetime as dt
from typing import Any

import winback as wb
from tests.peers.engines import Backend
from tests.spec.answers import answers

YEAR = answers("""
    score  respondent  local_date
    10     ann         2025-12-31
    0      ann         2026-01-01
    9      ann         2026-01-31
    3      bob         2026-01-31
    8      cid         2026-03-01
    10     bob         2026-04-30
    1      dan         .
""")


def counts(row: dict[str, Any]) -> tuple[int, int, int]:
    return row["promoters"], row["passives"], row["detractors"]


def test_months_count_each_person_once_and_leave_no_gap(backend: Backend) -> None:
    rows = wb.trend(backend(YEAR, "year"), minimum=1).rows()
    assert [(row["period"], row["end"], *counts(row)) for row in rows] == [
        ("2025-12-01", "2025-12-31", 1, 0, 0),
        ("2026-01-01", "2026-01-31", 1, 0, 1),
        ("2026-02-01", "2026-02-28", 0, 0, 0),
        ("2026-03-01", "2026-03-31", 0, 1, 0),
        ("2026-04-01", "2026-04-30", 1, 0, 0),
    ]


def test_the_trailing_quarter_takes_the_latest_answer_of_three_months(backend: Backend) -> None:
    rows = wb.trend(backend(YEAR, "year"), minimum=1).rows()
    # the first whole quarter ends in February: ann 9, bob 3; April's: cid 8, bob 10
    quarters = [row["trailing_quarter"] for row in rows]
    assert quarters[0] is None
    assert quarters[1] is None
    assert [counts(quarter) for quarter in quarters[2:]] == [(1, 0, 1), (1, 1, 1), (1, 1, 0)]


def test_quarters(backend: Backend) -> None:
    rows = wb.trend(backend(YEAR, "year"), unit="quarter", minimum=1).rows()
    assert [(row["period"], row["end"], *counts(row)) for row in rows] == [
        ("2025-10-01", "2025-12-31", 1, 0, 0),
        ("2026-01-01", "2026-03-31", 1, 1, 1),
        ("2026-04-01", "2026-06-30", 1, 0, 0),
    ]


def test_weeks_begin_on_monday_over_new_year_and_leap_days(backend: Backend) -> None:
    days = [
        "1999-12-31",
        "2000-02-29",
        "2000-03-01",
        "2024-02-29",
        "2024-12-30",
        "2025-01-05",
        "2025-01-06",
        "2100-03-01",
    ]
    table = answers("score local_date\n" + "\n".join(f"10 {day}" for day in days))
    frame = backend(table, "days")
    for day in days:
        date = dt.date.fromisoformat(day)
        row = wb.trend(frame, unit="week", since=date, until=date, minimum=1).rows()[0]
        assert row["period"] == (date - dt.timedelta(days=date.weekday())).isoformat()


def test_a_running_period_is_marked(backend: Backend) -> None:
    rows = wb.trend(backend(YEAR, "year"), minimum=1, today=dt.date(2026, 4, 29)).rows()
    assert [row["partial"] for row in rows] == [False, False, False, False, True]
