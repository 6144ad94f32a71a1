"""Rows on their way to the engine: kept in memory while they are few, on disk when they are many, sampled either way."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from winback.connectors.csvfile import arrow
from winback.connectors.csvfile.engine import folder_of, literal

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

IN_MEMORY = 192 << 20  # bytes of one file's rows kept in memory before they go to disk
ROW_GROUP = 32 << 20  # bytes written to disk together
SAMPLE = 20_000  # rows looked at to tell what columns are
SAMPLE_CELLS = 2_000_000  # and cells, for very wide files,
SAMPLE_BYTES = 32 << 20  # and bytes, for very long texts

_numbers = itertools.count()


class Shelf:
    """Arrow tables put away one after another: in memory while they are few, then in a Parquet file.

    Used as a context while tables are put on it; read when it is closed.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, schema: pa.Schema) -> None:
        self._connection, self._schema = connection, schema
        self._held: list[pa.Table] = []
        self._bytes = self._total = 0
        self._path: Path | None = None
        self._writer: Any = None
        self.rows = 0

    def __enter__(self) -> Shelf:
        return self

    def __exit__(self, *_: object) -> None:
        if self._writer is not None:
            self._to_disk()
            self._writer.close()

    def put(self, table: pa.Table) -> None:
        self._held.append(table)
        self._bytes += table.nbytes
        self._total += table.nbytes
        self.rows += table.num_rows
        if self._bytes > (IN_MEMORY if self._writer is None else ROW_GROUP):
            self._to_disk()

    def _to_disk(self) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        if self._writer is None:
            self._path = folder_of(self._connection) / f"{next(_numbers)}.parquet"
            self._writer = pq.ParquetWriter(self._path, self._schema, compression="lz4")
        if self._held:
            self._writer.write_table(pa.concat_tables(self._held))
        self._held, self._bytes = [], 0

    def relation(self) -> duckdb.DuckDBPyRelation:
        """Everything that was put away, as a relation of the engine."""
        if self._path is None:
            return self._connection.from_arrow(self._table())
        return self._connection.sql(f"SELECT * FROM {parquet(self._path)}")

    def batches(self, rows: int) -> Iterator[pa.RecordBatch]:
        """Everything that was put away, in order and in pieces, without the engine."""
        import pyarrow.parquet as pq

        if self._path is None:
            yield from self._table().to_batches(max_chunksize=rows)
        else:
            with pq.ParquetFile(self._path) as file:
                yield from file.iter_batches(rows, use_threads=False)

    def sample(self) -> pa.Table:
        """Rows from all over, at most SAMPLE."""
        if self._path is not None:
            row_bytes = self._total // max(self.rows, 1)
            return sample_of_parquet(self._connection, self._path, self._schema.names, self.rows, row_bytes)
        table, most = self._table(), sample_size(len(self._schema))
        if table.num_rows <= most:
            return table
        import numpy as np

        return table.take(arrow.integers(np.linspace(0, table.num_rows - 1, most).astype(np.int64)))

    def _table(self) -> pa.Table:
        import pyarrow as pa

        if len(self._held) != 1 or self._held[0].column(0).num_chunks > 1:
            table = pa.concat_tables(self._held or [pa.Table.from_batches([], self._schema)])
            self._held = [table.combine_chunks()]
        return self._held[0]


def sample_size(columns: int) -> int:
    return max(min(SAMPLE, SAMPLE_CELLS // max(columns, 1)), 20)


def parquet(path: Path, *options: str) -> str:
    """A table function that reads this one Parquet file: no pattern in its name, no column from its folders."""
    exact = re.sub(r"([*?\[])", r"[\1]", str(path.absolute()))
    return f"read_parquet({', '.join([literal(exact), 'hive_partitioning = false', *options])})"


def sample_of_parquet(
    connection: duckdb.DuckDBPyConnection, path: Path, fields: Sequence[str], rows: int, row_bytes: int
) -> pa.Table:
    """These fields (as in SELECT) of rows from eight places of a Parquet file: at most SAMPLE, of bounded size."""
    most = max(min(sample_size(len(fields)), rows, SAMPLE_BYTES // max(row_bytes, 1)), 1)
    where = ""
    if most < rows:
        parts = min(8, most)
        starts = [(rows - most // parts) * part // max(parts - 1, 1) for part in range(parts)]
        ranges = (f"file_row_number BETWEEN {start} AND {start + most // parts - 1}" for start in starts)
        where = f"WHERE {' OR '.join(ranges)}"
    source = parquet(path, "file_row_number = true")
    return connection.sql(f"SELECT {', '.join(fields)} FROM {source} {where} ORDER BY file_row_number").to_arrow_table()
