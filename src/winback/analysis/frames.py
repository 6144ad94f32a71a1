"""Any frame becomes a lazy one with an order: what is lazy stays on its engine, what lies in memory goes to DuckDB.

pandas and Arrow tables in memory are read by DuckDB where they lie: it aggregates them with less work than their own
libraries, and it can do windows, which Arrow cannot. Polars frames stay with Polars. A frame in memory has an order
of rows, which is kept as `row_number`, the last word among ties; a lazy frame has none unless it has that column.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa

ROW = "row_number"


def names_of(native: Any) -> list[str]:
    """The columns that `lazy_frame` can give of this frame."""
    frame = nw.from_native(native)
    names = list(frame.collect_schema().names())
    return names if isinstance(frame, nw.LazyFrame) or ROW in names else [*names, ROW]


def numbers_rows(native: Any) -> bool:
    """Whether `lazy_frame` numbers the rows of this frame itself."""
    frame = nw.from_native(native)
    return not isinstance(frame, nw.LazyFrame) and ROW not in frame.columns


def lazy_table(native: Any) -> nw.LazyFrame[Any]:
    """All columns of a frame of any kind, lazily."""
    return lazy_frame(native, [name for name in names_of(native) if name != ROW])


def lazy_frame(native: Any, needed: Sequence[str]) -> nw.LazyFrame[Any]:
    """The needed columns of a frame of any kind, lazily. Raises TypeError for what is no frame."""
    frame = nw.from_native(native)
    needed = list(dict.fromkeys(needed))
    if isinstance(frame, nw.LazyFrame):
        lazy: nw.LazyFrame[Any] = frame.select(needed)
        return lazy
    if frame.implementation.is_polars():
        if ROW in needed and ROW not in frame.columns:
            frame = frame.with_row_index(ROW)
        of_polars: nw.LazyFrame[Any] = frame.select(needed).lazy()
        return of_polars
    columns = {name: _arrow(frame.get_column(name)) for name in needed if name != ROW or ROW in frame.columns}
    if ROW in needed and ROW not in columns:
        columns[ROW] = pa.array(np.arange(len(frame)))
    of_duckdb: nw.LazyFrame[Any] = nw.from_native(_duckdb().from_arrow(pa.table(columns)))
    return of_duckdb


def last_of_each(rows: nw.LazyFrame[Any], of: str, order: Sequence[str], *, numbered: bool) -> nw.LazyFrame[Any]:
    """The rows that come last, in this order, of those with the same value in `of`; rows without a value all stay.

    `numbered` says that no two rows have the same row_number. A window sorts all rows: engines that can do with less
    are told how.
    """
    if rows.implementation.is_duckdb():
        if numbered and order[-1] == ROW and (len(order) == 1 or (len(order) == 2 and _is_time(rows, order[0]))):
            return _over(rows, _by_place(of, order[:-1]))
        if len(order) > 1:
            return _over(rows, _by_first_key(of, order))
    if rows.implementation.is_polars() and len(order) > 1:
        at = rows.with_columns(wb_at=nw.col(order[0]).max().over(of))
        rows = at.filter((nw.col(order[0]) == nw.col("wb_at")) | nw.col("wb_at").is_null() | nw.col(of).is_null())
        rows = rows.drop("wb_at")
    one = nw.when(~nw.col(of).is_null()).then(1)
    following = rows.with_columns(wb_one=one).with_columns(
        wb_following=nw.col("wb_one").shift(-1).over(of, order_by=order)
    )
    return following.filter(nw.col("wb_following").is_null()).drop("wb_one", "wb_following")


def _by_place(of: str, time: Sequence[str]) -> str:
    """DuckDB: time and number of a row as one whole number; one look finds the greatest of each, another takes its row."""
    name, moment = _quoted(of), "0"
    if time:  # what has no time comes first
        moment = f"coalesce((epoch_us({_quoted(time[0])})::HUGEINT + {1 << 63}) << 40, 0)"
    last = f"SELECT arg_max({ROW}, {moment} + {ROW}) FROM it WHERE {name} IS NOT NULL GROUP BY {name}"  # noqa: S608 - quoted
    return f"SELECT * FROM it WHERE {name} IS NULL OR {ROW} IN ({last})"  # noqa: S608 - quoted


def _by_first_key(of: str, order: Sequence[str]) -> str:
    """DuckDB: the greatest first key of each (the time, mostly), and a window over the few rows that have it."""
    name, (first, *others) = _quoted(of), map(_quoted, order)
    last = f"SELECT {name} AS wb_of, max({first}) AS wb_at FROM it WHERE {name} IS NOT NULL GROUP BY {name}"  # noqa: S608 - quoted
    few = f"SELECT it.* FROM it SEMI JOIN ({last}) ON {name} = wb_of AND {first} IS NOT DISTINCT FROM wb_at"  # noqa: S608 - quoted
    order_by = ", ".join(f"{key} DESC NULLS LAST" for key in others)
    one = f"SELECT * FROM ({few}) QUALIFY row_number() OVER (PARTITION BY {name} ORDER BY {order_by}) = 1"  # noqa: S608 - quoted
    return f"{one} UNION ALL SELECT * FROM it WHERE {name} IS NULL"  # noqa: S608 - quoted


def _over(rows: nw.LazyFrame[Any], query: str) -> nw.LazyFrame[Any]:
    """A query over rows on DuckDB, where they are called `it`."""
    found: nw.LazyFrame[Any] = nw.from_native(nw.to_native(rows).query("it", query))
    return found


def _is_time(rows: nw.LazyFrame[Any], name: str) -> bool:
    """Whether a column is a time that fits whole microseconds."""
    type_ = rows.collect_schema()[name]
    return type_ == nw.Date or (isinstance(type_, nw.Datetime) and type_.time_unit != "ns")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _arrow(series: nw.Series[Any]) -> pa.Array | pa.ChunkedArray:
    """A column in memory as Arrow; values of several types become text."""
    if series.implementation.is_pyarrow():
        return series.to_native()
    try:
        return pa.array(series.to_native(), from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array([None if value is None or value != value else str(value) for value in series.to_list()])  # noqa: PLR0124


def _duckdb() -> Any:
    """An engine of its own in UTC; a relation keeps it alive."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    # A progress bar would go to standard output, where a report may be going; a notebook has its own, and refuses.
    with contextlib.suppress(duckdb.Error):
        connection.execute("SET enable_progress_bar = false")
    return connection
