"""The door to the database: `atomic`, and money as whole numbers.

SQLite takes one writer at a time. Threads of one process that queue for it by retrying starve each other (p90 186 ms
measured), so they queue on a lock of our own (31 ms) and meet the database's own lock only against other processes.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection, models, transaction

if TYPE_CHECKING:
    _Integer = models.BigIntegerField[Any, Any]
else:
    _Integer = models.BigIntegerField

_writing = threading.RLock()
_inside = threading.local()
PLACES = 10_000


@contextmanager
def atomic() -> Iterator[None]:
    """A transaction; every action runs in one. An action inside an action joins it: both happen, or neither."""
    depth = getattr(_inside, "depth", 0)
    inner = transaction.atomic(savepoint=depth == 0)
    _inside.depth = depth + 1
    try:
        if connection.vendor == "sqlite":
            with _writing, inner:
                yield
        else:
            with inner:
                yield
    finally:
        _inside.depth = depth


Question = tuple[str, Sequence[Any]]  # SQL and its parameters


def answers(*questions: Question) -> list[list[tuple[Any, ...]]]:
    """The rows that each question (SQL, parameters) finds. PostgreSQL is asked once for all: a way there and back costs
    as much as a quick question.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            return [cursor.execute(sql, given).fetchall() for sql, given in questions]
        cursor.execute("; ".join(sql for sql, _ in questions), [value for _, given in questions for value in given])
        found = [cursor.fetchall()]
        while cursor.nextset():
            found.append(cursor.fetchall())
        return found


class MoneyField(_Integer):
    """Money as Decimal with four places, stored as whole ten-thousandths: sums are exact on every database."""

    description = "money with four places"
    if TYPE_CHECKING:
        _pyi_private_set_type: Decimal | int | str  # type: ignore[assignment]
        _pyi_private_get_type: Decimal  # type: ignore[assignment]

    def from_db_value(self, value: int | None, *_: Any) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-4)

    def to_python(self, value: Any) -> Decimal | None:
        return None if value is None or value == "" else Decimal(str(value))

    def get_prep_value(self, value: Any) -> int | None:
        return None if value is None else ten_thousandths(value)


def ten_thousandths(value: Any) -> int:
    """Money as a whole number of ten-thousandths. Raises ValueError where it has more than four places."""
    scaled = Decimal(str(value)).scaleb(4)
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{value} has more than four places")
    return int(scaled)


def as_date(value: Any) -> dt.date | None:
    """A day as a cursor gives it: SQLite hands out text, PostgreSQL a date."""
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def gather_statistics() -> None:
    """Tell the database how its tables are filled; without that it may search a million rows for one customer's.

    SQLite takes a sample of 1,000 entries an index: hundredths of a second. PostgreSQL gathers by itself, but only within
    a minute, and what follows an import does not wait so long.
    """
    if connection.vendor != "sqlite":
        tables = [model._meta.db_table for model in apps.get_app_config("winback").get_models()]
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE " + ", ".join(connection.ops.quote_name(table) for table in tables))
        return
    with atomic(), connection.cursor() as cursor:
        cursor.execute("PRAGMA analysis_limit = 1000")
        cursor.execute("ANALYZE")
