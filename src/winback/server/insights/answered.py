"""All answers of a holding behind its filters, one entry an answer, with the themes that each names: read once, in memory.

Whatever a page of why asks (a window, detractors or those who left, another attribute) is a choice among these entries, so
the engine is asked once for each state of the data and not for each choice. An answer takes some 60 bytes and what its ids
take; the attribute that is asked for first is read along, others when somebody splits by them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from winback.analysis.leaving import lost
from winback.analysis.tally import open_rows, period_of
from winback.server.insights.basis import Basis
from winback.server.insights.kept import shelf
from winback.server.insights.rules import Window

Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]
UNKNOWN = -1
NO_DAY = np.iinfo(np.int32).min  # of an answer without a date
_UNIQUE = ("occurred_at", "local_date", "source", "external_id", "row_number")  # what tells the later of two answers


@dataclass(frozen=True)
class Answered:
    """Answers in the order in which they came; entry i of each array is of one answer.

    `person` and `customer` are codes, UNKNOWN where nobody is named; `customers` are the customers' ids by their code.
    `person` is None where each answer counts by itself. `day`: since 1970, NO_DAY without a date. `row` and `theme` are
    pairs: this answer names the theme of this number among `keys`, which are in alphabetical order. `grouped` reads the
    values of an attribute, in the same order.
    """

    source: pa.Array
    external_id: pa.Array
    person: Whole | None
    customer: Whole
    customers: tuple[str, ...]
    bands: Whole
    weights: NDArray[np.float64]
    day: Whole
    month: Whole
    said: Flags
    call: Flags
    left: Flags  # whether the customer has left
    row: Whole
    theme: Whole
    keys: tuple[str, ...]
    grouped: Callable[[str], pa.Array]
    groups: dict[str, tuple[Whole, tuple[str, ...]]] = field(default_factory=dict)

    @property
    def nbytes(self) -> int:
        arrays = (self.customer, self.bands, self.weights, self.day, self.month, self.said, self.call, self.left, self.row, self.theme)  # fmt: skip
        ids = self.source.nbytes + self.external_id.nbytes
        return int(ids + sum(one.nbytes for one in arrays) + sum(codes.nbytes for codes, _ in list(self.groups.values())))  # fmt: skip

    def within(self, window: Window, *, once: bool) -> Flags:
        """Which answers lie in a window; with `once` each person's latest of these only."""
        inside = np.ones(len(self.bands), dtype=bool)
        for edge, later in ((window.since, True), (window.until, False)):
            if edge is not None:
                day = edge.toordinal() - _EPOCH
                inside &= (self.day >= day) if later else (self.day <= day)
                inside &= self.day != NO_DAY
        if not once or self.person is None or not len(inside):
            return inside
        places = np.flatnonzero(inside)
        people = self.person[places]
        latest = np.full(int(people.max(initial=0)) + 1, UNKNOWN)
        latest[people[people != UNKNOWN]] = places[people != UNKNOWN]  # of several the last one is kept
        chosen = np.zeros(len(inside), dtype=bool)
        chosen[latest[latest != UNKNOWN]] = True
        chosen[places[people == UNKNOWN]] = True
        return chosen

    def matrix(self, chosen: Flags) -> Flags:
        """(chosen answers, themes): whether an answer names a theme."""
        places = np.cumsum(chosen) - 1
        mine = chosen[self.row]
        found = np.zeros((int(chosen.sum()), len(self.keys)), dtype=bool)
        found[places[self.row[mine]], self.theme[mine]] = True
        return found

    def group(self, by: str) -> tuple[Whole, tuple[str, ...]]:
        """Codes of an attribute's values, UNKNOWN where there is none, and the values."""
        known = self.groups.get(by)
        if known is None:
            known = self.groups[by] = codes_of(self.grouped(by))
        return known


_EPOCH = 719_163  # the ordinal of 1970-01-01


def answered(basis: Basis) -> Answered:
    """The answers behind a basis, whatever its window. There have to be codings."""
    name = ("answers and themes", basis.holding.themes)
    found: Answered = shelf.of((*basis.state, name)).once(name, lambda: _read(basis))
    return found


def codes_of(texts: Any) -> tuple[Whole, tuple[str, ...]]:
    """Texts as places in the list of those there are; UNKNOWN for a null."""
    coded = (texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts).dictionary_encode()
    codes = coded.indices.fill_null(UNKNOWN).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, tuple(coded.dictionary.to_pylist())


def _read(basis: Basis) -> Answered:
    tables, names = basis.holding.tables, basis.names
    columns = basis.columns
    columns["since"] = columns["until"] = None
    beside = [name for name in ("comment", "customer", "kind", *_UNIQUE) if name in names]
    attributes = basis.holding.attributes
    first = [name for name in basis.asked.by or attributes if name in attributes][
        :1
    ]  # what the page that is opened splits by
    rows, plan = open_rows(basis.feedback, by=list(dict.fromkeys((*beside, *first))), **columns)
    order = [name for name in plan.order if name in _UNIQUE]
    said = ~nw.col("comment").is_null() & (nw.col("comment").str.strip_chars() != "") if "comment" in names else nw.lit(False)  # fmt: skip
    told = rows.select(
        *_named(order), *(nw.col(by).cast(nw.String).alias("value") for by in first), source=nw.col("source").cast(nw.String), id=nw.col("external_id").cast(nw.String), score=nw.col("wb_score"),
        person=_text(plan.respondent), customer=_text("customer" if "customer" in names else None),
        weight=nw.col(plan.weight).cast(nw.Float64) if plan.weight else nw.lit(1.0), month=period_of(plan.date, "month"),
        day=nw.col(plan.date).cast(nw.Date) if plan.date else nw.lit(None, dtype=nw.Date), said=said,
        call=(nw.col("kind") == "call") if "kind" in names else nw.lit(False),
    )  # fmt: skip
    table = _in_order(told, order)
    customer, customers = codes_of(table.column("customer"))
    row, theme, keys = _pairs(basis, table)

    def grouped(by: str) -> Any:
        again, _ = open_rows(basis.feedback, by=list(dict.fromkeys((*order, by))), **columns)
        values = again.select(*_named(order), value=nw.col(by).cast(nw.String))
        return _in_order(values, order).column("value").cast(pa.string())

    return Answered(
        source=table.column("source").cast(pa.string()).combine_chunks(),
        external_id=table.column("id").cast(pa.string()).combine_chunks(),
        person=codes_of(table.column("person"))[0] if plan.respondent else None,
        customer=customer, customers=customers,
        bands=np.asarray(plan.bands.classify(_numbers(table, "score")), dtype=np.int64),
        weights=_numbers(table, "weight").astype(np.float64),
        day=table.column("day").cast(pa.int32()).fill_null(NO_DAY).to_numpy().astype(np.int64),
        month=_numbers(table, "month").astype(np.int64), said=_flags(table, "said"), call=_flags(table, "call"),
        left=_left(tables.departures, basis.today, customer, customers), row=row, theme=theme, keys=keys, grouped=grouped,
        groups={by: codes_of(table.column("value").cast(pa.string())) for by in first},
    )  # fmt: skip


def _named(order: Sequence[str]) -> list[nw.Expr]:
    return [nw.col(name).alias(f"order {name}") for name in order]


def _in_order(rows: nw.LazyFrame[Any], order: Sequence[str]) -> pa.Table:
    """The rows as they came, those without a time first: sorted here, where only places are moved."""
    table = rows.collect(backend="pyarrow").to_native().combine_chunks()
    keys = [f"order {name}" for name in order]
    places = sorted_places(table.select(keys))
    return table.drop_columns(keys).take(places).combine_chunks()


def sorted_places(keys: pa.Table) -> NDArray[Any]:
    """The places of the rows by these columns, nulls first. Only rows that the first column leaves equal are compared further."""
    if not keys.num_columns:
        return np.arange(len(keys))
    among = [(name, "ascending", "at_start") for name in keys.column_names]
    places = pc.sort_indices(keys.select([0]), among[:1]).to_numpy()
    if keys.num_columns == 1:
        return np.asarray(places)
    ordered = keys.column(0).take(places)
    before, behind = ordered.slice(0, max(len(ordered) - 1, 0)), ordered.slice(1)
    alike = pc.or_(pc.equal(before, behind).fill_null(False), pc.and_(pc.is_null(before), pc.is_null(behind)))
    same = np.asarray(alike.to_numpy(zero_copy_only=False), dtype=bool)
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same)) if len(same) else np.zeros(0, dtype=np.int64)
    if len(tied):  # by all columns they keep to the same places together
        places = places.copy()
        places[tied] = places[tied][pc.sort_indices(keys.take(places[tied]), among).to_numpy()]
    return np.asarray(places)


def _pairs(basis: Basis, table: pa.Table) -> tuple[Whole, Whole, tuple[str, ...]]:
    """Which answer names which theme; the themes of answers that are not at hand are left out."""
    codings = nw.from_native(basis.holding.tables.codings).lazy().select("source", "external_id", "theme")
    found = codings.collect(backend="pyarrow").to_native()
    theme, called = codes_of(found.column("theme").cast(pa.string()))
    if pc.count_distinct(table.column("source"), mode="all").as_py() == 1:  # then the ids alone tell answers apart
        ids, known = (pc.cast(one, pa.string()) for one in (found.column("external_id"), table.column("id")))
        mine = pc.equal(pc.cast(found.column("source"), pa.string()), pc.cast(table.column("source"), pa.string())[0])
        rows = _filled(pc.if_else(mine, pc.index_in(ids, value_set=known), None))
    else:
        rows = _filled(pc.index_in(_joined(found, "source", "external_id"), value_set=_joined(table, "source", "id")))
    there = rows != UNKNOWN
    order = np.argsort(np.array(called, dtype=object)) if called else np.zeros(0, dtype=np.int64)
    rank = np.argsort(order)
    return rows[there], rank[theme[there]] if called else theme[there], tuple(called[at] for at in order)


def _left(departures: Any, today: dt.date, customer: Whole, customers: tuple[str, ...]) -> Flags:
    if departures is None or not customers:
        return np.zeros(len(customer), dtype=bool)
    ids = pa.array(sorted(lost(departures, until=today)), pa.string())
    has = pc.is_in(pa.array(customers, pa.string()), value_set=ids).to_numpy(zero_copy_only=False)
    return np.asarray(np.append(has, False)[customer], dtype=bool)  # UNKNOWN is the last


def _joined(table: pa.Table, source: str, name: str) -> Any:
    texts = (table.column(one).cast(pa.string()) for one in (source, name))
    return pc.binary_join_element_wise(*texts, "\x1f")


def _filled(places: Any) -> Whole:
    found = places.combine_chunks() if isinstance(places, pa.ChunkedArray) else places
    return np.asarray(found.fill_null(UNKNOWN).to_numpy(zero_copy_only=False), dtype=np.int64)


def _text(name: str | None) -> nw.Expr:
    return nw.col(name).cast(nw.String) if name else nw.lit(None, dtype=nw.String)


def _numbers(table: pa.Table, name: str) -> NDArray[Any]:
    return np.asarray(table.column(name).to_numpy(zero_copy_only=False))


def _flags(table: pa.Table, name: str) -> Flags:
    return np.asarray(table.column(name).fill_null(False).to_numpy(zero_copy_only=False), dtype=bool)
