"""The engines that open a workspace's Parquet as frames: DuckDB in this process, or a Spark cluster.

Both take the same SQL; they differ in how a name, a text and a list of files are written in it.
"""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from winback.connectors.csvfile import engine as duck
from winback.server.warehouse import File


class Engine(Protocol):
    """What opens files and answers queries lazily."""

    connection: Any
    text: str  # the type of a text

    def name(self, name: str) -> str: ...
    def literal(self, text: str) -> str: ...
    def parquet(self, place: Path, files: Sequence[File]) -> str: ...
    def frame(self, query: str) -> Any: ...
    def rows(self, query: str) -> list[tuple[Any, ...]]: ...


class DuckDB:
    """A cursor of its own on this process's DuckDB; its frames are relations."""

    text = "VARCHAR"

    def __init__(self) -> None:
        self.connection = _root().cursor()
        self.connection.execute("SET TimeZone = 'UTC'")

    def name(self, name: str) -> str:
        return duck.identifier(name)

    def literal(self, text: str) -> str:
        return duck.literal(text)

    def parquet(self, place: Path, files: Sequence[File]) -> str:
        return f"read_parquet([{', '.join(self.literal(str(place / file.name)) for file in files)}])"

    def frame(self, query: str) -> Any:
        return self.connection.sql(query)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self.connection.execute(query).fetchall()
        return found


_lock = threading.Lock()
_roots: dict[int, Any] = {}


def _root() -> Any:
    """The DuckDB of this process: a forked child must not go on with its parent's."""
    with _lock:
        root = _roots.get(os.getpid())
        if root is None:
            root = _roots[os.getpid()] = duck.connect()
            # files never change under their name, so what is known of them stays true
            root.execute("SET parquet_metadata_cache = true")
        return root


class Spark:
    """The session of this process on a cluster; its frames are Spark's. The files lie on storage that all can read."""

    text = "STRING"

    def __init__(self, url: str) -> None:
        self.connection = session(url)

    def name(self, name: str) -> str:
        return "`" + name.replace("`", "``") + "`"

    def literal(self, text: str) -> str:
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def parquet(self, place: Path, files: Sequence[File]) -> str:
        view = f"winback_{secrets.token_hex(8)}"
        self.connection.read.parquet(*(str(place / file.name) for file in files)).createOrReplaceTempView(view)
        return view

    def frame(self, query: str) -> Any:
        return self.connection.sql(query)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.connection.sql(query).collect()]


def session(url: str) -> Any:
    """The Spark session of this process; further settings come from Spark's own spark-defaults.conf."""
    from pyspark.sql import SparkSession

    active = SparkSession.getActiveSession()
    if active is not None:
        return active
    builder: Any = SparkSession.builder
    for key, value in {
        "spark.app.name": "winback",
        "spark.sql.session.timeZone": "UTC",
        "spark.ui.showConsoleProgress": "false",
    }.items():
        builder = builder.config(key, value)
    return builder.master(url).getOrCreate()


def engine(url: str) -> Engine:
    """DuckDB, or Spark where WAREHOUSE_URL names a cluster."""
    return Spark(url) if url else DuckDB()
