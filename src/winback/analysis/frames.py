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
import pyarrow as pa

ROW = "row_number"


def names_of(native: Any) -> list[str]:
    """The columns that `lazy_frame` can give of this frame."""
    frame = nw.from_native(native)
    names = list(frame.collect_schema().names())
    return names if isinstance(frame, nw.LazyFrame) or ROW in names else [*names, ROW]


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
        columns[ROW] = pa.array(range(len(frame)), pa.int64())
    of_duckdb: nw.LazyFrame[Any] = nw.from_native(_duckdb().from_arrow(pa.table(columns)))
    return of_duckdb


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
