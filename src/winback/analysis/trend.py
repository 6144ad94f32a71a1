"""How did the score move? By week, month or quarter, with interval, and by trailing quarter.

A person counts once in every window, by the latest answer in it; so the quarter is not the sum of its months. A
period that is still running is marked `partial`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Unpack

import numpy as np
import pyarrow as pa

from winback.analysis.counts import LEVEL, MINIMUM, figure_columns, pool
from winback.analysis.result import Result
from winback.analysis.tally import UNDATED, AnswerColumns, Tally, period_start, tally
from winback.charts import Chart, over_time
from winback.charts.labels import signed
from winback.errors import UserError
from winback.stats.intervals import difference_interval

Unit = Literal["week", "month", "quarter"]
WEEKS_IN_QUARTER, MONTHS_IN_QUARTER = 13, 3
_CELL = ("answers", "promoters", "passives", "detractors", "nps", "low", "high", "suppressed")


@dataclass(frozen=True)
class Trend(Result):
    """The score over time, oldest first, a row for every period between the first and the last answer.

    `table`: unit, period and end (first and last day), partial, the cell columns, and trailing_quarter: a struct of
    the same cell columns for the quarter that ends with the period.
    """

    unit: Unit = "month"
    level: float = LEVEL
    heading: ClassVar[str] = "Score over time"
    columns: ClassVar[tuple[str, ...]] = ("period", "answers", "nps", "low", "high", "partial")

    def chart(self) -> Chart:
        return over_time(self.rows())

    def summary(self) -> str:
        # A period that is still running, or that the window cuts, is not set against whole ones.
        shown = [row for row in self.rows() if not row["suppressed"] and not row["partial"]]
        if len(shown) < 2:
            return "Too few periods with enough answers to say how the score moved."
        first, last = shown[0], shown[-1]
        low, high = difference_interval(_evidence(first), _evidence(last), level=self.level)
        verdict = "which chance alone can explain" if low <= 0 <= high else "more than chance explains"
        return f"From {signed(first['nps'])} to {signed(last['nps'])} over {len(shown)} {self.unit}s, {verdict}."


def trend(
    feedback: Any, *, unit: Unit = "month", level: float = LEVEL, minimum: int = MINIMUM,
    today: dt.date | None = None, **columns: Unpack[AnswerColumns],
) -> Trend:  # fmt: skip
    """The score by week, month or quarter, and by the trailing quarter at the end of each.

    `feedback` is a frame of any kind, `Tables`, what `winback.read` returned, or a `Tally` by month (for months
    and quarters) or week. `today` tells which period is still running (none is, unless given or the window ends in it).
    `columns` as in `AnswerColumns`. Raises UserError without a date column.
    """
    if unit not in ("week", "month", "quarter"):
        raise UserError(f'A trend goes by week, month or quarter, not by "{unit}".')
    base: Literal["week", "month"] = "week" if unit == "week" else "month"
    counted = feedback if isinstance(feedback, Tally) else tally(feedback, unit=base, **columns)
    if counted.unit != base:
        raise UserError(
            f"A trend by {unit} needs answers counted by {base}; these are counted by {counted.unit or 'no period'}."
        )
    periods = counted.cells.column("wb_period").to_numpy()
    periods = periods[periods != UNDATED]
    if not len(periods):
        raise UserError("No answer has a date, so nothing can be said about time; name the date column with --date.")
    step = MONTHS_IN_QUARTER if unit == "quarter" else 1
    quarter = WEEKS_IN_QUARTER if unit == "week" else MONTHS_IN_QUARTER
    begin, final = int(periods.min()) // step * step, int(periods.max())
    starts = list(range(begin, final + 1, step))
    rows, trailing = [], []
    for start in starts:
        last = start + step - 1
        rows.append(figure_columns(pool(counted, first=start, last=last), level=level, minimum=minimum))
        trailing.append(
            figure_columns(pool(counted, first=last - quarter + 1, last=last), level=level, minimum=minimum)
        )
    first_days = [period_start(start, base) for start in starts]
    last_days = [period_start(start + step, base) - dt.timedelta(days=1) for start in starts]
    as_of = today or counted.until
    names = rows[0].keys()
    table = pa.table(
        {
            "unit": pa.array([unit] * len(starts)),
            "period": pa.array(first_days, pa.date32()),
            "end": pa.array(last_days, pa.date32()),
            "partial": pa.array(
                [_cut(*days, counted.since, as_of) for days in zip(first_days, last_days, strict=True)]
            ),
            **{name: pa.concat_arrays([row[name] for row in rows]) for name in names},
            "trailing_quarter": _structs(trailing, has_quarter=np.array(starts) + step - begin >= quarter),
        }
    )
    return Trend(table=table, unit=unit, level=level)


def _evidence(row: dict[str, Any]) -> tuple[float, float, float]:
    """Promoters, passives and detractors of a period: counted, or their weighted shares of the effective size."""
    bands = ("promoter", "passive", "detractor")
    promoters, passives, detractors = (
        row["n_eff"] * row[f"{band}_share"] if "n_eff" in row else float(row[f"{band}s"]) for band in bands
    )
    return promoters, passives, detractors


def _cut(first: dt.date, last: dt.date, since: dt.date | None, as_of: dt.date | None) -> bool:
    """Whether a period is not whole: it is still running, or the window begins in it."""
    return (as_of is not None and as_of < last) or (since is not None and since > first)


def _structs(trailing: list[dict[str, pa.Array]], *, has_quarter: Any) -> pa.Array:
    """The trailing quarters as one column; null while no whole quarter has passed."""
    names = [name for name in trailing[0] if name in _CELL]
    columns = [pa.concat_arrays([row[name] for row in trailing]) for name in names]
    return pa.StructArray.from_arrays(columns, names=names, mask=pa.array(~np.asarray(has_quarter)))
