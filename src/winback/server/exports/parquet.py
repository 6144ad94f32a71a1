"""Rows of the database as typed Arrow, a piece at a time, into Parquet files of canonical tables.

Rows are read as the database hands them over, without making objects of them, and turned by column: a million answers
in bounded memory, at the rate the database reads.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from django.db.models import F, QuerySet

from winback.server import warehouse
from winback.server.customers.models import ContactProfile, CustomerPeriod, CustomerProfile, Departure
from winback.server.exports.rules import UNDATED, WHOLE, days_of
from winback.server.feedback.models import Feedback
from winback.server.workspaces.models import Workspace
from winback.tables import DATE, FLOAT, INTEGER, MONEY, STRING, TABLES, TIME

PIECE = 20_000
ID = "wb_id"  # of the row in the database: unique, and later rows have greater ones

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
}  # fmt: skip
COUNTS = ("count_calls", "count_tickets", "count_visits", "count_returns", "count_credits")
_MODELS: dict[str, Any] = {
    "feedback": Feedback, "customers": CustomerProfile, "contacts": ContactProfile, "customer_periods": CustomerPeriod,
    "departures": Departure,
}  # fmt: skip


def rows(workspace: Workspace, table: str, key: str) -> QuerySet[Any]:
    """The visible rows that a file of this key holds."""
    found: QuerySet[Any] = _MODELS[table].objects.visible(workspace)
    if table == "customers":
        found = found.filter(bare=False)  # a customer known from answers only has nothing to be said of it here
    if key == WHOLE:
        return found
    day = "month" if table == "customer_periods" else "local_date"
    span = days_of(key)
    return found.filter(**({f"{day}__isnull": True} if span is None or key == UNDATED else {f"{day}__range": span}))


def write(workspace: Workspace, table: str, key: str, place: Path) -> warehouse.File | None:
    """Write the file of this key under a fresh name; None, and no file, where there are no rows."""
    import pyarrow.parquet as pq

    pieces = _pieces(rows(workspace, table, key), table)
    first = next(pieces, None)
    if first is None:
        return None
    name = warehouse.fresh_name(table, key)
    path = place / name
    path.parent.mkdir(parents=True, exist_ok=True)
    account = _Account()
    # Which attributes there are is known when all rows are read; a file of one piece, most days, needs no second look.
    second = next(pieces, None)
    names = first[1] if second is None else attribute_names(workspace, table, key)
    writer: pq.ParquetWriter | None = None
    try:
        for base, given, columns in _chain(first, second, pieces):
            piece = _with_attributes(base, given, columns, names)
            account.add(piece, table, names)
            writer = writer or pq.ParquetWriter(path, piece.schema, compression="snappy")
            writer.write_table(piece)
    finally:
        if writer is not None:
            writer.close()
    warehouse.sync(path)
    return warehouse.File(
        table, key, name, account.rows, tuple(account.columns), names if table in ("feedback", "customers") else (),
        account.stats,
    )  # fmt: skip


_Piece = tuple[pa.Table, tuple[str, ...], dict[str, pa.Array]]


def _chain(first: _Piece, second: _Piece | None, others: Iterator[_Piece]) -> Iterator[_Piece]:
    yield first
    if second is not None:
        yield second
    yield from others


def attribute_names(workspace: Workspace, table: str, key: str) -> tuple[str, ...]:
    """Every attribute some of these rows have."""
    if table not in ("feedback", "customers"):
        return ()
    seen: dict[str, None] = {}
    known: set[Any] = set()
    sql, params = rows(workspace, table, key).values_list("attributes").distinct().query.sql_with_params()
    for batch in _fetched(sql, params):
        for (text,) in batch:
            if text not in known:
                if len(known) < 1_000_000:
                    known.add(text)
                seen.update(dict.fromkeys(_parsed(text)))
    return tuple(sorted(seen))


def _pieces(found: QuerySet[Any], table: str) -> Iterator[_Piece]:
    """Canonical columns as Arrow, names of the attributes met, and the attributes as columns."""
    fields = _FIELDS[table]
    further = {"feedback": ("attributes",), "customers": ("attributes", "counts")}.get(table, ())
    asked = found.values_list(F("id"), *(F(field) for field in fields.values()), *(F(name) for name in further))
    sql, params = asked.query.sql_with_params()
    types = {column.name: column.type for column in TABLES[table].columns}
    for batch in _fetched(sql, params):
        columns = list(zip(*batch, strict=True))
        ids = pa.array(columns[0], INTEGER)
        arrays: dict[str, pa.Array] = {}
        for place, name in enumerate(fields, start=1):
            arrays[name] = _typed(columns[place], types[name])
        if table == "feedback":
            arrays["row_number"] = pc.coalesce(arrays["row_number"], ids)
        attributes: dict[str, pa.Array] = {}
        if further:
            attributes = _spread(columns[len(fields) + 1])
        if table == "customers":
            counts = _spread(columns[len(fields) + 2])
            for name in COUNTS:
                told = counts.get(name, counts.get(name.removeprefix("count_")))
                arrays[name] = told.cast(FLOAT) if told is not None else pa.nulls(len(batch), FLOAT)
        names = [column.name for column in TABLES[table].columns if column.name in arrays]
        piece = pa.table({name: arrays[name] for name in names} | ({ID: ids} if table == "feedback" else {}))
        yield piece, tuple(sorted(attributes)), attributes


def _fetched(sql: str, params: Sequence[Any]) -> Iterator[list[tuple[Any, ...]]]:
    """The rows as the database's own driver gives them, some thousands at a time, never all at once."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while batch := cursor.fetchmany(PIECE):
            yield batch


def _typed(values: Sequence[Any], type_: pa.DataType) -> pa.Array:
    """A column of the database as Arrow; a blank text is none."""
    if type_ == STRING:
        texts = pa.array(values, STRING)
        return pc.if_else(pc.equal(texts, ""), pa.scalar(None, STRING), texts)
    if type_ == MONEY:
        return ten_thousandths(values)
    first = next((value for value in values if value is not None), None)
    if type_ in (TIME, DATE) and isinstance(first, str):  # SQLite keeps them as text
        if type_ == DATE:
            return pa.array(values, STRING).cast(DATE)
        return pa.array(values, STRING).cast(pa.timestamp("us")).cast(TIME)
    return pa.array(values, type_)


def ten_thousandths(values: Sequence[int | None]) -> pa.Array:
    """Whole ten-thousandths and decimals with four places are the same digits: only the type changes."""
    whole = pa.array(values, pa.int64()).cast(pa.decimal128(19, 0))
    return pa.Array.from_buffers(pa.decimal128(19, MONEY.scale), len(whole), whole.buffers(), whole.null_count).cast(
        MONEY
    )


def _parsed(text: Any) -> dict[str, Any]:
    found = json.loads(text) if isinstance(text, str | bytes) else text
    return found if isinstance(found, dict) else {}


def _spread(values: Sequence[Any]) -> dict[str, pa.Array]:
    """JSON objects as columns of text, by name. Each different object is looked at once."""
    coded = pa.array([value if isinstance(value, str) else json.dumps(value) for value in values]).dictionary_encode()
    objects = [_parsed(text) for text in coded.dictionary.to_pylist()]
    names = dict.fromkeys(name for found in objects for name in found)
    return {name: pa.array([_text(found.get(name)) for found in objects], STRING).take(coded.indices) for name in names}


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)


def _with_attributes(
    base: pa.Table, given: tuple[str, ...], columns: dict[str, pa.Array], names: tuple[str, ...]
) -> pa.Table:
    for place, name in enumerate(names):
        base = base.append_column(f"a{place}", columns[name] if name in columns else pa.nulls(len(base), STRING))
    return base


class _Account:
    """What is told of a file beside its name: rows, filled columns, and answers by source and sort of survey."""

    def __init__(self) -> None:
        self.rows = 0
        self.columns: dict[str, None] = {}
        self.stats: dict[str, Any] = {}

    def add(self, piece: pa.Table, table: str, names: tuple[str, ...]) -> None:
        self.rows += len(piece)
        for name in piece.column_names:
            if piece.column(name).null_count < len(piece):
                self.columns.setdefault(name)
        if table != "feedback":
            return
        spelled = {f"a{place}": name for place, name in enumerate(names)}
        asked = [name for name in piece.column_names if name not in ("source", ID)]
        by_source = piece.group_by("source").aggregate([(name, "count") for name in asked])
        for row in by_source.to_pylist():
            of = self.stats.setdefault(row["source"], {"rows": 0, "answers": {}, "filled": {}})
            for name in asked:
                if row[f"{name}_count"]:
                    shown = f"attribute {spelled[name]}" if name in spelled else name
                    of["filled"][shown] = of["filled"].get(shown, 0) + row[f"{name}_count"]
        by_survey = piece.group_by(["source", "survey"]).aggregate([("score", "count"), ("source", "count")])
        for row in by_survey.to_pylist():
            of = self.stats[row["source"]]
            of["rows"] += row["source_count"]
            survey = row["survey"] or ""
            of["answers"][survey] = of["answers"].get(survey, 0) + row["score_count"]


def numbered(place: Path, files: Sequence[warehouse.File]) -> dict[str, bool]:
    """For each source whether no two of its rows have the same row_number, so that it can tell which is later."""
    if not files:
        return {}
    from winback.server.exports.engines import DuckDB

    engine = DuckDB()
    found = engine.rows(
        f"SELECT source, count(*) = count(DISTINCT row_number) FROM {engine.parquet(place, files)} GROUP BY 1"
    )
    return dict(found)
