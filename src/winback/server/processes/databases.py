"""The database as one file, and back: SQLite's own online backup, or pg_dump and pg_restore."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

from winback.errors import UserError

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def engine() -> str:
    """Which database this installation uses: "sqlite" or "postgresql"."""
    from django.db import connection

    return str(connection.vendor)


def dump(to: Path) -> str:
    """Write all of the database, as it stands at one moment, into a file; returns the engine. Nobody has to wait."""
    if engine() == "sqlite":
        with contextlib.closing(_sqlite(_here())) as source, contextlib.closing(sqlite3.connect(to)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
    else:
        _postgres(
            "pg_dump",
            "--format=custom",
            "--compress=0",
            "--no-owner",
            "--no-privileges",
            "--exclude-schema=winback_before",
            "-f",
            str(to),
        )
    return engine()


def require_same(of: str, file: Path) -> None:
    """Raise UserError unless a dump of engine `of` can be loaded here and is whole."""
    if of != engine():
        raise UserError(
            f"This backup is of {NAMES.get(of, of)}, and this installation uses {NAMES[engine()]}. "
            "Restore it into one of its own kind (DATABASE_URL)."
        )
    if of == "sqlite":
        with contextlib.closing(_sqlite(file)) as source:
            try:
                told = source.execute("PRAGMA quick_check(1)").fetchone()[0]
            except sqlite3.DatabaseError as error:
                told = str(error)
        if told != "ok":
            raise UserError(f"The database in this backup is damaged: {told}.")
    else:
        _postgres("pg_restore", "--list", str(file), connect=False)


def load(file: Path) -> None:
    """Put a dump in the place of the database, in one transaction: it is all there, or nothing has changed."""
    from django.db import connection, connections

    if engine() == "sqlite":
        connections.close_all()
        with contextlib.closing(_sqlite(file)) as source, contextlib.closing(_sqlite(_here())) as target:
            source.backup(target)
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS winback_before CASCADE")
        cursor.execute("ALTER SCHEMA public RENAME TO winback_before")
        cursor.execute("CREATE SCHEMA public")
    try:
        words = ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
        _postgres("pg_restore", *words, "--dbname", "", str(file))
    except BaseException:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("ALTER SCHEMA winback_before RENAME TO public")
        raise
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA winback_before CASCADE")
    connections.close_all()


def _here() -> Path:
    from django.conf import settings

    return Path(settings.DATABASES["default"]["NAME"])


def _sqlite(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=60)


def _postgres(program: str, *words: str, connect: bool = True) -> None:
    """Run one of PostgreSQL's programs on our database; its first sentence is ours where it fails."""
    from django.conf import settings

    if shutil.which(program) is None:
        raise UserError(f"{program} is missing, which PostgreSQL's backups need: apt install postgresql-client.")
    there: dict[str, Any] = settings.DATABASES["default"]
    environ = dict(os.environ)
    if connect:
        environ |= {"PGHOST": there["HOST"], "PGPORT": there["PORT"], "PGUSER": there["USER"]}
        environ |= {"PGPASSWORD": there["PASSWORD"], "PGDATABASE": there["NAME"]}
        environ = {name: value for name, value in environ.items() if value}
    command = [program, *[there["NAME"] if word == "" else word for word in words]]
    ran = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if ran.returncode:
        told = next(iter(ran.stderr.strip().splitlines()), f"exit code {ran.returncode}")
        raise UserError(f"{told.strip()} ({program} ended, and nothing was changed).")
