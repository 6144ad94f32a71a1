from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pyarrow as pa

from winback.datasets.columns import column, dates, money, numbered, offsets, plain_words, times

FIRST = dt.date(2026, 3, 1)


def test_cents_become_exact_decimals() -> None:
    made = money(np.array([0, 1, -1, 123456, -99, 10**15]), blank=np.array([False] * 5 + [True]))
    assert made.type == pa.decimal128(18, 4)
    assert made.to_pylist() == [
        Decimal("0.0000"), Decimal("0.0100"), Decimal("-0.0100"), Decimal("1234.5600"), Decimal("-0.9900"), None,
    ]  # fmt: skip
    assert money(np.array([10**15])).to_pylist() == [Decimal("10000000000000.0000")]


def test_ids_are_padded_and_grow_where_they_must() -> None:
    assert numbered("C-", np.array([1, 42]), 5).to_pylist() == ["C-00001", "C-00042"]
    assert numbered("C-", np.array([1, 123456]), 5).to_pylist() == ["C-000001", "C-123456"]
    assert numbered("C-", np.array([1, 2]), 2, blank=np.array([True, False])).to_pylist() == [None, "C-02"]
    assert numbered("C-", np.array([], np.int64), 3).to_pylist() == []


def test_a_code_below_zero_is_blank() -> None:
    assert plain_words(np.array([1, -1, 0]), ("a", "b")).to_pylist() == ["b", None, "a"]


def test_flags_and_numbers() -> None:
    flags = np.array([True, False, True] * 5)
    assert column(flags, pa.bool_(), blank=~flags).to_pylist() == [True, None, True] * 5
    assert column(np.array([1.5, 2.5]), pa.float64()).to_pylist() == [1.5, 2.5]
    assert column(np.arange(10)[::3], pa.int64()).to_pylist() == [0, 3, 6, 9]


def test_dates_count_from_the_first_day() -> None:
    made = dates(np.array([-1, 0, 31]), FIRST, blank=np.array([False, True, False]))
    assert made.to_pylist() == [dt.date(2026, 2, 28), None, dt.date(2026, 4, 1)]


def test_times_follow_the_clocks_of_the_zone() -> None:
    """Summer time begins in Dublin on 29 March 2026, which is day 28."""
    ahead = offsets(FIRST, 40, "Europe/Dublin")
    made = times(np.array([27, 28]), np.array([9 * 3600, 9 * 3600 + 1]), FIRST, ahead)
    assert made.to_pylist() == [
        dt.datetime(2026, 3, 28, 9, 0, 0, tzinfo=dt.UTC),
        dt.datetime(2026, 3, 29, 8, 0, 1, tzinfo=dt.UTC),
    ]
