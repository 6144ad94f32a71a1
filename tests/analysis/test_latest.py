"""The latest answer of each customer, and of each month."""

from __future__ import annotations

from tests.spec.answers import answers
from winback.analysis.latest import by_month, latest

ROWS = answers("""
    score  customer  respondent  region  local_date
    9      b         p1          North   2026-01-05
    0      b         p2          South   2026-01-09
    8      b         p1          North   2026-03-05
    7      a         p3          .       2026-02-05
    6      .         p4          .       2026-02-05
    5      a         p3          West    .
""")


def test_one_row_a_customer() -> None:
    found = latest(ROWS, of="customer", keep=["region"]).to_pylist()
    assert [(row["customer"], row["score"], row["region"]) for row in found] == [("a", 7.0, None), ("b", 8.0, "North")]
    assert set(found[0]) == {"customer", "score", "region", "local_date"}


def test_one_row_a_customer_and_month() -> None:
    found = by_month(ROWS, of="customer", keep=["region"]).to_pylist()
    year = 2026 * 12
    assert [(row["customer"], row["period"] - year, row["score"], row["region"]) for row in found] == [
        ("a", 1, 7.0, None), ("b", 0, 0.0, "South"), ("b", 2, 8.0, "North"),
    ]  # fmt: skip
