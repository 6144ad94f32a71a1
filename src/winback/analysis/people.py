"""Who should hear from us first, and what do customers say? Names and words beside the figures."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any, Unpack

import narwhals as nw
import numpy as np

from winback.analysis.tally import AnswerColumns, Plan, Tally, labels, open_rows, period_index
from winback.analysis.worth import Worth
from winback.scales import DETRACTOR
from winback.text.nothing import says_nothing

RECENT = dt.timedelta(days=91)  # further back a call comes too late to be about what happened
MANY = 5_000  # latest answers looked at in one go
ORDER = ("occurred_at", "source", "external_id", "row_number")
TELLING = (12, 400)  # characters of a comment that says something and can be read at a glance


def people(
    feedback: Any, *, by: Sequence[str] = (), worth: Worth | None = None, names: Mapping[str, str] | None = None, persons: Mapping[str, str] | None = None,
    recent: dt.timedelta | None = RECENT, limit: int = 12, counted: Tally | None = None, **columns: Unpack[AnswerColumns],
) -> list[dict[str, Any]]:  # fmt: skip
    """Detractors to call first: most money first, then the latest. Rows of who, score, date, comment, worth, segment.

    Each is named by `persons` (person to name) and `names` (customer to name), else by their ids; a person whose latest answer is
    better is not listed. `recent` bounds how long ago they answered, counted from the last answer; None lists all.
    `counted` is a tally of the same answers by month, which spares looking at all of them.
    """
    rows, plan = open_rows(
        feedback, by=_present(feedback, (*by, "comment", "customer", "respondent", *ORDER)), **columns
    )
    person = next((name for name in ("respondent", "customer") if name in plan.by), None)
    if person is None:
        return []
    rows = rows.filter(~nw.col(person).is_null())
    # One look at the latest answers is enough where they are all, or where who is worth most does not matter.
    order = [name for name in dict.fromkeys([plan.date, *ORDER]) if name in (plan.date, *plan.by) and name is not None]
    chosen = _latest(rows, plan, order, counted)
    listed = _still(chosen, plan, person, recent)
    if len(chosen) >= MANY and (worth is not None or len(listed) < limit):
        last = counted.last if counted is not None else None
        listed = _of_those_worth_most(rows, plan, person, worth, recent, limit, last)
    values = worth_of(worth)
    found = []
    for row in listed:
        customer = row.get("customer")
        name = (names or {}).get(customer or "") or customer or row[person]
        if spoke := (persons or {}).get(row.get("respondent") or ""):
            name = spoke if spoke == name or not customer else f"{spoke}, {name}"
        found.append(
            {
                "who": str(name), "score": row["wb_score"], "band": "detractor", "date": _iso(row.get(plan.date or "")),
                "comment": _words(row.get("comment")), "worth": values.get(customer or ""), "segment": {n: row[n] for n in by if n in row},
            }
        )  # fmt: skip
    found.sort(key=lambda row: (-(row["worth"] or 0), _later(row["date"]), row["score"], row["who"]))
    return [{**row, "worth": None if row["worth"] is None else _money(row["worth"])} for row in found[:limit]]


def _words(comment: str | None) -> str | None:
    """A comment; "-" or "none" are no words to call somebody about."""
    return None if comment is None or says_nothing(comment) else comment


def voices(feedback: Any, *, each: int = 6, **columns: Unpack[AnswerColumns]) -> dict[str, list[dict[str, Any]]]:
    """A few of the latest telling comments of each band, word for word: score, comment, who (None), date."""
    empty: dict[str, list[dict[str, Any]]] = {"detractor": [], "passive": [], "promoter": []}
    kept = _present(feedback, ("comment", "row_number"))
    if "comment" not in kept:
        return empty
    rows, plan = open_rows(feedback, by=kept, **columns)
    length = nw.col("comment").str.len_chars()
    rows = rows.filter(~nw.col("comment").is_null(), length >= TELLING[0], length <= TELLING[1])
    detractor, promoter = plan.bands.is_detractor(nw.col("wb_score")), plan.bands.is_promoter(nw.col("wb_score"))
    order = [name for name in (plan.date, "row_number") if name and name in (*plan.by, plan.date)]
    for band, test in (("detractor", detractor), ("promoter", promoter), ("passive", ~detractor & ~promoter)):
        some = rows.filter(test)
        if order:
            some = latest_first(some, order, 4 * each)
        seen: set[str] = set()
        listed = sorted(_select(some.head(8 * each), plan), key=lambda row: _order(row, plan), reverse=True)
        for row in listed:
            # The same sentence sent by many is read once.
            if row["comment"].strip().lower() not in seen and len(empty[band]) < each:
                seen.add(row["comment"].strip().lower())
                empty[band].append(
                    {
                        "score": row["wb_score"],
                        "comment": row["comment"],
                        "who": None,
                        "date": _iso(row.get(plan.date or "")),
                    }
                )
    return empty


def _latest(rows: nw.LazyFrame[Any], plan: Plan, order: Sequence[str], counted: Tally | None) -> list[dict[str, Any]]:
    """The latest answers, as many as are looked at in one go."""
    if not order:
        return _select(rows.head(MANY), plan)
    if plan.date and counted is not None and (since := _since(counted)):
        # Of millions those of the last days are picked first: to sort them all costs more than to count them.
        found = _select(latest_first(rows.filter(nw.col(plan.date) >= since), order, MANY), plan)
        if len(found) == MANY:
            return found
    return _select(latest_first(rows, order, MANY), plan)


def _since(counted: Tally) -> dt.date | None:
    """A day from which on there are probably more than enough answers; None where that would be most of them."""
    if counted.unit != "month" or counted.last is None:
        return None
    periods, answers = (np.asarray(counted.cells.column(name)) for name in ("wb_period", "wb_answers"))
    a_day = answers[periods == period_index(counted.last, "month")].sum() / counted.last.day
    days = math.ceil(2 * MANY / a_day)
    return counted.last - dt.timedelta(days=days) if days * a_day < answers.sum() / 2 else None


def _still(
    chosen: Sequence[dict[str, Any]], plan: Plan, person: str, recent: dt.timedelta | None
) -> list[dict[str, Any]]:
    """Of these answers, the latest of each person, where it is a detractor's and not too long ago."""
    latest: dict[str, dict[str, Any]] = {}
    for row in sorted(chosen, key=lambda row: _order(row, plan)):
        latest[row[person]] = row
    date = plan.date or ""
    days = [row[date] for row in chosen if row.get(date) is not None]
    after = max(days) - recent if days and recent is not None else None
    return [
        row
        for row in latest.values()
        if plan.bands.classify([row["wb_score"]])[0] == DETRACTOR
        and (after is None or (row[date] is not None and row[date] > after))
    ]


def _of_those_worth_most(
    rows: nw.LazyFrame[Any],
    plan: Plan,
    person: str,
    worth: Worth | None,
    recent: dt.timedelta | None,
    limit: int,
    last: dt.date | None,
) -> list[dict[str, Any]]:
    """The same among millions: the detractors worth most (or the latest), then all that these few said."""
    if recent is not None and plan.date:
        if last is None:
            found = rows.select(nw.col(plan.date).max().alias("last")).collect(backend="pyarrow").to_native()
            last = found.column("last")[0].as_py()
        rows = rows.filter(nw.col(plan.date) > last - recent)
    candidates = _candidates(rows.filter(plan.bands.is_detractor(nw.col("wb_score"))), plan, person, worth, limit)
    return (
        _still(_select(rows.filter(nw.col(person).is_in(candidates)), plan), plan, person, recent) if candidates else []
    )


def _present(feedback: Any, wanted: Sequence[str]) -> list[str]:
    from winback.analysis.frames import names_of

    tables = getattr(feedback, "tables", feedback)
    have = names_of(getattr(tables, "feedback", tables))
    return [name for name in dict.fromkeys(wanted) if name in have]


def _candidates(detractors: nw.LazyFrame[Any], plan: Plan, person: str, worth: Worth | None, limit: int) -> list[str]:
    """Persons to look at: those of the customers worth most, or the latest to answer."""
    if worth is not None and "customer" in plan.by:
        ids = _column(detractors.select("customer").unique(), "customer")
        values = worth_of(worth)
        rich = sorted((c for c in ids if c in values), key=lambda c: (-values[c], c))[: 4 * limit]
        if len(rich) >= limit or not plan.date:
            return (
                rich
                if person == "customer"
                else _column(detractors.filter(nw.col("customer").is_in(rich)).select(person).unique(), person)
            )
    if plan.date:
        detractors = latest_first(detractors, [plan.date], 8 * limit)
    return _column(detractors.select(person).head(20_000).unique(), person)


def latest_first(rows: nw.LazyFrame[Any], by: Sequence[str], most: int) -> nw.LazyFrame[Any]:
    """The last rows in this order. (Narwhals 2.29's own top_k fails on DuckDB 2.0 relations of another connection.)"""
    return rows.sort(*by, descending=True, nulls_last=True).head(most)


def _column(frame: nw.LazyFrame[Any], name: str) -> list[str]:
    return [
        value for value in frame.collect(backend="pyarrow").to_native().column(name).to_pylist() if value is not None
    ]


def _select(rows: nw.LazyFrame[Any], plan: Plan) -> list[dict[str, Any]]:
    have = rows.collect_schema().names()
    names = [name for name in dict.fromkeys([*plan.by, plan.date, *plan.order, "wb_score"]) if name in have]
    table = rows.select(names).collect(backend="pyarrow").to_native()
    for place, name in enumerate(table.column_names):
        if name in plan.by and name not in ("comment", *ORDER):
            table = table.set_column(place, name, labels(table.column(name)))
    found: list[dict[str, Any]] = table.to_pylist()
    return found


def _order(row: Mapping[str, Any], plan: Plan) -> tuple[Any, ...]:
    names = [plan.date, *plan.order] if plan.date else plan.order
    return tuple(
        (row.get(name) is not None, row.get(name) if row.get(name) is not None else 0) for name in names if name in row
    )


def worth_of(worth: Worth | None) -> dict[str, int]:
    """Worth by customer, in ten-thousandths; empty where none is known."""
    return dict(zip(worth.customers.tolist(), worth.worth.tolist(), strict=True)) if worth is not None else {}


def _money(amount: int) -> str:
    from winback.analysis.segments import money_text

    return money_text(amount)


def _iso(day: Any) -> str | None:
    return day.isoformat() if isinstance(day, dt.date) else None


def _later(day: str | None) -> int:
    return -dt.date.fromisoformat(day).toordinal() if day else 0
