"""Rows of the database as typed Arrow, a piece at a time, into Parquet files of canonical tables.

Rows are read as the database hands them over, without making objects of them, and turned by column: a million answers
in bounded memory, at the rate the database reads.
"""

from __future__ import annotations

import datetime as dt
import gc
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from django.db.models import Count, F, QuerySet, TextField
from django.db.models.functions import Cast

from winback.scales import plain
from winback.server import warehouse
from winback.server.customers.models import ContactProfile, CustomerPeriod, CustomerProfile, Departure, Invitation
from winback.server.exports.rules import UNDATED, WHOLE, days_of, spans
from winback.server.feedback.models import Feedback
from winback.server.workspaces.models import Workspace
from winback.tables import DATE, FLOAT, INTEGER, MONEY, STRING, TABLES, TIME

PIECE = 20_000  # rows that are turned at once
PART = 250_000  # rows of a file: what is held in memory
ID = "wb_id"  # of the row in the database: unique, and later rows have greater ones

_RUN = "wb_run"  # the import that wrote the row, 0 for one that came alone; only counted

# canonical column: field of the model
_FIELDS: dict[str, dict[str, str]] = {
    "feedback": {
        "source": "source__name", "external_id": "external_id", "row_number": "row_number", "occurred_at": "occurred_at",
        "local_date": "local_date", "customer": "customer__external_id", "respondent": "respondent", "score": "score",
        "kind": "kind", "survey": "survey", "channel": "channel", "touchpoint": "touchpoint",
        "journey_stage": "journey_stage", "product": "product", "language": "language", "comment": "comment",
        "money": "money", "weight": "weight",
    },
    "customers": {
        "customer": "customer__external_id", "customer_name": "name", "since_date": "since_date",
        "acquired_by": "acquired_by", "parent": "parent__external_id", "owner_name": "owner_name",
        "renewal_date": "renewal_date", "revenue": "revenue", "margin": "margin",
    },
    "contacts": {
        "contact": "contact__external_id", "customer": "customer__external_id", "contact_name": "name",
        "contact_role": "role", "language": "language",
    },
    "customer_periods": {
        "customer": "customer__external_id", "month": "month", "revenue": "revenue", "cost": "cost",
        "discounts": "discounts", "margin": "margin",
    },
    "departures": {
        "customer": "customer__external_id", "departure_kind": "kind", "notice_date": "notice_date",
        "end_date": "end_date", "stated_reason": "stated_reason", "annual_value": "annual_value",
    },
    "invitations": {
        "invitation": "external_id", "customer": "customer__external_id", "contact": "contact", "survey": "survey",
        "channel": "channel", "sent_at": "sent_at", "delivered": "delivered", "bounced": "bounced",
        "answered_at": "answered_at", "reason_not_sent": "reason_not_sent",
    },
}  # fmt: skip
COUNTS = ("count_calls", "count_tickets", "count_visits", "count_returns", "count_credits")
_JSON = {"feedback": ("attributes",), "customers": ("attributes", "counts")}
_MODELS: dict[str, Any] = {
    "feedback": Feedback, "customers": CustomerProfile, "contacts": ContactProfile, "customer_periods": CustomerPeriod,
    "departures": Departure, "invitations": Invitation,
}  # fmt: skip
_DAY = {"feedback": "local_date", "customer_periods": "month"}


@dataclass(frozen=True)
class Item:
    """Rows to write: all of a file's key, or of these days of it, that come after a row already written."""

    table: str
    key: str
    first: str = ""  # ISO days, as this is kept between the chunks of a large refresh
    last: str = ""
    after: int = 0


def rows(workspace: Workspace, table: str, key: str = WHOLE) -> QuerySet[Any]:
    """The visible rows that the files of this key hold."""
    found: QuerySet[Any] = _MODELS[table].objects.visible(workspace).order_by()
    if table == "customers":
        found = found.filter(bare=False)  # a customer known from answers only has nothing to be said of it here
    if key == WHOLE:
        return found
    day, span = _DAY[table], days_of(key)
    if span is None or key == UNDATED:
        return found.filter(**{f"{day}__isnull": True})
    return found.filter(**{f"{day}__range": span})


def days(workspace: Workspace, table: str) -> list[dt.date | None]:
    """Every day some row of this table has, seen or not: more than is needed costs a query, less would lose rows."""
    model, day = _MODELS[table], _DAY[table]
    return list(model.objects.filter(workspace=workspace).order_by().values_list(day, flat=True).distinct())


def items(workspace: Workspace, table: str, key: str) -> list[Item]:
    """What is to be written of a key, in parts of some hundred thousand rows."""
    span = days_of(key)
    if table not in _DAY or span is None or span[0] == span[1] or table != "feedback":
        return [Item(table, key)]
    counted = dict(
        Feedback.objects.filter(workspace=workspace, local_date__range=span)
        .order_by()
        .values_list("local_date")
        .annotate(Count("id"))
    )
    return [Item(table, key, first.isoformat(), last.isoformat()) for first, last in spans(counted, PART)]


def write(workspace: Workspace, item: Item, place: Path) -> tuple[warehouse.File | None, Item | None]:
    """Write a file of these rows under a fresh name; None where there are none. And what is left to write of them."""
    import pyarrow.parquet as pq

    found = rows(workspace, item.table, item.key)
    if item.first:
        found = found.filter(local_date__range=(item.first, item.last))
    if item.first == item.last:  # else they are few, and need no order
        found = found.filter(id__gt=item.after).order_by("id")[:PART]
    pieces: list[_Piece] = []
    written = 0
    with _no_garbage():
        for piece in _pieces(found, item.table):
            pieces.append(piece)
            written += len(piece.columns)
    if not written:
        return None, None
    names = tuple(sorted({name for piece in pieces for name in piece.attributes}))
    name = warehouse.fresh_name(item.table, item.key)
    path = place / name
    path.parent.mkdir(parents=True, exist_ok=True)
    account = _Account()
    last = pieces[-1].last
    table = pa.concat_tables([_whole(piece, names) for piece in pieces])
    pieces.clear()
    account.add(table, item.table, names)
    if item.table == "feedback":
        table = table.drop_columns(_RUN)
    pq.write_table(table, path, compression="snappy", row_group_size=122_880)
    warehouse.sync(path)
    file = warehouse.File(item.table, item.key, name, account.rows, tuple(account.columns), names, account.stats)
    more = written == PART and item.first == item.last
    left = Item(item.table, item.key, item.first, item.last, last) if more else None
    return file, left


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Rows are tuples of texts and numbers, and refer to nothing: to look for circles among them takes a third of the time."""
    there = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if there:
            gc.enable()


@dataclass(frozen=True)
class _Piece:
    """Canonical columns of some rows, and their attributes as columns of text by name."""

    columns: pa.Table
    attributes: dict[str, pa.Array]
    last: int


def _whole(piece: _Piece, names: Sequence[str]) -> pa.Table:
    table = piece.columns
    for place, name in enumerate(names):
        given = piece.attributes.get(name)
        table = table.append_column(f"a{place}", pa.nulls(len(table), STRING) if given is None else given)
    return table


def _pieces(found: QuerySet[Any], table: str) -> Iterator[_Piece]:
    fields, further = _FIELDS[table], _JSON.get(table, ())
    types = {column.name: column.type for column in TABLES[table].columns}
    asked = found.values_list(
        F("id"),
        F("run_id"),
        *(_as_kept(field, types[name]) for name, field in fields.items()),
        *(F(name) for name in further),
    )
    sql, params = asked.query.sql_with_params()
    for batch in _fetched(sql, params):
        columns = list(zip(*batch, strict=True))
        ids = pa.array(columns[0], INTEGER)
        runs = pa.array(columns[1], INTEGER)
        arrays = {name: _typed(columns[place], types[name]) for place, name in enumerate(fields, start=2)}
        given = {name: spread(columns[len(fields) + 1 + place]) for place, name in enumerate(further, start=1)}
        if table == "feedback":
            # a row that came alone is told from others by its id, and stands with its like under one number
            runs = pc.if_else(pc.is_valid(arrays["row_number"]), runs, 0)
            arrays["row_number"] = pc.coalesce(arrays["row_number"], ids)
        for name in COUNTS if table == "customers" else ():
            told = given["counts"].get(name, given["counts"].get(name.removeprefix("count_")))
            arrays[name] = pa.nulls(len(batch), FLOAT) if told is None else told.cast(FLOAT)
        ordered = {name: arrays[name] for name in types if name in arrays}
        yield _Piece(
            pa.table({**ordered, **({ID: ids, _RUN: runs} if table == "feedback" else {})}),
            given.get("attributes", {}),
            batch[-1][0],
        )


def _as_kept(name: str, type_: pa.DataType) -> F | Cast:
    """A column; times of SQLite as the text they are kept as, which Arrow reads in a tenth of the time."""
    return Cast(name, TextField()) if type_ in (TIME, DATE) and connection.vendor == "sqlite" else F(name)


def _fetched(sql: str, params: Sequence[Any]) -> Iterator[list[tuple[Any, ...]]]:
    """The rows as the database's own driver gives them, some thousands at a time, never all at once."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while batch := cursor.fetchmany(PIECE):
            yield batch


def _typed(values: Sequence[Any], type_: pa.DataType) -> pa.Array:
    """A column of the database as Arrow; a blank text is none."""
    if type_ == STRING:
        return _none_if_blank(pa.array(values, STRING))
    if type_ == MONEY:
        return money(values)
    if type_ in (TIME, DATE) and connection.vendor == "sqlite":
        texts = pa.array(values, STRING)
        return texts.cast(DATE) if type_ == DATE else texts.cast(pa.timestamp("us")).cast(TIME)
    return pa.array(values, type_)


def money(values: Sequence[int | None]) -> pa.Array:
    """Whole ten-thousandths and decimals with four places are the same digits: only the type changes."""
    whole = pa.array(values, pa.int64()).cast(pa.decimal128(19, 0))
    return pa.Array.from_buffers(pa.decimal128(19, MONEY.scale), len(whole), whole.buffers(), whole.null_count).cast(
        MONEY
    )


def spread(values: Sequence[Any]) -> dict[str, pa.Array]:
    """JSON objects as columns of text, by name. Each different object is looked at once."""
    coded = pa.array([value if isinstance(value, str) else json.dumps(value) for value in values]).dictionary_encode()
    objects = [found or {} for found in json.loads(f"[{','.join(coded.dictionary.to_pylist())}]")]  # one call for all
    names = dict.fromkeys(chain.from_iterable(objects))
    return {name: _texts([found.get(name) for found in objects]).take(coded.indices) for name in names}


def _texts(values: list[Any]) -> pa.Array:
    try:
        texts = pa.array(values, STRING)
    except (pa.ArrowTypeError, pa.ArrowInvalid):  # numbers and flags among them
        return pa.array([_text(value) for value in values], STRING)
    return _none_if_blank(texts)


def _none_if_blank(texts: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, STRING), texts)


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain(value) if isinstance(value, float) else str(value)


@dataclass
class _Account:
    """What is told of a file beside its name: rows, filled columns, and answers by source and sort of survey."""

    rows: int = 0
    columns: dict[str, None] = field(default_factory=dict)
    stats: dict[str, Any] = field(default_factory=dict)

    def add(self, table: pa.Table, name: str, attributes: Sequence[str]) -> None:
        self.rows += len(table)
        self.columns |= {c: None for c in table.column_names if table.column(c).null_count < len(table)}
        if name != "feedback":
            return
        spelled = {f"a{place}": f"attribute {one}" for place, one in enumerate(attributes)}
        asked = [c for c in table.column_names if c not in ("source", ID, _RUN) and c in self.columns]
        for row in table.group_by("source").aggregate([(c, "count") for c in asked]).to_pylist():
            filled = {spelled.get(c, c): row[f"{c}_count"] for c in asked if row[f"{c}_count"]}
            self.stats[row["source"]] = {"answers": {}, "filled": filled, "runs": []}
        for row in table.group_by(["source", "survey"]).aggregate([("score", "count")]).to_pylist():
            self.stats[row["source"]]["answers"][row["survey"] or ""] = row["score_count"]
        for row in table.group_by(["source", _RUN]).aggregate([]).to_pylist():
            self.stats[row["source"]]["runs"].append(row[_RUN])


def numbered(place: Path, files: Sequence[warehouse.File]) -> dict[str, bool]:
    """For each source whether no two of its rows have the same row_number, so that it tells which of two is later."""
    runs: dict[str, set[int]] = {}
    for file in files:
        for source, told in file.stats.items():
            runs.setdefault(source, set()).update(told["runs"])
    found = {source: len(of) == 1 for source, of in runs.items()}
    if several := [source for source, one in found.items() if not one]:
        from winback.server.exports.engines import DuckDB

        engine = DuckDB()
        names = ", ".join(engine.literal(name) for name in several)
        found |= dict(
            engine.rows(
                f"SELECT source, count(*) = count(DISTINCT row_number) FROM {engine.parquet(place, files)} "
                f"WHERE source IN ({names}) GROUP BY 1"
            )
        )
    return found
