"""The figures that the report and the server's pages share, each made in one place.

Everything here takes canonical tables and counted answers, and knows neither files nor pages.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Literal

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from winback.analysis.counts import Counts, figure_columns, pool
from winback.analysis.decompose import Decomposition, decompose
from winback.analysis.leaving import leavers, present
from winback.analysis.tallies import Tallies
from winback.analysis.tally import UNDATED, AnswerColumns, Tally, Unit, period_index, period_start
from winback.analysis.trend import Trend, trend
from winback.analysis.worth import Worth, worth
from winback.tables import MONEY, Tables

Money = Literal["customer", "value"]
Window = tuple[dt.date, dt.date]
HEAT_MONTHS = 12


def with_worth(
    tables: Tables, connection: Any, *, today: dt.date, until: dt.date | None = None, unit_costs: Any = None
) -> Any | None:
    """The answers with each customer's worth beside them, as `money`; None where no money is known by customer.

    `connection` is the engine the tables lie on: a connection of DuckDB, or a session of Spark.
    """
    known = worth(tables, unit_costs=unit_costs, as_of=until)
    if known is None:
        return None
    return join_worth(tables.feedback, present(known, leavers(tables, until=today)), connection)


def join_worth(feedback: Any, known: Worth, connection: Any) -> Any:
    """Add `money`: each customer's revenue (margin where only that is known) of twelve months, exactly."""
    amounts = pa.array(known.revenue if known.revenue is not None else known.worth).cast(pa.decimal128(19, 0))
    # Whole ten-thousandths and decimals with four places are the same digits: only the type changes.
    money = pa.Array.from_buffers(pa.decimal128(19, MONEY.scale), len(amounts), amounts.buffers()).cast(MONEY)
    table = pa.table({"customer": pa.array(known.customers.tolist(), pa.string()), "money": money})
    rows = nw.from_native(feedback).drop("money", strict=False)
    spark = not hasattr(connection, "from_arrow")
    worths = connection.createDataFrame(table) if spark else connection.from_arrow(table)
    return rows.join(nw.from_native(worths), on="customer", how="left").to_native()


def trend_of(
    feedback: Any, whole: Tally, columns: AnswerColumns, *, span: Window, today: dt.date, level: float, minimum: int,
    unit: Literal["week", "month", "quarter"] | None = None, until: dt.date | None = None,
) -> Trend:  # fmt: skip
    """The score over time, by the unit asked for, else by one that suits the span of the answers.

    `whole` are the answers of `feedback` counted by month; weeks are counted from the rows.
    """
    months = period_index(span[1], "month") - period_index(span[0], "month") + 1
    unit = unit or ("week" if months <= 3 else "quarter" if months > 48 else "month")
    as_of = min(today, until) if until else today
    source = feedback if unit == "week" else whole
    extra: AnswerColumns = columns if unit == "week" else {}
    return trend(source, unit=unit, level=level, minimum=minimum, today=as_of, **extra)


def windows(first: dt.date, last: dt.date, today: dt.date) -> tuple[Window, Window] | None:
    """The two windows to compare: the last whole quarter of months with the one before, else months; None where too short.

    A month still running is left out, unless nothing else is there.
    """
    end = period_index(last, "month")
    month_end = period_start(end + 1, "month") - dt.timedelta(days=1)
    if today < month_end and end > period_index(first, "month") + 1:
        end -= 1
    months = end - period_index(first, "month") + 1
    step = 3 if months >= 6 else 1 if months >= 2 else 0
    if not step:
        return None

    def window(index: int) -> Window:
        return period_start(index - step + 1, "month"), period_start(index + 1, "month") - dt.timedelta(days=1)

    return window(end - step), window(end)


def change_of(
    tallies: Tallies, attributes: Sequence[str], *, span: Window, today: dt.date, level: float, minimum: int,
    since: dt.date | None = None, invitations: Callable[[Sequence[str]], Any | None] = lambda by: None,
) -> Decomposition | None:  # fmt: skip
    """The change between the last two windows, split by the first two attributes; None where there is too little.

    `since` is the first day asked for: a month cut off by it is not whole. `invitations` gives those who were
    asked, with the attributes named (see `invited`), or None.
    """
    first, attributes = span[0], tuple(attributes)
    if since is not None and since.day > 1 and period_index(since, "month") == period_index(first, "month"):
        first = period_start(period_index(first, "month") + 1, "month")
    chosen = windows(first, span[1], today)
    if chosen is None or not attributes:
        return None
    counted = tallies.of(attributes[:2])
    before, after = (pool(counted, first=period_index(w[0], "month"), last=period_index(w[1], "month")) for w in chosen)
    if min(before.answers.sum(), after.answers.sum()) < minimum:
        return None
    both = pool(counted, attributes[:2])
    # Segments of a handful each would make every part noise: split by pairs only where pairs are large enough.
    by = attributes[:2] if len(both) <= 60 and both.answers.sum() >= 20 * len(both) else attributes[:1]
    return decompose(
        counted, by=by, before=chosen[0], after=chosen[1], level=level, minimum=minimum,
        invitations=invitations(by),
    )  # fmt: skip


def invited(tables: Tables, by: Sequence[str], survey: str | None) -> Any | None:
    """The invitations with what their customers are split by; None where the customers table does not tell it."""
    if tables.invitations is None or tables.customers is None:
        return None
    customers, invitations = nw.from_native(tables.customers), nw.from_native(tables.invitations)
    called = {name.lower(): name for name in customers.collect_schema().names()}
    theirs = {name: called.get(name.removesuffix(" (customers)").lower()) for name in by}
    if not all(theirs.values()) or "customer" not in invitations.collect_schema().names():
        return None
    if survey and "survey" in invitations.collect_schema().names():
        invitations = invitations.filter(nw.col("survey") == survey)
    named = customers.select("customer", *(nw.col(str(old)).alias(new) for new, old in theirs.items()))
    return invitations.drop(*by, strict=False).join(named, on="customer", how="left").to_native()


def change_document(change: Decomposition) -> dict[str, Any]:
    """The change as it stands in the JSON report."""
    return {
        "by": list(change.by), "before": change.before, "after": change.after, "change": change.change,
        "low": change.low, "high": change.high, "rate": change.rate, "mix": change.mix,
        "rate_interval": None if change.rate_interval is None else list(change.rate_interval),
        "mix_interval": None if change.mix_interval is None else list(change.mix_interval),
        "asked_mix": change.asked_mix, "response_mix": change.response_mix,
        "sentence": change.remark(), "summary": change.summary(), "segments": change.rows(),
    }  # fmt: skip


def heat_of(
    tallies: Tallies, by: Sequence[str], *, level: float, minimum: int, most: int = 30, largest: bool = False
) -> dict[str, Any] | None:
    """The score of each segment by month, the last twelve months; None where there is one month, or more than `most` segments.

    `largest` keeps the `most` segments with most answers instead of saying nothing.
    """
    by = tuple(by)
    if not by:
        return None
    counted = tallies.of(by)
    periods = counted.cells.column("wb_period").to_numpy()
    periods = periods[periods != UNDATED]
    if not len(periods):
        return None
    last = int(periods.max())
    first = max(int(periods.min()), last - HEAT_MONTHS + 1)
    if first == last:
        return None
    kept = _largest(counted, by, most, first, last) if largest else None
    unit: Unit = "month"
    rows: list[dict[str, Any]] = []
    seen: set[tuple[Any, ...]] = set()
    for index in range(first, last + 1):
        counts: Counts = pool(counted, by, first=index, last=index)
        names = list(zip(*(counts.keys.column(name).to_pylist() for name in by), strict=True))
        if kept is not None:
            chosen = np.array([place for place, name in enumerate(names) if name in kept], dtype=np.int64)
            counts, names = counts.take(chosen), [names[place] for place in chosen]
        seen.update(names)
        if len(seen) > most:
            return None
        figures = {
            name: column.to_pylist() for name, column in figure_columns(counts, level=level, minimum=minimum).items()
        }
        rows += [
            {
                "segment": list(name),
                "period": period_start(index, unit).isoformat(),
                **{n: v[place] for n, v in figures.items()},
            }
            for place, name in enumerate(names)
        ]
    return {"by": list(by), "unit": unit, "rows": rows}


def _largest(counted: Tally, by: tuple[str, ...], most: int, first: int, last: int) -> set[tuple[Any, ...]]:
    counts = pool(counted, by, first=first, last=last)
    chosen = counts.take((-counts.answers).argsort(kind="stable")[:most])
    return set(zip(*(chosen.keys.column(name).to_pylist() for name in by), strict=True))


def answered_days(
    feedback: Any, since: dt.date | None = None, until: dt.date | None = None
) -> tuple[dt.date | None, dt.date | None]:
    """The first and the last day with a score in a frame with local_date, within a window."""
    rows = nw.from_native(feedback).lazy().filter(~nw.col("score").is_null())
    rows = rows if since is None else rows.filter(nw.col("local_date") >= since)
    rows = rows if until is None else rows.filter(nw.col("local_date") <= until)
    asked = rows.select(first=nw.col("local_date").min(), last=nw.col("local_date").max())
    table = asked.collect(backend="pyarrow").to_native()
    first, last = (pc.cast(table.column(name), pa.date32())[0].as_py() for name in ("first", "last"))
    return first, last
