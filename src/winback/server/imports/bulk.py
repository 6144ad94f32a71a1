"""What staging many rows needs of the database beside server/bulk.py: names, look-ups, checkpoints, pieces."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from django.db import OperationalError, connection, models

TARGET, MOST, FEWEST = 0.09, 20_000, 50  # seconds a transaction should take, rows it may have at most and at least
PIECES_A_CHECKPOINT = 10


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


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
