"""Coded interviews brought down: who named what, in which order, split by whom."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from winback.analysis.coded import Coded, count_words
from winback.errors import UserError

TABLE = pa.table(
    {
        "call": ["b", "b", "a", "c", "a", "d", None],
        "theme": ["price", "Line", "price", " ", "bill", "line", "app"],
        "region": ["North", "North", "South", None, "North", "South", "North"],
    }
)


def coded() -> Coded:
    return Coded.of(TABLE, "call", "theme", ("region",), None)


def test_interviews_and_themes_come_in_their_order() -> None:
    found = coded()
    assert (found.interviews, found.names, found.ordered) == (4, ("price", "Line", "bill"), True)
    assert found.first_named().tolist() == [2, 1, 0, 0]
    everybody = np.ones(4, dtype=bool)
    assert found.counts(everybody).tolist() == [2, 2, 1]
    assert found.counts(np.array([False, True, False, True])).tolist() == [1, 1, 1]
    assert (found.silent(everybody), found.silent(~everybody)) == (1, 0)


def test_a_table_of_texts_in_memory_is_brought_down_as_on_an_engine() -> None:
    here = TABLE.append_column("day", pa.array([5, 2, 1, 4, 1, 3, 6], pa.int64()))
    there = here.set_column(0, "call", here.column("call").cast(pa.large_string()))
    for table in (here, here.set_column(3, "day", pa.array([5, None, 1, 4, 1, 3, 6], pa.int64()))):
        other = table.set_column(0, "call", there.column("call"))
        found, same = (Coded.of(one, "call", "theme", ("region",), "day") for one in (table, other))
        assert (found.interviews, found.names, found.notes) == (same.interviews, same.names, same.notes)
        assert [pair.tolist() for pair in found.pairs] == [pair.tolist() for pair in same.pairs]
        assert str(found.splits) == str(same.splits) and found.ordered == same.ordered


def test_splits_leave_out_who_has_two_values() -> None:
    found = coded()
    assert [(value, mask.tolist()) for value, mask in found.splits["region"]] == [
        ("North", [True, False, False, False]),
        ("South", [False, False, False, True]),
        (None, [False, False, True, False]),
    ]
    assert found.notes == (
        "1 row without an interview is left out.",
        "1 theme written in several ways is counted once, such as “Line” and “line”.",
        "1 interview with more than one value of region counts in the whole only.",
    )


def test_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(UserError, match='has no column "day" \\(order='):
        Coded.of(TABLE, "call", "theme", (), "day")


def test_counts_in_words() -> None:
    assert [count_words(1, "theme"), count_words(2386, "theme"), count_words(2, "row", "rows")] == [
        "1 theme", "2,386 themes", "2 rows",
    ]  # fmt: skip
