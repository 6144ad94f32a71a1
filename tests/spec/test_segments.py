"""Segments, on every engine: counts by attribute and pair, shares, money, steadied scores."""

from __future__ import annotations

from typing import Any

import pytest

import winback as wb
from tests.peers.engines import Backend
from tests.spec.answers import answers

ROWS = answers("""
    score  region  plan   money
    10     North   Home   100.10
    9      North   Home   50
    2      North   Work   1000.25
    0      South   Work   .
    10     South   Work   10
    8      South   Home   5
    6      .       Home   0.05
""")


def found(rows: list[dict[str, Any]], *segment: str | None) -> dict[str, Any]:
    return next(row for row in rows if row["segment"] == list(segment))


def test_every_attribute_and_every_pair(backend: Backend) -> None:
    rows = wb.segments(backend(ROWS, "rows"), by=["region", "plan"], money="money", minimum=1).rows()
    counted = {
        tuple(row["segment"]): (row["promoters"], row["passives"], row["detractors"], row["revenue_from_detractors"])
        for row in rows
    }
    assert counted == {
        ("North",): (2, 0, 1, "1000.25"),
        ("South",): (1, 1, 1, "0.00"),
        (None,): (0, 0, 1, "0.05"),
        ("Home",): (2, 1, 1, "0.05"),
        ("Work",): (1, 0, 2, "1000.25"),
        ("North", "Home"): (2, 0, 0, "0.00"),
        ("North", "Work"): (0, 0, 1, "1000.25"),
        ("South", "Home"): (0, 1, 0, "0.00"),
        ("South", "Work"): (1, 0, 1, "0.00"),
        (None, "Home"): (0, 0, 1, "0.05"),
    }
    assert {tuple(row["by"]) for row in rows} == {("region",), ("plan",), ("region", "plan")}
    assert found(rows, "Work")["share_of_detractors"] == pytest.approx(2 / 3)


def test_steadied_scores_are_less_extreme_and_rank_the_groups(backend: Backend) -> None:
    rows = wb.segments(backend(ROWS, "rows"), by=["region"], pairs=False, minimum=1).rows()
    raw, steadied = [row["nps"] for row in rows], [row["shrunk_nps"] for row in rows]
    assert min(raw) < min(steadied) <= max(steadied) < max(raw)
    assert steadied == sorted(steadied)
    assert all(0.0 <= row["p_worse"] <= 1.0 for row in rows)


def test_money_of_a_customer_counts_once(backend: Backend) -> None:
    rows = answers("""
        score  region  customer  respondent  local_date  money
        0      North   acme      ann         2026-01-01  100
        9      North   acme      bob         2026-01-02  100
        1      South   beta      cid         2026-01-02  7
        1      South   beta      dan         2026-01-03  7
    """)
    table = wb.segments(backend(rows, "rows"), by=["region"], money="money", money_of="customer", minimum=1).rows()
    # acme's latest answer is a promoter's; beta's two detractors hold the same seven
    assert {row["segment"][0]: row["revenue_from_detractors"] for row in table} == {"North": "0.00", "South": "7.00"}


def test_a_person_who_speaks_for_two_customers_takes_no_money_from_either(backend: Backend) -> None:
    rows = answers("""
        score  region  customer  respondent  local_date  money
        2      North   acme      ann         2026-01-01  100
        3      South   beta      ann         2026-02-01  10
        9      North   core      bob         2026-01-05  1
    """)
    table = wb.segments(backend(rows, "rows"), by=["region"], money="money", money_of="customer", minimum=1).rows()
    # ann is one detractor, where she answered last; acme's money stands with what was last said for acme
    assert {row["segment"][0]: (row["answers"], row["revenue_from_detractors"]) for row in table} == {
        "North": (1, "100.00"),
        "South": (1, "10.00"),
    }
    whole = wb.nps(backend(rows, "rows"), money="money", money_of="customer", minimum=1)
    assert [(row["score"], row["answers"]) for row in whole.distribution()] == [(3.0, 1), (9.0, 1)]


def test_small_groups_are_listed_without_figures(backend: Backend) -> None:
    rows = wb.segments(backend(ROWS, "rows"), by=["region"], pairs=False, minimum=3).rows()
    small = found(rows, None)
    assert small["suppressed"] is True
    assert (small["nps"], small["shrunk_nps"], small["p_worse"], small["share_of_detractors"]) == (None,) * 4
    assert rows[-1] == small
