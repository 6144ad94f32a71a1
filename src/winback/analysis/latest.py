"""The latest answer of each customer or person, as rows on the driver: who stands where now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

import narwhals as nw
import pyarrow as pa

from winback.analysis.frames import last_of_each
from winback.analysis.tally import UNDATED, AnswerColumns, open_rows, period_of


def latest(feedback: Any, *, of: str, keep: Sequence[str] = (), **columns: Unpack[AnswerColumns]) -> pa.Table:
    """The latest scored answer of each customer or person (`of` names the column), one row each, by `of`.

    `keep` names further columns to carry along; `score` is always there, and `local_date` where answers have dates.
    `feedback` and `columns` as in `tally`. Raises UserError where a column is missing or nothing tells the latest.
    """
    rows, plan = open_rows(feedback, by=keep, **_of_each(columns, of))
    rows = last_of_each(rows.filter(~nw.col(of).is_null()), of, plan.order, numbered=plan.numbered)
    chosen = [nw.col(of), nw.col("wb_score").alias("wb_final"), *(nw.col(name) for name in keep if name != of)]
    if plan.date and plan.date not in (of, *keep):
        chosen.append(nw.col(plan.date))
    found = rows.select(*chosen).collect(backend="pyarrow").to_native()
    names = [
        "local_date" if name == plan.date else "score" if name == "wb_final" else name for name in found.column_names
    ]
    found = found.rename_columns(names)
    return found.set_column(0, of, found.column(of).cast(pa.string())).sort_by(of)


def by_month(feedback: Any, *, of: str, keep: Sequence[str] = (), **columns: Unpack[AnswerColumns]) -> pa.Table:
    """The latest scored answer of each customer in each month: `of`, `period` (index of the month), `score`, `keep`.

    Rows without a customer or without a date are left out. Sorted by customer and period.
    """
    rows, plan = open_rows(feedback, by=keep, **_of_each(columns, of))
    rows = rows.with_columns(wb_period=period_of(plan.date, "month"))
    rows = rows.filter(~nw.col(of).is_null(), nw.col("wb_period") != UNDATED)
    following = nw.col("wb_period").shift(-1).over(of, order_by=plan.order)
    rows = rows.with_columns(wb_following=following)
    rows = rows.filter(nw.col("wb_following").is_null() | (nw.col("wb_following") > nw.col("wb_period")))
    chosen = [
        nw.col(of),
        nw.col("wb_period").alias("period"),
        nw.col("wb_score").alias("wb_final"),
        *(nw.col(name) for name in keep),
    ]
    found = rows.select(*chosen).collect(backend="pyarrow").to_native()
    found = found.rename_columns(["score" if name == "wb_final" else name for name in found.column_names])
    return found.set_column(0, of, found.column(of).cast(pa.string())).sort_by(
        [(of, "ascending"), ("period", "ascending")]
    )


def _of_each(columns: AnswerColumns, of: str) -> AnswerColumns:
    """The same columns, with each customer or person counted once."""
    counted = columns.copy()
    counted["respondent"] = of
    return counted
