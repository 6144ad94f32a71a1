"""Many rows into one table at the speed of the database's own driver, on SQLite and on PostgreSQL.

Values are given as the database stores them: times as text in UTC, days as text, money as whole numbers, JSON as text.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from django.db import OperationalError, connection, models

TARGET, MOST, FEWEST = 0.1, 20_000, 50  # seconds a transaction should take, rows it may have at most and at least
PIECES_A_CHECKPOINT = 10


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
    table = model._meta.db_table
    names = [*constants, *columns]
    listed = ", ".join(_quoted(name) for name in names)
    fixed = tuple(constants.values())
    if connection.vendor == "sqlite":
        marks = ", ".join([*(_literal(value) for value in fixed), *["?"] * len(columns)])
        sql = f"INSERT INTO {_quoted(table)} ({listed}) VALUES ({marks}){_over(names, replacing)}"
        connection.ensure_connection()
        connection.connection.executemany(sql, rows)
        return
    with connection.cursor() as cursor:
        if replacing:
            marks = ", ".join(["%s"] * len(names))
            sql = f"INSERT INTO {_quoted(table)} ({listed}) VALUES ({marks}){_over(names, replacing)}"
            cursor.executemany(sql, [fixed + row for row in rows])
            return
        with cursor.copy(f"COPY {_quoted(table)} ({listed}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(fixed + row)


def insert_names(model: type[models.Model], workspace_id: int, names: Sequence[str], now: str) -> None:
    """Identities (customers, contacts) by external id; those that are there stay as they are."""
    rows = [(workspace_id, name, now) for name in names]
    table = _quoted(model._meta.db_table)
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        connection.connection.executemany(
            f"INSERT INTO {table} (workspace_id, external_id, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            rows,
        )
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (workspace_id, external_id, created_at) "
            "SELECT %s, name, %s::timestamptz FROM unnest(%s::text[]) AS name ON CONFLICT DO NOTHING",
            [workspace_id, f"{now}+00", list(names)],
        )


def named(table: str, columns: str, column: str, names: Sequence[str], where: str, given: Sequence[Any]) -> list[Any]:
    """Rows of a table whose text `column` is one of these names, and `where` holds; a single parameter for all names.

    `table`, `columns` and `where` are SQL of our own; `given` are the parameters of `where`.
    """
    among = "SELECT value FROM json_each(%s)" if connection.vendor == "sqlite" else "SELECT unnest(%s::text[])"
    asked: Any = json.dumps(names) if connection.vendor == "sqlite" else list(names)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table} WHERE {column} IN ({among}) AND {where}", [asked, *given])
        return list(cursor.fetchall())


def numbered(table: str, columns: str, column: str, ids: Sequence[int], where: str, given: Sequence[Any]) -> list[Any]:
    """The same for ids."""
    among = "SELECT value FROM json_each(%s)" if connection.vendor == "sqlite" else "SELECT unnest(%s::bigint[])"
    asked: Any = json.dumps(ids) if connection.vendor == "sqlite" else list(ids)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table} WHERE {column} IN ({among}) AND {where}", [asked, *given])
        return list(cursor.fetchall())


@contextmanager
def own_checkpoints() -> Iterator[Callable[[], None]]:
    """Gives a function to call between transactions, which moves what was written into the database file.

    SQLite does so by itself in the middle of a commit, every thousand pages; pages of indexes that each piece touches
    would be moved again and again. Called between transactions it keeps no writer waiting.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield lambda: None
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_autocheckpoint = 0")
    calls = itertools.count(1)

    def checkpoint() -> None:
        if next(calls) % PIECES_A_CHECKPOINT == 0:
            move()

    def move() -> None:
        # another process may be at it just now: then it moves these pages too
        with suppress(OperationalError), connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")

    try:
        yield checkpoint
    finally:
        move()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_autocheckpoint = 1000")


def supersede(model: type[models.Model], ids: Sequence[int], run_id: int) -> None:
    """Say which run replaces these versions."""
    for start in range(0, len(ids), 5_000):
        model._default_manager.filter(pk__in=ids[start : start + 5_000]).update(superseded_by=run_id)


def next_size(size: int, seconds: float) -> int:
    """How many rows the next transaction should have, where one of `size` took so many seconds."""
    factor = TARGET / max(seconds, 0.001)
    return int(min(max(size * min(max(factor, 0.4), 1.4), FEWEST), MOST))


def _over(names: Sequence[str], key: Sequence[str]) -> str:
    if not key:
        return ""
    sets = ", ".join(f"{_quoted(name)} = excluded.{_quoted(name)}" for name in names if name not in key)
    return f" ON CONFLICT ({', '.join(_quoted(name) for name in key)}) DO UPDATE SET {sets}"


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _literal(value: Any) -> str:
    """A constant of our own (ids, times, flags) in SQLite's SQL."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int):
        return str(value)
    text = str(value).replace("'", "''")
    return f"'{text}'"
