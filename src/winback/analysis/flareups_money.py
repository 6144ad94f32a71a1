"""What the customers of a flare-up bring: money beside the answers, else their revenue of the last twelve months."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import narwhals as nw
import pyarrow as pa

from winback.analysis.segments import money_text
from winback.analysis.tally import MONEY_UNIT, AnswerColumns, open_rows
from winback.analysis.worth import worth


def with_revenue(table: pa.Table, feedback: Any, by: Sequence[str], columns: AnswerColumns) -> pa.Table:
    """The findings with the money of the customers who answered in them, each customer once where they are known.

    Money is that of the column `money`; without it the revenue (or margin, where only that is known) of customers from
    `customer_periods` or `customers` of `Tables`. Without either the column stays null.
    """
    texts = (
        _beside(table, feedback, by, columns) if columns.get("money") else _of_customers(table, feedback, by, columns)
    )
    if texts is None:
        return table
    return table.set_column(table.column_names.index("revenue"), "revenue", pa.array(texts, pa.string()))


def _rows_of(
    table: pa.Table, feedback: Any, by: Sequence[str], extra: Sequence[str], columns: AnswerColumns
) -> Iterator[nw.LazyFrame[Any]]:
    """The answers of each finding."""
    options = columns.copy()
    options["respondent"] = None
    rows, plan = open_rows(feedback, by=[*by, *extra], **options)
    day = nw.col(plan.date or "")
    for row in table.to_pylist():
        chosen = rows.filter(day >= row["since"], day <= row["until"])
        for name, value in zip(row["by"], row["segment"], strict=True):
            chosen = chosen.filter(nw.col(name).cast(nw.String) == value)
        yield chosen


def _beside(table: pa.Table, feedback: Any, by: Sequence[str], columns: AnswerColumns) -> list[str | None]:
    money, customer = str(columns.get("money")), columns.get("money_of")
    texts = []
    exact = (nw.col(money).cast(nw.Float64) * MONEY_UNIT).round().cast(nw.Int64)
    for rows in _rows_of(table, feedback, by, [money, *([customer] if customer else [])], columns):
        chosen = rows.with_columns(wb_exact=exact)
        if customer:
            chosen = chosen.group_by(customer).agg(nw.col("wb_exact").max())
        amount = chosen.select(nw.col("wb_exact").sum()).collect(backend="pyarrow").to_native().column(0)[0].as_py()
        texts.append(None if amount is None else money_text(int(amount)))
    return texts


def _of_customers(table: pa.Table, feedback: Any, by: Sequence[str], columns: AnswerColumns) -> list[str | None] | None:
    tables = getattr(feedback, "tables", feedback)
    if not hasattr(tables, "customer_periods"):
        return None
    names = nw.from_native(tables.feedback).collect_schema().names()
    known = worth(tables) if "customer" in names else None
    if known is None:
        return None
    brings = dict(
        zip(known.customers.tolist(), (known.worth if known.revenue is None else known.revenue).tolist(), strict=True)
    )
    texts: list[str | None] = []
    for rows in _rows_of(table, feedback, by, ["customer"], columns):
        found = rows.group_by("customer").agg(nw.len().alias("wb_n")).collect(backend="pyarrow").to_native()
        here = [str(name) for name in found.column("customer").to_pylist() if name is not None]
        amounts = [brings[name] for name in here if name in brings]
        texts.append(money_text(int(sum(amounts))) if amounts else None)
    return texts
