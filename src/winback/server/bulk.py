"""Many rows into one table at the speed of the database's own driver, on SQLite and on PostgreSQL.

Values are given as the database stores them: times as text in UTC, days as text, money as whole numbers, JSON as text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection, models


def stored_time(moment: dt.datetime) -> str:
    """A time as text, as both databases take it."""
    return str(moment.astimezone(dt.UTC).replace(tzinfo=None))


def insert(
    model: type[models.Model],
    constants: Mapping[str, Any],
    columns: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
    *,
    replacing: Sequence[str] = (),
) -> None:
    """Insert rows of `columns` (names in the database), each with the same `constants`.

    `replacing` names a unique key: a row that is there already under it is written over.
    """
    names = (*constants, *columns)
    fixed = tuple(constants.values())
    table = model._meta.db_table
    sql = _upsert(table, names, tuple(replacing), "?" if connection.vendor == "sqlite" else "%s")
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        connection.connection.executemany(sql, [fixed + row for row in rows])
        return
    with connection.cursor() as cursor:
        if replacing:
            cursor.executemany(sql, [fixed + row for row in rows])
            return
        listed = ", ".join(_quoted(name) for name in names)
        with cursor.copy(f"COPY {_quoted(table)} ({listed}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(fixed + row)


@cache
def _upsert(table: str, names: tuple[str, ...], key: tuple[str, ...], mark: str) -> str:
    listed, marks = ", ".join(_quoted(name) for name in names), ", ".join([mark] * len(names))
    sql = f"INSERT INTO {_quoted(table)} ({listed}) VALUES ({marks})"  # noqa: S608 (names of our own)
    if not key:
        return sql
    sets = ", ".join(f"{_quoted(name)} = excluded.{_quoted(name)}" for name in names if name not in key)
    return f"{sql} ON CONFLICT ({', '.join(_quoted(name) for name in key)}) DO UPDATE SET {sets}"


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
