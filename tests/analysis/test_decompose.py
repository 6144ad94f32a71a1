"""A change split in two: it adds up, whatever the numbers, and says how sure it is."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import winback as wb
from winback.analysis.tally import tally
from winback.errors import UserError

JANUARY, FEBRUARY = (dt.date(2026, 1, 1), dt.date(2026, 1, 31)), (dt.date(2026, 2, 1), dt.date(2026, 2, 28))


def made(rows: list[tuple[int, int, int]]) -> pa.Table:
    score, month, group = zip(*rows, strict=True)
    return pa.table(
        {
            "score": pa.array([float(s) for s in score]),
            "local_date": pa.array([dt.date(2026, m, 3) for m in month]),
            "region": pa.array([f"r{g}" for g in group]),
        }
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10), st.integers(1, 2), st.integers(0, 4)), min_size=2, max_size=60))
def test_parts_add_up(rows: list[tuple[int, int, int]]) -> None:
    rows = [*rows, (9, 1, 0), (3, 2, 1)]
    found = wb.decompose(made(rows), by=["region"], before=JANUARY, after=FEBRUARY, minimum=1)
    assert found.rate + found.mix == pytest.approx(found.after["nps"] - found.before["nps"], abs=1e-10)
    assert sum(row["total"] for row in found.rows()) == pytest.approx(found.change, abs=1e-10)
    assert found.table.column("rate").to_numpy().sum() == pytest.approx(found.rate, abs=1e-10)


def test_a_tally_gives_what_the_rows_give() -> None:
    dice = np.random.default_rng(5)
    rows = [(int(dice.integers(0, 11)), int(dice.integers(1, 3)), int(dice.integers(0, 4))) for _ in range(300)]
    table = made(rows)
    one = wb.decompose(table, by=["region"], before=JANUARY, after=FEBRUARY)
    other = wb.decompose(tally(table, by=["region"], unit="month"), by=["region"], before=JANUARY, after=FEBRUARY)
    assert one.rows() == other.rows()
    with pytest.raises(UserError, match="counted by month or week"):
        wb.decompose(tally(table, by=["region"]), by=["region"], before=JANUARY, after=FEBRUARY)


def test_words_say_how_sure() -> None:
    sure = made([(10, 1, 0)] * 200 + [(0, 2, 0)] * 200)
    found = wb.decompose(sure, by=["region"], before=JANUARY, after=FEBRUARY)
    low = f"{found.low:+.1f}".replace("-", "−")
    assert found.high is not None and found.high < -190
    assert found.summary().startswith(f"The score went from +100 to −100: −200.0 points [{low}, ")
    assert found.summary().endswith(
        "−200.0 is people feeling worse and 0.0 is different people answering. That is more than chance."
    )
    faint = made([(10, 1, 0), (0, 1, 0)] * 6 + [(10, 2, 0), (8, 2, 0)] * 6)
    assert (
        wb.decompose(faint, by=["region"], before=JANUARY, after=FEBRUARY)
        .remark()
        .startswith("The whole could still be chance")
    )
