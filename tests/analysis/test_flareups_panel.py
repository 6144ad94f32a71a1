"""Leaves and segments of a table counted by hand, on several engines alike."""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from winback.analysis.flareups_panel import count_leaves, make_segments, start_of

ROWS = pa.table(
    {
        "local_date": pa.array([dt.date(2026, 10, 5), dt.date(2026, 10, 6), dt.date(2026, 10, 12), dt.date(2026, 10, 18), None]),
        "score": [3, 9, 6, 8, 1],
        "region": ["N", "N", "S", None, "N"],
        "plan": ["a", "b", "a", "a", "a"],
    }
)  # fmt: skip
ENGINES = {
    "arrow": lambda t: t,
    "pandas": lambda t: t.to_pandas(),
    "polars": pl.from_arrow,
    "duckdb": duckdb.from_arrow,
}


@pytest.mark.parametrize("engine", ENGINES)
def test_weeks_by_hand(engine: str) -> None:
    frame: Any = ENGINES[engine](ROWS)
    if isinstance(frame, pd.DataFrame):
        frame["local_date"] = pd.to_datetime(frame["local_date"])
    leaves = count_leaves(frame, by=["region", "plan"], every="week")
    assert leaves.values == (("N", "S"), ("a", "b"))
    assert leaves.start(0) == dt.date(2026, 10, 5)
    by_leaf = {
        tuple(code): (n.tolist(), b.tolist(), s.tolist())
        for code, n, b, s in zip(leaves.codes.tolist(), leaves.answers, leaves.bad, leaves.balance, strict=True)
    }
    assert by_leaf == {
        (0, 0): ([1, 0], [1, 0], [-1, 0]), (0, 1): ([1, 0], [0, 0], [1, 0]), (1, 0): ([0, 1], [0, 1], [0, -1]), (-1, 0): ([0, 1], [0, 0], [0, 0]),
    }  # fmt: skip
    assert leaves.last_day == dt.date(2026, 10, 18)


def test_days_and_months() -> None:
    assert count_leaves(ROWS, by=[], every="day").answers.tolist() == [[1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1]]
    assert count_leaves(ROWS, by=[], every="month").answers.tolist() == [[4]]
    assert start_of(2026 * 12 + 9, "month") == dt.date(2026, 10, 1)
    assert count_leaves(ROWS, by=[], every="day").start(0) == dt.date(2026, 10, 5)


def test_segments_by_hand() -> None:
    leaves = count_leaves(ROWS, by=["region", "plan"], every="week")
    segments, thin = make_segments(leaves, depth=2, worth=lambda counts: counts.sum(axis=1) >= 1)
    names = {
        (a, v): total
        for a, v, total in zip(
            segments.attributes, segments.values, segments.sums(leaves.answers).tolist(), strict=True
        )
    }
    # S is all of it in plan a, so "S, a" says nothing more; N splits in two.
    assert names == {
        ((), ()): [2, 2], ((0,), (0,)): [2, 0], ((0,), (1,)): [0, 1], ((1,), (0,)): [1, 2], ((1,), (1,)): [1, 0],
        ((0, 1), (0, 0)): [1, 0],
    }  # fmt: skip
    assert thin == 0
    assert segments.members(0).all()


def test_sums_do_not_depend_on_how_many_leaves_there_are() -> None:
    r = np.random.default_rng(1)
    n = 4000
    table = pa.table({
        "local_date": pa.array([dt.date(2026, 1, 1) + dt.timedelta(days=int(d)) for d in r.integers(0, 60, n)]),
        "score": r.integers(0, 11, n), "a": r.integers(0, 15, n), "b": r.integers(0, 12, n),
    })  # fmt: skip
    leaves = count_leaves(table, by=["a", "b"], every="week")
    segments, _ = make_segments(leaves, depth=2, worth=lambda counts: counts.sum(axis=1) > 0)
    sums = segments.sums(leaves.answers)
    for place in range(0, len(segments), 17):
        assert sums[place].tolist() == leaves.answers[segments.members(place)].sum(axis=0).tolist()
