"""The engines that a user may hand in a frame of: each makes a native frame from an Arrow table.

Every engine is set to UTC, as winback's users are told to do, and knows all frames it made, so that they can be joined.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Make = Callable[[pa.Table, str], Any]


@dataclass(frozen=True)
class Backend:
    """An engine: `backend(table, "feedback")` gives its native frame of an Arrow table, `backend.name` its name."""

    name: str
    make: Make

    def __call__(self, table: pa.Table, name: str) -> Any:
        return self.make(table, name)


def duckdb() -> Make:
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    return lambda table, _: connection.from_arrow(table)


def polars() -> Make:
    eager = polars_eager()
    return lambda table, name: eager(table, name).lazy()


def polars_eager() -> Make:
    import polars

    return lambda table, _: polars.from_arrow(table)


def pandas() -> Make:
    """A pandas frame with Arrow's types, which keeps dates, decimals, and integers beside blanks."""
    import pandas

    return lambda table, _: table.to_pandas(types_mapper=pandas.ArrowDtype)


def pandas_plain() -> Make:
    """A pandas frame as most people hold it: dates and decimals are objects, integers beside blanks are floats."""
    return lambda table, _: table.to_pandas()


def pyarrow() -> Make:
    return lambda table, _: table


def ibis() -> Make:
    """Ibis over DuckDB: what it makes is SQL, as it would be for BigQuery or Snowflake.

    Ibis 12 reads and aggregates on DuckDB 2.0; its create_table does not work there, so tables are registered.
    """
    import duckdb
    import ibis

    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    backend = ibis.duckdb.from_connection(connection)
    numbers = itertools.count(1)

    def make(table: pa.Table, name: str) -> Any:
        own = f"{name}_{next(numbers)}"
        connection.register(own, table)
        return backend.table(own)

    return make


def spark(session: SparkSession, folder: Path) -> Make:
    """Spark over Parquet: two files a table, so that rows come in no order and from more than one task."""
    numbers = itertools.count(1)

    def make(table: pa.Table, name: str) -> Any:
        place = folder / f"{name}_{next(numbers)}"
        place.mkdir(parents=True)
        half = (table.num_rows + 1) // 2
        pq.write_table(table.slice(0, half), place / "1.parquet")
        pq.write_table(table.slice(half), place / "2.parquet")
        return session.read.parquet(str(place))

    return make


IN_PROCESS: dict[str, Callable[[], Make]] = {
    "duckdb": duckdb,
    "polars": polars,
    "polars_eager": polars_eager,
    "pandas": pandas,
    "pyarrow": pyarrow,
    "ibis": ibis,
}
