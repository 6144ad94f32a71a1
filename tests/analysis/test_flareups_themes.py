"""Who names what: texts parted and spelled alike, counts by leaf, period and theme."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from winback.analysis.flareups_themes import NamedLeaves, count_named
from winback.errors import UserError
from winback.tables import Tables

MONDAY = dt.date(2026, 10, 5)
ROWS = pa.Table.from_pylist(
    [
        {"local_date": MONDAY + dt.timedelta(days=day), "shop": shop, "score": score, "why": why, "source": "s", "external_id": str(place)}
        for place, (day, shop, score, why) in enumerate([
            (0, "A", 2, "Queue; Price"), (1, "A", 9, "queue|  queue"), (2, "B", 9, None), (7, "A", 0, "Queue"), (8, None, 7, " ;"),
        ])
    ]
)  # fmt: skip


def _cells(counted: NamedLeaves) -> list[tuple[str, tuple[str | None, ...], int, float, float]]:
    leaves = counted.leaves
    return sorted(
        (counted.themes[theme], tuple(leaves.values[a][code] if code >= 0 else None for a, code in enumerate(leaves.codes[leaf])), period, n, balance)
        for (theme, leaf, period), n, balance in zip(counted.cells.tolist(), counted.named.tolist(), counted.balance.tolist(), strict=True)
    )  # fmt: skip


def test_counts_by_leaf_period_and_theme() -> None:
    counted = count_named(ROWS, by=["shop"], every="week", theme="why")
    # the most named theme first, under its most frequent spelling; a comment names a theme once
    assert counted.themes == ("Queue", "Price")
    assert _cells(counted) == [
        ("Price", ("A",), 0, 1.0, -1.0), ("Queue", ("A",), 0, 1.0, -1.0), ("Queue", ("A",), 0, 1.0, 1.0), ("Queue", ("A",), 1, 1.0, -1.0),
    ]  # fmt: skip
    assert counted.leaves.answers.sum() == 5  # who left it blank names none
    # Where there are comments, who left both blank says nothing of why.
    worded = ROWS.append_column("comment", pa.array([None, "", "well", " ", None]))
    assert count_named(worded, by=["shop"], every="week", theme="why").leaves.answers.sum() == 5
    worded = ROWS.append_column("comment", pa.array([None, "", "  ", " ", None]))
    assert count_named(worded, by=["shop"], every="week", theme="why").leaves.answers.sum() == 4
    queue = counted.of(0)
    assert queue.bad.sum(axis=0).tolist() == [2, 1] and queue.balance.sum(axis=0).tolist() == [0, -1]
    assert queue.answers is counted.leaves.answers


@pytest.mark.parametrize("lazily", [False, True])
def test_a_table_of_codings_counts_the_same(lazily: bool) -> None:
    rows = [(0, "Queue"), (0, "Price"), (1, "Queue"), (3, "Queue"), (3, "Queue"), (9, "Queue")]
    codings: Any = pa.table(
        {"source": ["s"] * 6, "external_id": [str(n) for n, _ in rows], "theme": [theme for _, theme in rows]}
    )
    answers: Any = ROWS.drop_columns("why")
    if lazily:
        import duckdb

        engine = duckdb.connect()
        answers, codings = engine.from_arrow(answers), engine.from_arrow(codings)
    counted = count_named(Tables(feedback=answers, codings=codings), by=["shop"], every="week")
    assert counted.leaves.answers.sum() == 5  # no column of words: every answer counts
    assert [(theme, sum(n for one, _, _, n, _ in _cells(counted) if one == theme)) for theme in counted.themes] == [
        ("Queue", 3),
        ("Price", 1),
    ]
    assert counted.of(0).bad.sum(axis=0).tolist() == [2, 1]


def test_what_cannot_be_is_said() -> None:
    with pytest.raises(UserError, match="Name the column of themes"):
        count_named(ROWS, by=["shop"], every="week")
    with pytest.raises(UserError, match="need a date"):
        count_named(ROWS, by=["shop"], every="week", theme="why", date=None)
    with pytest.raises(UserError, match="nothing to watch"):
        count_named(ROWS.slice(2, 1), by=["shop"], every="week", theme="why", until=dt.date(2020, 1, 1))
    with pytest.raises(UserError, match="not by"):
        count_named(ROWS, by=[], every="year", theme="why")  # type: ignore[arg-type]  # what a user may give
