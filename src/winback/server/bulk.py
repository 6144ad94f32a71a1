"""Many rows into one table at the speed of the database's own driver, on SQLite and on PostgreSQL.

Values are given as the database stores them: times as text in UTC, days as text, money as whole numbers, JSON as text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection, models

FEW = 20  # rows that one statement takes quicker than COPY, which asks the server three times


def stored_time(moment: dt.datetime) -> str:
    """A time as text, as both databases take it."""
    return str(moment.astimezone(dt.UTC).replace(tzinfo=None))


@dataclass(frozen=True)
class Insert:
    """Rows of `columns` (names in the database) for a table, each with the same `constants`.

    `replacing` names a unique key: a row that is there already under it is written over. No two of the rows may have
    the same key.
    """

    model: type[models.Model]
    constants: Mapping[str, Any]
    columns: Sequence[str]
    rows: Sequence[tuple[Any, ...]]
    replacing: Sequence[str] = ()


def insert(
    model: type[models.Model],
    constants: Mapping[str, Any],
    columns: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
    *,
    replacing: Sequence[str] = (),
) -> None:
    """Insert rows, as Insert describes them."""
    insert_all(Insert(model, constants, columns, rows if isinstance(rows, Sequence) else list(rows), replacing))


def insert_all(*inserts: Insert) -> None:
    """Insert rows into several tables, in this order. PostgreSQL takes a few rows in one go, and many by COPY."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        for one in inserts:
            connection.connection.executemany(_statement(one, "?", 1), _rows(one))
        return
    with connection.cursor() as cursor:
        if sum(len(one.rows) for one in inserts) <= FEW:
            given = [one for one in inserts if one.rows]
            if given:
                sql = "; ".join(_statement(one, "%s", len(one.rows)) for one in given)
                cursor.execute(sql, [value for one in given for row in _rows(one) for value in row])
            return
        for one in inserts:
            _copy(cursor, one)


def _rows(one: Insert) -> Iterator[tuple[Any, ...]]:
    fixed = tuple(one.constants.values())
    return (fixed + row for row in one.rows)


def _statement(one: Insert, mark: str, rows: int) -> str:
    return _sql(one.model._meta.db_table, (*one.constants, *one.columns), tuple(one.replacing), mark, rows)


@cache
def _sql(table: str, names: tuple[str, ...], key: tuple[str, ...], mark: str, rows: int) -> str:
    marks = ", ".join([f"({', '.join([mark] * len(names))})"] * rows)
    return f"INSERT INTO {_quoted(table)} ({_listed(names)}) VALUES {marks}{_over(names, key)}"  # noqa: S608 (names of our own)


def _over(names: tuple[str, ...], key: tuple[str, ...]) -> str:
    """What is to be done with rows that are there under the key: blank where there is none."""
    if not key:
        return ""
    sets = ", ".join(f"{_quoted(name)} = excluded.{_quoted(name)}" for name in names if name not in key)
    return f" ON CONFLICT ({_listed(key)}) DO UPDATE SET {sets}"


def _copy(cursor: Any, one: Insert) -> None:
    """PostgreSQL's own way for many rows; by way of a table of the transaction where some may be there already."""
    table, names = one.model._meta.db_table, (*one.constants, *one.columns)
    listed, goal = _listed(names), _quoted("incoming" if one.replacing else table)
    if one.replacing:
        like = f"SELECT {listed} FROM {_quoted(table)} WITH NO DATA"  # noqa: S608
        cursor.execute(f"CREATE TEMP TABLE {goal} ON COMMIT DROP AS {like}")
    with cursor.copy(f"COPY {goal} ({listed}) FROM STDIN") as copy:
        for row in _rows(one):
            copy.write_row(row)
    if one.replacing:
        given = f"SELECT {listed} FROM {goal}"  # noqa: S608
        cursor.execute(f"INSERT INTO {_quoted(table)} ({listed}) {given}{_over(names, tuple(one.replacing))}")
        cursor.execute(f"DROP TABLE {goal}")  # there may be a second one in the transaction


def _listed(names: Iterable[str]) -> str:
    return ", ".join(_quoted(name) for name in names)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
