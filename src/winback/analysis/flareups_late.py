"""How late do answers come in? The days within which nearly all have, from tables that hold both days."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals as nw
import numpy as np

from winback.analysis.flareups_panel import DAY_ZERO, day_number
from winback.analysis.tally import UNDATED, AnswerColumns, open_rows
from winback.errors import UserError

NEARLY_ALL = 0.95
FAR = 90  # days: of younger answers only those that came quickly are known, so that they would tell too short a lag


def lag_of(feedback: Any, arrived: str, columns: AnswerColumns) -> tuple[int, dt.date]:
    """Days within which 95 of 100 answers come in, and the day the last one did.

    `arrived` is a column of days or times. Raises UserError where no answer has both days.
    """
    options = columns.copy()
    options["respondent"] = None
    rows, plan = open_rows(feedback, by=[arrived], **options)
    if not plan.date:
        raise UserError("How late answers come in needs the date of the answer too; name it with date=.")
    rows = rows.with_columns(wb_given=day_number(plan.date), wb_came=day_number(arrived))
    rows = rows.filter(nw.col("wb_given") != UNDATED, nw.col("wb_came") != UNDATED)
    found = rows.group_by(["wb_given", "wb_came"]).agg(nw.len().alias("wb_n")).collect(backend="pyarrow").to_native()
    if not found.num_rows:
        raise UserError(f'No answer has a day in "{arrived}" and one of its own, so how late they come is not known.')
    given, came, n = (np.asarray(found.column(name), dtype=np.int64) for name in ("wb_given", "wb_came", "wb_n"))
    late = np.maximum(came - given, 0)
    old = given <= came.max() - FAR
    if old.any():
        late, n = late[old], n[old]
    order = np.argsort(late, kind="stable")
    reached = np.cumsum(n[order]) >= NEARLY_ALL * n.sum()
    return int(late[order][np.argmax(reached)]), DAY_ZERO + dt.timedelta(days=int(came.max()))
