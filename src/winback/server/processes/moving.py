"""`winback move`: an installation on SQLite goes on on PostgreSQL.

Every table is copied as it stands at one moment, by COPY, in one transaction of the target: it is all there, or nothing is.
The SQLite file stays as it was. Uploads, Parquet files, secret key and journal lie in the home folder and stay there.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from winback.errors import UserError
from winback.server import environment
from winback.server.processes import databases, lock
from winback.server.processes.ready import is_new, steps_missing
from winback.server.start import django_ready

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

TARGET = "target"
OWN = "django_migrations"  # what each database knows of itself
AT_ONCE = 10_000


@dataclass(frozen=True)
class Moved:
    """What was copied; `mended`: texts that held a null character, which PostgreSQL does not take."""

    tables: int
    rows: int
    mended: int


def move(*, to: str, say: Callable[[str], None]) -> Moved:
    """Copy this installation's SQLite database into an empty one of PostgreSQL, at an address like DATABASE_URL's.

    Raises UserError while winback runs, where this is no SQLite, the target is not empty or out of reach, or a row does
    not fit; then nothing is left in the target.
    """
    django_ready()
    from django.conf import settings

    with lock.hold(settings.HOME, "web"), lock.hold(settings.HOME, "workers"):  # what they wrote now would be lost
        return _moved(to, say)


def _moved(to: str, say: Callable[[str], None]) -> Moved:
    if databases.engine() != "sqlite":
        raise UserError("This installation is on PostgreSQL already: winback move goes from SQLite to PostgreSQL.")
    if is_new():
        raise UserError("There is no winback here yet, so nothing can be moved. Run `winback init` on PostgreSQL.")
    if steps_missing():
        raise UserError("The database is older than this winback. Run `winback upgrade`, then move it.")
    target = _connected(to)
    import psycopg  # COPY passes Django by
    from django.db import Error

    try:
        _make_tables(target)
        moved = _copy(target, say)
    except (Error, psycopg.Error) as error:
        _leave_nothing(target)
        told = next(iter(str(error).strip().splitlines()), type(error).__name__)
        raise UserError(f"PostgreSQL does not take it: {told}. Nothing was left there, and nothing has changed here.") from None  # fmt: skip
    except BaseException:
        _leave_nothing(target)
        raise
    finally:
        target.close()
    return moved


def _connected(to: str) -> BaseDatabaseWrapper:
    """The target, which answers and is empty."""
    from django.conf import settings
    from django.db import Error, connections

    wrong = "The target should be an address like postgres://user:password@host:5432/name."
    try:
        if not to.startswith(("postgres://", "postgresql://")):
            raise ValueError
        there = environment.database(to, settings.HOME, durability=settings.DURABILITY)
    except ValueError:
        raise UserError(wrong) from None
    if not there["NAME"]:
        raise UserError(wrong)
    connections.settings[TARGET] = {**connections.settings["default"], "OPTIONS": {}, **there}
    target = connections[TARGET]
    try:
        with target.cursor() as cursor:
            found = sorted(target.introspection.table_names(cursor))
    except Error as error:
        told = next(iter(str(error).strip().splitlines()), type(error).__name__)
        raise UserError(f"The database there does not answer: {told}.") from None
    if found:
        raise UserError(
            f"The database there is not empty ({found[0]}{' …' if len(found) > 1 else ''}). Make a new one: createdb --owner …"
        )
    return target


def _make_tables(target: BaseDatabaseWrapper) -> None:
    """The tables of this winback, with nothing in them."""
    from django.core.management import call_command

    call_command("migrate", database=TARGET, verbosity=0, interactive=False)
    call_command("createcachetable", database=TARGET, verbosity=0)
    tables = [name for name in target.introspection.table_names() if name != OWN]
    with target.cursor() as cursor:
        # what making the tables has written: the rows that belong there come with the others
        cursor.execute(f"TRUNCATE {', '.join(map(target.ops.quote_name, tables))}")


def _copy(target: BaseDatabaseWrapper, say: Callable[[str], None]) -> Moved:
    from django.apps import apps
    from django.conf import settings
    from django.core.management.color import no_style
    from django.db import transaction

    there = set(target.introspection.table_names()) - {OWN, "winback_cache"}
    tables = rows = mended = 0
    with _one_moment(settings.DATABASES["default"]["NAME"]) as source, transaction.atomic(using=TARGET):
        asked = (
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1"
        )
        here = [name for (name,) in source.execute(asked) if name not in (OWN, "winback_cache")]
        if odd := sorted(set(here) ^ there):
            raise UserError(
                f"The two databases do not have the same tables ({odd[0]}); they are of different versions."
            )
        with target.cursor() as cursor:
            cursor.execute("SET LOCAL TIME ZONE 'UTC'")  # in which SQLite's times are written
            for table in here:
                copied, blanked = _table(source, cursor, table, target.ops.quote_name)
                tables, rows, mended = tables + 1, rows + copied, mended + blanked
                if copied:
                    say(f"{table.removeprefix('winback_')}: {copied:,} rows")
            for statement in target.ops.sequence_reset_sql(no_style(), apps.get_models(include_auto_created=True)):
                cursor.execute(statement)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # that every reference leads somewhere
    with target.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Moved(tables, rows, mended)


@contextlib.contextmanager
def _one_moment(path: str) -> Iterator[sqlite3.Connection]:
    """The SQLite file as it stands now, whoever writes meanwhile; read only."""
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=60)) as source:
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        yield source


def _table(source: sqlite3.Connection, cursor: Any, table: str, quoted: Callable[[str], str]) -> tuple[int, int]:
    """Copy one table; how many rows, and how many texts were mended. Raises UserError where the counts differ."""
    columns = [row[1] for row in source.execute(f"PRAGMA table_info({quoted(table)})")]
    names = ", ".join(map(quoted, columns))
    found = source.execute(f"SELECT {names} FROM {quoted(table)}")  # noqa: S608 (names of our own)
    copied = mended = 0
    with cursor.copy(f"COPY {quoted(table)} ({names}) FROM STDIN") as copy:
        while rows := found.fetchmany(AT_ONCE):
            for row in rows:
                values, blanked = _taken(row)
                copy.write_row(values)
                mended += blanked
            copied += len(rows)
    cursor.execute(f"SELECT count(*) FROM {quoted(table)}")  # noqa: S608
    (arrived,) = cursor.fetchone()
    if arrived != copied:
        raise UserError(f"Of {copied:,} rows of {table} {arrived:,} arrived. Nothing was left there.")
    return copied, mended


def _taken(row: Sequence[Any]) -> tuple[list[Any], int]:
    """A row as COPY takes it: PostgreSQL has no null character in texts, nor in texts of JSON."""
    values, mended = list(row), 0
    for place, value in enumerate(values):
        if isinstance(value, str) and ("\x00" in value or "\\u0000" in value):
            clean = _without_null(value)
            mended += clean != value
            values[place] = clean
    return values, mended


def _without_null(text: str) -> str:
    if "\\u0000" in text and text[:1] in '{["':
        with contextlib.suppress(ValueError):
            return json.dumps(_mended(json.loads(text)), ensure_ascii=False)
    return text.replace("\x00", "\ufffd")


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd")
    if isinstance(value, dict):
        return {_mended(key): _mended(one) for key, one in value.items()}
    return [_mended(one) for one in value] if isinstance(value, list) else value


def _leave_nothing(target: BaseDatabaseWrapper) -> None:
    """Take the tables away again; there were none before."""
    with contextlib.suppress(Exception):
        target.close()
        with target.cursor() as cursor:
            if tables := target.introspection.table_names(cursor):
                cursor.execute(f"DROP TABLE {', '.join(map(target.ops.quote_name, tables))} CASCADE")
