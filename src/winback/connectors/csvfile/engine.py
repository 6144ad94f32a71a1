"""The engine that rows are read on: DuckDB in memory, in UTC, bounded, on its own; and text that is safe in its SQL.

Every name and every value that comes from a file passes `identifier` or `literal` on its way into SQL. Columns of a
file are called c0, c1, … on the engine, so that no name of a user's is ever a name of the engine's.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from winback.connectors.csvfile import arrow
from winback.connectors.csvfile.opening import Facts
from winback.errors import UserError

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

MEMORY = "1200MB"  # the engine's, unless WINBACK_MEMORY says otherwise
IN_MEMORY = 192 << 20  # bytes of one file's rows kept in memory before they go to disk
ROW_GROUP = 32 << 20  # bytes written to disk together
SAMPLE = 20_000  # rows looked at to tell what columns are
SAMPLE_CELLS = 2_000_000  # and cells, for very wide files,
SAMPLE_BYTES = 32 << 20  # and bytes, for very long texts


def literal(text: str) -> str:
    """A text as a literal of DuckDB's SQL, where a quote is doubled and nothing else means anything."""
    return "'" + text.replace("'", "''") + "'"


def literals(texts: Iterable[str]) -> str:
    return ", ".join(literal(text) for text in texts)


def identifier(name: str) -> str:
    """A name as an identifier of DuckDB's SQL."""
    return '"' + name.replace('"', '""') + '"'


AWARE = ("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ_NS")
_FIRST, _LAST = -62135510400000000, 253402214400000000  # microseconds, a day within the years 1 to 9999


def within_calendar(time: str, *, aware: bool) -> str:
    """A time, moved to the calendar's end where it lies beyond: the engine dies of turning such a time into text."""
    made = "make_timestamptz" if aware else "make_timestamp"
    return f"CASE WHEN {time} IS NOT NULL THEN {made}(greatest(least(epoch_us({time}), {_LAST}), {_FIRST})) END"


def as_text(column: str, type_: str) -> str:
    """A column of any type as text."""
    if type_ == "VARCHAR":
        return column
    if not type_.startswith("TIMESTAMP"):
        return f"CAST({column} AS VARCHAR)"
    aware = type_ in AWARE
    time = f"TRY_CAST({column} AS {'TIMESTAMPTZ' if aware else 'TIMESTAMP'})"
    return f"CAST({within_calendar(time, aware=aware)} AS VARCHAR)"


def connect() -> duckdb.DuckDBPyConnection:
    """An engine of its own. Raises UserError where WINBACK_MEMORY is no size."""
    import duckdb

    memory = os.environ.get("WINBACK_MEMORY", "").strip() or MEMORY
    if not re.fullmatch(r"\d+(\.\d+)? ?[KMGT]i?B", memory):
        raise UserError(f'WINBACK_MEMORY is "{memory}", which is no size; write it like 1200MB or 2GB.')
    connection = duckdb.connect(
        config={
            "memory_limit": memory,
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
        }
    )
    connection.execute("SET TimeZone = 'UTC'")
    # A progress bar would go to standard output, where a report may be going; a notebook has its own, and refuses.
    with contextlib.suppress(duckdb.Error):
        connection.execute("SET enable_progress_bar = false")
    connection.execute(f"SET temp_directory = {literal(str(folder_of(connection) / 'spill'))}")
    return connection


_folders: weakref.WeakKeyDictionary[Any, Path] = weakref.WeakKeyDictionary()
_numbers = itertools.count()


def folder_of(connection: duckdb.DuckDBPyConnection) -> Path:
    """The engine's own folder for what does not fit in memory. It goes when the engine goes, or at exit."""
    if connection not in _folders:
        folder = tempfile.mkdtemp(prefix="winback-")
        weakref.finalize(connection, shutil.rmtree, folder, ignore_errors=True)
        _folders[connection] = Path(folder)
    return _folders[connection]


def over(relation: duckdb.DuckDBPyRelation, query: str, name: str = "it") -> duckdb.DuckDBPyRelation:
    """A query over a relation, which is called `it`, as another lazy relation."""
    found = relation.query(name, query)
    assert found is not None, "the query is no SELECT"
    return found


def fetch(
    connection: duckdb.DuckDBPyConnection, relation: duckdb.DuckDBPyRelation, query: str, name: str = "it"
) -> list[tuple[Any, ...]]:
    """The rows of a query over a relation, at a third of what it takes to make another relation of it."""
    rows = connection.execute(f"WITH {name} AS NOT MATERIALIZED ({relation.sql_query()}) {query}").fetchall()
    return list(rows)


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


@contextmanager
def trouble_as_sentence(facts: Facts) -> Iterator[None]:
    """Turn what only the user can mend (no memory, no room, a damaged file) into a UserError."""
    import duckdb
    import pyarrow as pa

    name = facts.name
    try:
        yield
    except duckdb.OutOfMemoryException:
        raise UserError(
            f"{name} needs more memory than the engine may use ({os.environ.get('WINBACK_MEMORY') or MEMORY}); "
            "set WINBACK_MEMORY higher, or give a smaller file."
        ) from None
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        if facts.format == "parquet":
            said = str(error).partition("\n")[0][:200]
            raise UserError(f"{name} is damaged or was cut short ({said}); export it again.") from None
        if isinstance(error, (duckdb.IOException, OSError)):
            said = getattr(error, "strerror", None) or str(error).partition("\n")[0][:200]
            raise UserError(
                f"{name} could not be read to its end ({said}); look at the disk, and at the room in the temporary "
                "folder (TMPDIR)."
            ) from None
        raise
