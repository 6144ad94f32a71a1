"""Who was heard in twelve months, and what they bring: a figure over all rows, so it is read from the canonical tables."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from winback.server.exports.queries import Holding, holding
from winback.server.feedback.queries import BAND_NAMES
from winback.server.workspaces.access import Access

HEARD_DAYS = 365
MOST_KEPT = 16
MOST_SPLIT = 50

Given = tuple[float, str]


@dataclass(frozen=True)
class Heard:
    """Of the state `as_of`: ids of customers and persons heard, revenue by customer, and split opinions, widest first."""

    as_of: dt.datetime | None = None
    everyone: frozenset[str] = frozenset()
    customers: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()
    revenue: Mapping[str, Decimal] = field(default_factory=dict)
    deciders: tuple[tuple[str, str], ...] = ()  # (person, customer)
    split: tuple[tuple[str, tuple[Given, ...]], ...] = ()


_kept: OrderedDict[tuple[Any, ...], Heard] = OrderedDict()
_lock = threading.Lock()


def heard(access: Access, *, today: dt.date) -> Heard:
    """What is known of who was heard until today, within the scope; made once for each state of the warehouse."""
    held = holding(access)
    if held is None:
        return Heard()
    # as stored: in words two scopes can read alike, where a value holds a comma
    scope = json.dumps(access.scope.stored(), sort_keys=True)
    key = (access.workspace.pk, held.version, scope, today)
    with _lock:
        if key not in _kept:
            _kept[key] = _made(access, held, today)
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
        return _kept[key]


def _made(access: Access, held: Holding, today: dt.date) -> Heard:
    since = today - dt.timedelta(days=HEARD_DAYS - 1)
    customers: set[str] = set()
    persons: set[str] = set()
    for sort in held.sorts:  # whoever answered any survey was heard; only scores of one sort are set side by side
        one = held if sort == held.sort else holding(access, sort=sort.key)
        if one is not None:
            customers |= _ids(one.tables.feedback, "customer", since, today)
            persons |= _ids(one.tables.feedback, "respondent", since, today)
    tables = held.tables
    return Heard(
        as_of=held.as_of,
        everyone=frozenset(_column(tables.customers, "customer")),
        customers=frozenset(customers),
        persons=frozenset(persons),
        revenue=_revenue(tables, today),
        deciders=_deciders(tables.contacts),
        split=_split(held, since, today),
    )


def _ids(feedback: Any, name: str, since: dt.date, until: dt.date) -> set[str]:
    import narwhals as nw

    rows = nw.from_native(feedback).lazy()
    if name not in rows.collect_schema().names():
        return set()
    rows = rows.filter(nw.col("local_date") >= since, nw.col("local_date") <= until, ~nw.col("score").is_null())
    found = rows.filter(~nw.col(name).is_null()).select(name).unique().collect(backend="pyarrow")
    return set(found[name].to_list())


def _column(frame: Any, name: str) -> list[str]:
    import narwhals as nw

    if frame is None:
        return []
    return list(nw.from_native(frame).lazy().select(name).collect(backend="pyarrow")[name].to_list())


def _revenue(tables: Any, today: dt.date) -> dict[str, Decimal]:
    """Revenue of twelve months by customer: summed from months, else as the customers' table says."""
    import narwhals as nw

    told: dict[str, Decimal] = {}
    customers = None if tables.customers is None else nw.from_native(tables.customers).lazy()
    if customers is not None and "revenue" in customers.collect_schema().names():
        rows = customers.filter(~nw.col("revenue").is_null()).select("customer", "revenue").collect(backend="pyarrow")
        told = dict(zip(rows["customer"].to_list(), rows["revenue"].to_list(), strict=True))
    if tables.customer_periods is not None:
        first = dt.date(today.year - 1, today.month, 1)
        periods = nw.from_native(tables.customer_periods).lazy()
        if "revenue" in periods.collect_schema().names():
            periods = periods.filter(nw.col("month") > first, nw.col("month") <= today, ~nw.col("revenue").is_null())
            summed = periods.group_by("customer").agg(nw.col("revenue").sum()).collect(backend="pyarrow")
            told |= dict(zip(summed["customer"].to_list(), summed["revenue"].to_list(), strict=True))
    return {customer: Decimal(str(amount)) for customer, amount in told.items() if amount}


def _deciders(contacts: Any) -> tuple[tuple[str, str], ...]:
    import narwhals as nw

    if contacts is None:
        return ()
    rows = nw.from_native(contacts).lazy()
    if not {"contact_role", "customer"} <= set(rows.collect_schema().names()):
        return ()
    rows = rows.filter(nw.col("contact_role") == "decision maker", ~nw.col("customer").is_null())
    found = rows.select("contact", "customer").collect(backend="pyarrow")
    return tuple(zip(found["contact"].to_list(), found["customer"].to_list(), strict=True))


def _split(held: Holding, since: dt.date, today: dt.date) -> tuple[tuple[str, tuple[Given, ...]], ...]:
    """Customers at whom one person is a promoter and another a detractor, each by the last answer."""
    from winback.analysis.latest import latest

    names = held.tables.feedback.columns
    if not {"respondent", "customer"} <= set(names):
        return ()
    columns = {name: value for name, value in held.columns.items() if name != "weight"}
    found = latest(held.tables.feedback, of="respondent", keep=("customer",), since=since, until=today, **columns)  # type: ignore[arg-type]
    scores = found.column("score").to_numpy()
    bands = held.sort.bands.classify(scores)
    given: dict[str, list[tuple[float, int]]] = {}
    for customer, score, band in zip(
        found.column("customer").to_pylist(), scores.tolist(), bands.tolist(), strict=True
    ):
        if customer is not None:
            given.setdefault(customer, []).append((score, band))
    split = [
        (customer, tuple((score, BAND_NAMES[band]) for score, band in sorted(people)))
        for customer, people in given.items()
        if {0, 2} <= {band for _, band in people}
    ]
    return tuple(sorted(split, key=lambda item: (-len(item[1]), item[0]))[:MOST_SPLIT])
