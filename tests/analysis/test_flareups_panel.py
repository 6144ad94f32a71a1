"""Leaves and segments of a table counted by hand, on several engines alike."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from winback.analysis.flareups_panel import Leaves, count_leaves, make_segments, newcomers, start_of

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


def _opened(share: float) -> Leaves:
    """Shops A and B for 30 weeks; C opens in week 20 with this share of what the others have."""
    answers = np.full((3, 30), 50.0)
    answers[2] = np.where(np.arange(30) >= 20, 100.0 * share, 0.0)
    codes = np.array([[0, 0], [1, 1], [2, 1]])
    return Leaves(("shop", "plan"), (("A", "B", "C"), ("x", "y")), codes, answers, answers / 5, answers * 0, 2900, "week", dt.date(2026, 1, 1))  # fmt: skip


def test_a_shop_that_opens_is_left_out_of_the_groups_it_comes_into() -> None:
    leaves = _opened(0.5)
    new = newcomers(leaves)
    assert list(new) == [0]
    assert new[0].any(axis=1).tolist() == [False, False, True]
    segments, _ = make_segments(leaves, depth=1, worth=lambda counts: np.ones(len(counts), dtype=bool))
    sums = segments.sums(leaves.answers, new)[:, -1]
    named = {(segments.attributes[s], segments.values[s]): sums[s] for s in range(len(segments))}
    assert named[(), ()] == 100.0  # everybody, without the new shop
    assert named[(0,), (2,)] == 50.0  # the new shop itself
    assert named[(1,), (1,)] == 50.0  # plan y, in which it lies


def test_a_tiny_newcomer_and_an_attribute_that_begins_change_nothing() -> None:
    assert newcomers(_opened(0.01)) == {}
    leaves = _opened(0.5)
    late = leaves.answers.copy()
    late[:, :20] = 0.0  # of all values nothing is known before
    assert newcomers(replace(leaves, answers=late)) == {}


def test_segments_that_share_somebody_may_burn_by_one_fire() -> None:
    leaves = _opened(0.5)
    segments, _ = make_segments(leaves, depth=1, worth=lambda counts: np.ones(len(counts), dtype=bool))
    place = {(a, v): s for s, (a, v) in enumerate(zip(segments.attributes, segments.values, strict=True))}
    assert segments.overlap(place[(), ()], place[(0,), (2,)])
    assert not segments.overlap(place[(0,), (0,)], place[(0,), (1,)])
