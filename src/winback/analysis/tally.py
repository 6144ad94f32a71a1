"""Answers counted on the engine: one pass over the rows, whatever holds them, down to a small table.

Everything the score analyses say is computed from a `Tally`: cells of (attributes, period, next, score) with how
many answers fell in them. `next` is the period of the same person's next answer, so one tally gives the latest
answer per person in *every* window: an answer made in period p counts in a window ending with period e if
p <= e and the person did not answer again by e. The raw score stays in the cells; bands are computed from it.

Frames go through Narwhals and stay where they are: pandas, Polars, Arrow, DuckDB, PySpark or Ibis.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypedDict, Unpack

import narwhals as nw
import pyarrow as pa
import pyarrow.compute as pc

from winback.analysis.frames import ROW, last_of_each, lazy_frame, names_of, numbers_rows
from winback.errors import UserError
from winback.scales import BLANKS, Bands, plain

Unit = Literal["month", "week"]
UNDATED = -1  # period of an answer without a date: before every other
MONEY_UNIT = 10_000  # money is summed as whole ten-thousandths, exactly and on every engine alike
MOST_MONEY = 900e12 * MONEY_UNIT  # beyond it whole ten-thousandths do not fit in 64 bits
OWN = "wb_"  # begins the names that are ours; no attribute may


class AnswerColumns(TypedDict, total=False):
    """What the score analyses take besides a frame; everything has a default.

    score: column of the raw score ("score"). date: column of the local day ("local_date" or "date" where there is
    one). respondent: column that names the person, each counted once, by the latest answer ("respondent" where
    there is one; None counts every answer). weight: column of design weights (none, unless named). money: column
    of money that belongs to the answer. money_of: column of the customer whose money it is, counted once per
    customer. scale, detractors, promoters: how scores read, as in `Bands.of`; or bands itself. since, until: first
    and last day counted, both included. one_source: all rows come from one source, which then breaks no ties.
    """

    score: str
    date: str | None
    respondent: str | None
    weight: str | None
    money: str | None
    money_of: str | None
    bands: Bands
    scale: str
    detractors: str
    promoters: str
    since: dt.date | None
    until: dt.date | None
    one_source: bool


@dataclass(frozen=True)
class Tally:
    """Counted answers.

    `cells` has a row for each combination that occurs: the attributes (as text, null where blank), `wb_period` (index
    of the month since year 0 or of the week since 1969-12-29; UNDATED without a date; 0 where nothing is dated),
    `wb_next` (the period of the same person's next answer, null where there is none; without a unit only the latest
    answers are held where persons count once), `wb_score`, `wb_answers`,
    `wb_weight` and `wb_weight_square` (sums; equal to answers where unweighted) and `wb_money` (sum in
    ten-thousandths; a cell may hold a customer's money and no answer, where its person spoke for another since). Names that begin with wb_ are ours, so that an attribute may have any other.
    """

    cells: pa.Table
    by: tuple[str, ...]
    unit: Unit | None
    bands: Bands
    weighted: bool = False
    once_per_person: bool = False
    has_money: bool = False
    since: dt.date | None = None
    until: dt.date | None = None
    first: dt.date | None = None  # day of the first and of the last answer counted, where there is a unit
    last: dt.date | None = None


def tally(
    feedback: Any, *, by: Sequence[str] = (), unit: Unit | None = None, **columns: Unpack[AnswerColumns]
) -> Tally:
    """Count the answers of a frame by attributes, period and score, on the frame's own engine.

    `feedback` is a frame of any kind, `Tables`, or what `winback.read` returned. `by` names attributes; `unit` is
    the period to count by, or None where time does not matter. Raises UserError where a column is missing, a
    score lies outside the scale, or once-per-person is asked for without a way to tell the latest answer.
    """
    if clash := sorted(name for name in ((by,) if isinstance(by, str) else by) if name.startswith(OWN)):
        raise UserError(
            f'An attribute may not be called "{clash[0]}": names that begin with {OWN} are winback\'s own; rename the column.'
        )
    rows, plan = open_rows(feedback, by=by, **columns)
    if unit and not plan.date:
        raise UserError("Periods need a date; name the column with date=, or give a frame with local_date.")
    rows = rows.with_columns(wb_period=period_of(plan.date, unit))
    told = ["wb_period"] if unit else []  # what is the same in every row is no key: engines would hash it row by row
    if plan.respondent and unit is None and plan.money_of in (None, plan.respondent):
        # In one window that holds everything only the latest answers count: less work than to find every next one.
        rows = last_of_each(rows, plan.respondent, plan.order, numbered=plan.numbered)
        rows = rows.with_columns(wb_next=nw.lit(None, dtype=nw.Int64))
    elif plan.respondent:
        following = nw.col("wb_period").shift(-1).over(plan.respondent, order_by=plan.order)
        rows = rows.with_columns(wb_next=nw.when(~nw.col(plan.respondent).is_null()).then(following))
        told.append("wb_next")
    sums = [nw.len().alias("wb_answers")]
    if plan.weight:
        weight = nw.col(plan.weight).cast(nw.Float64)
        rows = rows.with_columns(wb_weight=weight, wb_square=weight * weight)
        sums += [nw.col("wb_weight").sum().alias("wb_weights"), nw.col("wb_square").sum().alias("wb_squares")]
    if plan.money:
        rows = rows.with_columns(wb_money=_money(plan))
        rows = rows.with_columns(wb_size=nw.col("wb_money").cast(nw.Float64).abs())
        sums += [nw.col("wb_money").sum().alias("wb_moneys"), nw.col("wb_size").sum().alias("wb_sizes")]
    keys = [*plan.by, *told, "wb_score"]
    if plan.date and unit:
        sums += [nw.col(plan.date).min().alias("wb_first"), nw.col(plan.date).max().alias("wb_last")]
    counted = rows.group_by(keys).agg(*sums).collect(backend="pyarrow").to_native()
    span = [pc.min_max(counted.column(name)) for name in ("wb_first", "wb_last")] if plan.date and unit else []
    return Tally(
        cells=_tidy(counted, plan),
        by=plan.by,
        unit=unit,
        bands=plan.bands,
        weighted=plan.weight is not None,
        once_per_person=plan.respondent is not None,
        has_money=plan.money is not None,
        since=plan.since,
        until=plan.until,
        first=_day(span[0]["min"].as_py()) if span else None,
        last=_day(span[1]["max"].as_py()) if span else None,
    )


def _day(value: dt.date | dt.datetime | None) -> dt.date | None:
    return value.date() if isinstance(value, dt.datetime) else value


def open_rows(
    feedback: Any, *, by: Sequence[str] = (), **columns: Unpack[AnswerColumns]
) -> tuple[nw.LazyFrame[Any], Plan]:
    """The answered rows of a frame in the window asked for, still on its engine, with `wb_score` as a float.

    Also the plan that says which column plays which part. Raises UserError where a column is missing.
    """
    native, defaults = _open(feedback)
    options: AnswerColumns = {**defaults, **columns}
    plan = Plan.of(names_of(native), by, options, numbered=numbers_rows(native))
    frame = lazy_frame(native, plan.needed())
    _check_types(frame, plan)
    rows = frame.filter(~nw.col(plan.score).is_null()).with_columns(wb_score=nw.col(plan.score).cast(nw.Float64))
    rows = rows.filter(~nw.col("wb_score").is_nan())
    if plan.since is not None:
        rows = rows.filter(nw.col(_needed(plan.date, "since")) >= plan.since)
    if plan.until is not None:
        rows = rows.filter(nw.col(_needed(plan.date, "until")) <= plan.until)
    return rows, plan


def _check_types(frame: nw.LazyFrame[Any], plan: Plan) -> None:
    """Raises UserError where a column cannot be what it is said to be: dates as text would sort by their letters."""
    schema = frame.collect_schema()
    for name in {plan.date, "occurred_at"} & set(schema.names()):
        kind = schema[str(name)]
        if not (kind == nw.Date or isinstance(kind, nw.Datetime)):
            raise UserError(
                f'The column "{name}" holds {kind}, not dates; convert it first (in pandas with to_datetime, in '
                "Polars with str.to_date), or let winback.read read the file."
            )
    for name in {plan.score, plan.weight} & set(schema.names()):
        kind = schema[str(name)]
        if not (kind.is_numeric() or kind == nw.Unknown):
            raise UserError(
                f'The column "{name}" holds {kind}, not numbers; convert it first, or let winback.read read the file.'
            )


@dataclass(frozen=True)
class Plan:
    """Which columns of this frame play which part."""

    by: tuple[str, ...]
    score: str
    date: str | None
    respondent: str | None
    weight: str | None
    money: str | None
    money_of: str | None
    order: list[str]
    bands: Bands
    since: dt.date | None
    until: dt.date | None
    numbered: bool = False  # no two rows have the same row_number

    @classmethod
    def of(cls, names: list[str], by: Sequence[str], options: AnswerColumns, *, numbered: bool = False) -> Plan:
        by = (by,) if isinstance(by, str) else tuple(by)
        date = options.get("date", next((name for name in ("local_date", "date") if name in names), None))
        respondent = options.get("respondent", "respondent" if "respondent" in names else None)
        score, weight = options.get("score", "score"), options.get("weight")
        money, money_of = options.get("money"), options.get("money_of")
        for role, name in (
            ("score", score), ("date", date), ("respondent", respondent), ("weight", weight), ("money", money),
            ("money_of", money_of), *(("by", name) for name in by),
        ):  # fmt: skip
            if name is not None and name not in names:
                shown = ", ".join(names[:20])
                raise UserError(f'The frame has no column "{name}" ({role}={name!r}); it has {shown}.')
        order = [name for name in ("occurred_at", date, "source", "external_id", "row_number") if name in names]
        if date and "occurred_at" in order and date in order:
            order.remove(date)
        if (respondent or money_of) and not order:
            raise UserError(
                "Counting a person once needs to know which answer is the latest; name the date with date=, "
                "or count every answer with respondent=None."
            )
        bands = options.get("bands") or Bands.of(
            options.get("scale", "0-10"), detractors=options.get("detractors"), promoters=options.get("promoters")
        )
        if options.get("one_source"):  # and there a row's place says which is later, better than an id does
            told = ("source", "external_id") if ROW in order else ("source",)
            order = [name for name in order if name not in told]
        if ROW not in order:
            # So that engines without an order of rows break ties alike: rows that tie in all of these count alike.
            order += [
                "wb_score",
                *(name for name in dict.fromkeys((*by, weight, money, money_of)) if name and name not in order),
            ]
        return cls(
            by, score, date, respondent, weight, money, money_of, order, bands,
            options.get("since"), options.get("until"), numbered or options.get("one_source", False),
        )  # fmt: skip

    def needed(self) -> list[str]:
        """The columns this plan reads."""
        order = self.order if self.respondent or self.money_of else []
        roles = (self.score, self.date, self.respondent, self.weight, self.money, self.money_of)
        return [name for name in (*self.by, *roles, *order) if name is not None and name != "wb_score"]


def _open(feedback: Any) -> tuple[Any, AnswerColumns]:
    """The frame inside whatever was handed in, with the defaults that come with it."""
    tables = getattr(feedback, "tables", feedback)
    if not hasattr(tables, "bands") or not hasattr(tables, "feedback"):
        return feedback, {}
    if tables.feedback is None:
        raise UserError("These tables hold no feedback; read a file of answers first.")
    defaults: AnswerColumns = {"bands": tables.bands, "one_source": feedback is not tables}
    # A canonical table has a weight only where somebody asked for it by name.
    if feedback is not tables and "weight" in names_of(tables.feedback):
        defaults["weight"] = "weight"
    return tables.feedback, defaults


def _needed(date: str | None, option: str) -> str:
    if date is None:
        raise UserError(f"A window ({option}) needs a date; name the column with date=, or --date.")
    return date


def period_of(date: str | None, unit: Unit | None) -> nw.Expr:
    """Index of the month or week of a day, in whole numbers that every engine computes alike."""
    if unit is None or date is None:
        return nw.lit(0, dtype=nw.Int64)
    day = nw.col(date)
    year = day.dt.year().cast(nw.Int64)
    if unit == "month":
        index = year * 12 + day.dt.month().cast(nw.Int64) - 1
    else:
        leap_days = (year - 1969) // 4 - (year - 1901) // 100 + (year - 1601) // 400
        days = (year - 1970) * 365 + leap_days + day.dt.ordinal_day().cast(nw.Int64) - 1
        index = (days + 3) // 7  # 1970-01-01 was a Thursday; weeks begin on Monday
    return nw.when(~day.is_null()).then(index.cast(nw.Int64)).otherwise(nw.lit(UNDATED, dtype=nw.Int64))


def _money(plan: Plan) -> nw.Expr:
    whole = (nw.col(plan.money or "").cast(nw.Float64) * MONEY_UNIT).round().cast(nw.Int64)
    if plan.money_of is None:
        return whole
    if plan.money_of == plan.respondent:
        last = nw.col("wb_next").is_null()
    else:
        last = nw.col("wb_period").shift(-1).over(plan.money_of, order_by=plan.order).is_null()
    return nw.when(last & ~nw.col(plan.money_of).is_null()).then(whole)


def _tidy(counted: pa.Table, plan: Plan) -> pa.Table:
    """Cells in canonical columns and a fixed order, attributes as text."""
    columns: dict[str, Any] = {name: labels(counted.column(name)) for name in plan.by}
    answers = counted.column("wb_answers").cast(pa.int64())
    if plan.money and (pc.sum(counted.column("wb_sizes")).as_py() or 0.0) > MOST_MONEY:
        raise UserError(
            f'The money in "{plan.money}" adds up to more than 900 trillion, which is not summed exactly; give it in thousands.'
        )
    columns |= {
        "wb_period": counted.column("wb_period").cast(pa.int64())
        if "wb_period" in counted.column_names
        else pa.array([0] * len(answers), pa.int64()),
        "wb_next": counted.column("wb_next").cast(pa.int64())
        if "wb_next" in counted.column_names
        else pa.nulls(len(answers), pa.int64()),
        "wb_score": counted.column("wb_score").cast(pa.float64()),
        "wb_answers": answers,
        "wb_weight": counted.column("wb_weights").cast(pa.float64()) if plan.weight else answers.cast(pa.float64()),
        "wb_weight_square": counted.column("wb_squares").cast(pa.float64())
        if plan.weight
        else answers.cast(pa.float64()),
        "wb_money": counted.column("wb_moneys").cast(pa.int64())
        if plan.money
        else pa.array([0] * len(answers), pa.int64()),
    }
    cells = pa.table(columns)
    outside = [
        s for s in set(cells.column("wb_score").to_pylist()) if not plan.bands.scale.low <= s <= plan.bands.scale.high
    ]
    if outside:
        raise UserError(
            f"The score {plain(min(outside))} is outside the scale {plan.bands.scale}; give the right scale=, "
            "or take rows with values that mean no answer out first."
        )
    keys = [*plan.by, "wb_period", "wb_next", "wb_score"]
    sums = ["wb_answers", "wb_weight", "wb_weight_square", "wb_money"]
    if plan.money_of not in (None, plan.respondent):
        cells = _money_by_itself(cells, sums)
    if plan.by:  # values that differ by spaces round them, or are blank in other words, are one value
        pooled = cells.group_by(keys, use_threads=False).aggregate([(name, "sum") for name in sums])
        cells = pooled.rename_columns([name.removesuffix("_sum") for name in pooled.column_names]).select(
            cells.column_names
        )
    return cells.sort_by([(name, "ascending") for name in keys])


def _money_by_itself(cells: pa.Table, sums: list[str]) -> pa.Table:
    """Money of a customer stands with the customer's latest answer, also where its person has answered for another since.

    Such an answer no longer counts, the money does: it moves to a cell without answers that nothing follows.
    """
    apart = pc.and_(pc.is_valid(cells.column("wb_next")), pc.not_equal(cells.column("wb_money"), 0))
    moved = cells.filter(apart)
    blank = {"wb_next": pa.nulls(len(moved), pa.int64())} | {
        name: pa.array([0] * len(moved), cells.schema.field(name).type) for name in sums[:-1]
    }
    left = pc.if_else(apart, 0, cells.column("wb_money"))
    return pa.concat_tables(
        [
            pa.table({name: left if name == "wb_money" else cells.column(name) for name in cells.column_names}),
            pa.table({name: blank.get(name, moved.column(name)) for name in cells.column_names}),
        ]
    )


def labels(column: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Values of an attribute as text, the same from every engine: 1 rather than 1.0, true rather than True.

    Spaces round a value are taken off; a value that says nothing ("", "n/a", "null", …) becomes null.
    """
    distinct = column.unique().to_pylist()
    named = {value: _label(value) for value in distinct if value is not None}
    if all(value == label for value, label in named.items()):
        return column.cast(pa.string())
    return pa.array([named.get(value) for value in column.to_pylist()], pa.string())


def _label(value: Any) -> str | None:
    if isinstance(value, float):
        return None if math.isnan(value) else plain(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value).strip()
    return None if text.lower() in BLANKS else text


def period_start(index: int, unit: Unit) -> dt.date:
    """The first day of the month or week of that index."""
    if unit == "month":
        return dt.date(index // 12, index % 12 + 1, 1)
    return dt.date(1969, 12, 29) + dt.timedelta(weeks=index)


def period_index(day: dt.date, unit: Unit) -> int:
    """The index of the month or week a day lies in; the inverse of `period_start`."""
    if unit == "month":
        return day.year * 12 + day.month - 1
    return (day - dt.date(1969, 12, 29)).days // 7
