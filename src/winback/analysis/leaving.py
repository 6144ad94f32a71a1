"""Who left, when; and what that says about the revenue at risk among today's detractors.

Departures told by a file come first. Where there is none, lapses are derived from months of money by a rule that is
printed: no revenue in the last `LAPSE` months at hand, nor after. Customers we ended, or who died or moved, did not leave by choice: they are
watched until then and no longer, and do not count as having left. Who was migrated, to another contract or system, is
watched until then too, since what follows may stand under another id, and is still a customer.

Where the customers table knows since when, customers alike have also been customers for about as long, in thirds: the
new leave more than the old, and are not as content. It is the tenure at the answer for the months watched, and today's
for the months to come (E. L. Korn, B. I. Graubard and D. Midthune, "Time-to-event analysis of longitudinal follow-up of
a survey: choice of the time-scale", American Journal of Epidemiology 145, 1997).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any, Unpack

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from winback.analysis.frames import lazy_table
from winback.analysis.latest import by_month
from winback.analysis.tally import MONEY_UNIT, AnswerColumns, labels, period_index
from winback.analysis.tiers import UNHEARD, tiers_of
from winback.analysis.worth import Worth, usual_margin
from winback.surfaces import option

LAPSE = 3  # months without revenue after which a customer has lapsed
BY_CHOICE = ("cancelled", "not_renewed", "lapsed")
MOST_CELLS = 60  # before tenure
TENURES = 3
RULE = f"a customer without revenue for {LAPSE} months, and none since, counts as lapsed in the month after the last revenue"


@dataclass(frozen=True)
class Leavers:
    """Month each customer left (by choice or not), by customer; and the last month in which it would have been seen."""

    month: dict[str, int]
    by_choice: dict[str, bool]
    end: int
    derived: bool
    migrated: frozenset[str] = frozenset()  # whose month is no departure: they are still customers


def leavers(tables: Any, *, until: dt.date | None = None) -> Leavers | None:
    """Who left, from `departures`, or derived from `customer_periods`; None where neither is at hand.

    `until` is the last day that counts: who has given notice for later is still here.
    """
    if tables.departures is not None:
        return _told(tables.departures, until)
    if tables.customer_periods is not None:
        return _derived(tables.customer_periods)
    return None


def lost(departures: Any, *, until: dt.date | None = None) -> set[str]:
    """Customers who left by the last day that counts, whoever ended it: not who shrank or was migrated. All told where no day is."""
    found = _told(departures, until)
    if found is None:
        names = lazy_table(departures).select(nw.col("customer").cast(nw.String)).collect(backend="pyarrow").to_native()
        return set(names.column("customer").to_pylist())
    return set(found.month) - found.migrated


def _told(departures: Any, until: dt.date | None) -> Leavers | None:
    frame = lazy_table(departures)
    names = frame.collect_schema().names()
    # The decision falls with the notice; what is said after it explains nothing.
    dates = [name for name in ("notice_date", "end_date") if name in names]
    if not dates:
        return None
    day = nw.coalesce(*(nw.col(name) for name in dates)) if len(dates) > 1 else nw.col(dates[0])
    kind = nw.col("departure_kind") if "departure_kind" in names else nw.lit("cancelled")
    chosen = frame.select(nw.col("customer"), day.alias("day"), kind.alias("how")).filter(~nw.col("day").is_null())
    if until is not None:
        chosen = chosen.filter(nw.col("day") <= until)
    table = chosen.collect(backend="pyarrow").to_native()
    month: dict[str, int] = {}
    by_choice: dict[str, bool] = {}
    migrated: set[str] = set()
    for customer, left, how in sorted(
        zip(*(table.column(name).to_pylist() for name in ("customer", "day", "how")), strict=True),
        key=lambda row: (str(row[0]), row[1]),
    ):
        key = str(customer)
        if how == "downgraded" or (key in month and (how == "migrated" or key not in migrated)):
            continue  # a customer who shrank is still here; one who left twice left the first time
        month[key] = period_index(left, "month")
        by_choice[key] = how is None or how in BY_CHOICE
        (migrated.add if how == "migrated" else migrated.discard)(key)
    return Leavers(month, by_choice, max(month.values(), default=0), derived=False, migrated=frozenset(migrated))


def _derived(periods: Any) -> Leavers | None:
    frame = lazy_table(periods)
    if "revenue" not in frame.collect_schema().names():
        return None
    index = nw.col("month").dt.year().cast(nw.Int64) * 12 + nw.col("month").dt.month().cast(nw.Int64) - 1
    frame = frame.with_columns(wb_index=index)
    last = frame.select(last=nw.col("wb_index").max()).collect(backend="pyarrow").to_native().to_pylist()[0]["last"]
    paid = (
        frame.filter(nw.col("revenue").cast(nw.Float64) > 0)
        .group_by("customer")
        .agg(nw.col("wb_index").max().alias("final"))
    )
    table = paid.collect(backend="pyarrow").to_native()
    if last is None:
        return None
    month = {
        str(customer): final + 1
        for customer, final in zip(table.column("customer").to_pylist(), table.column("final").to_pylist(), strict=True)
        if last - final >= LAPSE
    }
    return Leavers(month, dict.fromkeys(month, True), last - LAPSE + 1, derived=True)


def present(known: Worth, gone: Leavers | None) -> Worth:
    """The worth of customers who are still here: not of those who, as told, have left."""
    if gone is None or gone.derived or not gone.month:
        return known
    here = np.array(
        [
            customer in gone.migrated or gone.month.get(customer, gone.end + 1) > gone.end
            for customer in known.customers.tolist()
        ],
        dtype=bool,
    )
    return replace(
        known, customers=known.customers[here], worth=known.worth[here],
        revenue=None if known.revenue is None else known.revenue[here], cost=None if known.cost is None else known.cost[here],
    )  # fmt: skip


@dataclass(frozen=True)
class AtRisk:
    """Revenue at risk: measured, assumed or missing, with the sentence that says which."""

    status: str
    amount: float | None = None
    low: float | None = None
    high: float | None = None
    times: float | None = None
    times_low: float | None = None
    times_high: float | None = None
    leave_detractor: float | None = None
    leave_passive: float | None = None
    months_missing: int | None = None
    derived: bool = False
    reason: str = ""


def at_risk(
    tables: Any, known: Worth, *, attributes: tuple[str, ...], level: float, today: dt.date | None = None,
    **columns: Unpack[AnswerColumns],
) -> AtRisk:  # fmt: skip
    """Measure what today's detractors cost more in departures than the same customers would as passives.

    Customers alike are those of the same tier by what they bring in a usual month (where months of money are at hand:
    the last year's money is less for those who left, because they left), of the same attributes, and customers for
    about as long, where the customers table knows since when.
    """
    from winback.stats.exposure import persons_to_exposure
    from winback.stats.hazard import months_missing, revenue_at_risk

    gone = leavers(tables, until=today)
    if gone is None:
        return AtRisk(
            "missing",
            months_missing=12,
            reason=f"nobody knows yet who left: add {option('--departures', 'FILE')}, or 12 months of revenue by customer",
        )
    answers = by_month(tables.feedback, of="customer", keep=attributes, **columns)
    if not answers.num_rows:
        return AtRisk("missing", months_missing=12, reason="no answer has a customer and a date")
    customers = np.asarray(answers.column("customer").to_pylist(), dtype=object)
    month = answers.column("period").to_numpy()
    final = max(gone.end, int(month.max())) if not gone.derived else gone.end
    position = {customer: place for place, customer in enumerate(known.customers.tolist())}
    place = np.array([position.get(customer, -1) for customer in customers])
    cell = _cells(answers, attributes, _usual_tier(tables, customers))
    then, now = _tenure_thirds(tables, customers, month, final)
    # A month at risk is one of the tenure at the answer; who is here today goes on with today's.
    cell, cell_now = cell * (TENURES + 1) + then, cell * (TENURES + 1) + now
    following = np.where(np.append(customers[1:] == customers[:-1], False), np.append(month[1:], -1), -1)
    left = np.array([gone.month.get(customer, -1) for customer in customers])
    choice = np.array([gone.by_choice.get(customer, True) for customer in customers])
    # Those who did not go by choice are watched up to the month before.
    end = np.where((left >= 0) & ~choice, np.minimum(left - 1, final), final)
    bands = columns["bands"].classify(answers.column("score").to_numpy()).astype(np.int64)
    codes = np.unique(customers.astype(str), return_inverse=True)[1]
    exposure = persons_to_exposure(
        customer=codes, answer_month=month, band=bands, cell=cell, next_answer_month=following,
        leave_month=np.where(choice, left, -1), end_month=end,
    )  # fmt: skip
    here = (left < 0) | (left > final) | np.array([customer in gone.migrated for customer in customers], dtype=bool)
    last_answer = following < 0
    unhappy = last_answer & (bands == 0) & (place >= 0) & here
    margins = known.worth[place[unhappy]] / MONEY_UNIT
    found = revenue_at_risk(exposure, margins, cell_now[unhappy], level=level)
    span = final - int(month.min())
    if found.state == "no_detractors":
        return AtRisk("measured", 0.0, 0.0, 0.0, reason="no customer at hand is a detractor today")
    if found.state == "too_few_departures":
        missing = months_missing(found.departures, span)
        few = f"{found.departures[0]} departures after low scores and {found.departures[1]} after middling ones are too few (10 of each are needed)"
        return AtRisk("missing", months_missing=missing, derived=gone.derived, reason=few)
    return AtRisk(
        "measured", found.amount, found.low, found.high, found.hazard_ratio, found.ratio_low, found.ratio_high,
        found.leave_detractor, found.leave_passive, derived=gone.derived,
    )  # fmt: skip


def _usual_tier(tables: Any, customers: NDArray[np.object_]) -> NDArray[np.int64]:
    """The tier of each answer's customer by what a usual month brings; all alike where that is not known."""
    usual = usual_margin(tables)
    if not usual:
        return np.zeros(len(customers), dtype=np.int64)
    tier = dict(zip(usual, tiers_of(np.array(list(usual.values()), dtype=np.int64)).tolist(), strict=True))
    return np.array([tier.get(customer, UNHEARD) for customer in customers], dtype=np.int64)


def _tenure_thirds(
    tables: Any, customers: NDArray[np.object_], month: NDArray[np.int64], today: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How long each answer's customer had been one at the answer and has been today, in thirds of the answers.

    0 to 2, and 3 where it is not known. Thirds need no knowledge of contracts or trades.
    """
    since: dict[str, int] = {}
    if tables.customers is not None:
        frame = lazy_table(tables.customers)
        if "since_date" in frame.collect_schema().names():
            day = nw.col("since_date")
            index = day.dt.year().cast(nw.Int64) * 12 + day.dt.month().cast(nw.Int64) - 1
            table = (
                frame.filter(~day.is_null())
                .select("customer", index.alias("wb_since"))
                .collect(backend="pyarrow")
                .to_native()
            )
            since = dict(
                zip(map(str, table.column("customer").to_pylist()), table.column("wb_since").to_pylist(), strict=True)
            )
    began = np.array([since.get(customer, -1) for customer in customers], dtype=np.int64)
    known = began >= 0
    if not known.any():
        return np.full(len(customers), TENURES), np.full(len(customers), TENURES)
    limits = np.quantile((month - began)[known], np.arange(1, TENURES) / TENURES)
    then, now = (np.searchsorted(limits, at - began, side="right") for at in (month, np.full_like(month, today)))
    return np.where(known, then, TENURES), np.where(known, now, TENURES)


def _cells(answers: pa.Table, attributes: tuple[str, ...], tier: NDArray[np.int64]) -> NDArray[np.int64]:
    """A number for customers alike: by tier, and by as many attributes as keep the cells few."""
    codes = np.unique(tier, return_inverse=True)[1].astype(np.int64)
    for name in attributes:
        values = np.asarray([str(value) for value in labels(answers.column(name)).to_pylist()])
        finer = np.unique(codes * 100_003 + np.unique(values, return_inverse=True)[1], return_inverse=True)[1].astype(
            np.int64
        )
        if len(np.unique(finer)) > MOST_CELLS:
            break
        codes = finer
    return codes
