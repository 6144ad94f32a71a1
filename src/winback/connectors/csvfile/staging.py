"""A file's rows as they stand, on the engine: nothing typed yet, nothing lost.

Text rows go into one Arrow table while they are few and into a Parquet file in a temporary folder when they are
many, so memory stays bounded. A Parquet file is not copied: the engine reads it where it lies.
"""

from __future__ import annotations

import os
import tempfile
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from winback.connectors.csvfile import delimited, jsonlines, opening, workbook
from winback.connectors.csvfile.delimited import Records
from winback.connectors.csvfile.opening import Facts
from winback.errors import UserError

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

IN_MEMORY = 192 << 20  # bytes of text kept in memory before the rest goes to disk
MEMORY_LIMIT = os.environ.get("WINBACK_MEMORY", "1200MB")
KEPT_REJECTS = 100_000  # rejected records kept word for word; beyond it they are counted only


@dataclass
class Rejects:
    """Records that could not be rows: counted for each reason, kept with line, sentence and fields."""

    counts: dict[str, int] = field(default_factory=dict)
    kept: list[tuple[int, str, str, list[str]]] = field(default_factory=list)

    def add(self, line: int, reason: str, sentence: str, fields: list[str]) -> None:
        self.counts[reason] = self.counts.get(reason, 0) + 1
        if len(self.kept) < KEPT_REJECTS:
            self.kept.append((line, reason, sentence, fields))


@dataclass(frozen=True)
class Staged:
    """A file on the engine: relation `raw` with `line` and one column a field, c0, c1, …

    `types` are the engine's names of their types ("VARCHAR" for all text); `names` the user's names.
    """

    facts: Facts
    names: tuple[str, ...]
    types: tuple[str, ...]
    raw: duckdb.DuckDBPyRelation
    connection: duckdb.DuckDBPyConnection
    rows: int
    rejects: Rejects

    def column(self, name: str) -> str:
        """The engine's name of a user's column: c0, c1, …"""
        return f"c{self.names.index(name)}"

    def is_text(self, name: str) -> bool:
        return self.types[self.names.index(name)] == "VARCHAR"

    def one(self, query: str) -> tuple[Any, ...]:
        """The first row of a query over `raw`."""
        row: tuple[Any, ...] = self.sql(query).fetchall()[0]
        return row

    def sql(self, query: str) -> Any:
        """Run a query in which `raw` names this file's rows; a relation comes back."""
        return self.raw.query("raw", query)


def connect() -> duckdb.DuckDBPyConnection:
    """An engine of its own, in UTC, with bounded memory, that fetches nothing from anywhere."""
    import duckdb

    connection = duckdb.connect(
        config={"memory_limit": MEMORY_LIMIT, "autoinstall_known_extensions": False, "preserve_insertion_order": False}
    )
    connection.execute("SET TimeZone = 'UTC'")
    folder = _temporary_folder(connection)
    connection.execute(f"SET temp_directory = '{_quoted(str(folder / 'spill'))}'")
    return connection


_folders: weakref.WeakKeyDictionary[Any, tempfile.TemporaryDirectory[str]] = weakref.WeakKeyDictionary()


def _temporary_folder(connection: duckdb.DuckDBPyConnection) -> Path:
    """The engine's own folder; it goes when the engine goes, or at exit."""
    if connection not in _folders:
        _folders[connection] = tempfile.TemporaryDirectory(prefix="winback-", ignore_cleanup_errors=True)
    return Path(_folders[connection].name)


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def stage(path: Path, connection: duckdb.DuckDBPyConnection | None = None) -> Staged:
    """Read any file winback knows onto the engine.

    Raises UserError where it cannot be read at all; single records that cannot be read are in `rejects`.
    """
    facts = opening.sniff(path)
    connection = connection if connection is not None else connect()
    if facts.format == "parquet":
        return _stage_parquet(facts, connection)
    if facts.format in ("csv", "tsv"):
        facts = delimited.recognise(facts)
        staged = _stage_text(facts, connection, delimited.read_records(facts))
        if staged is None:  # bytes that are no UTF-8 came late, after a head of plain ASCII
            facts = Facts(**{**facts.__dict__, "encoding": "cp1252"})
            staged = _stage_text(facts, connection, delimited.read_records(facts))
            assert staged is not None
        return staged
    source = workbook.read_records(facts) if facts.format == "xlsx" else jsonlines.read_records(facts)
    staged = _stage_text(facts, connection, source)
    assert staged is not None
    return staged


def _stage_text(
    facts: Facts, connection: duckdb.DuckDBPyConnection, source: tuple[list[str], Iterator[Records]]
) -> Staged | None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    names, chunks = source
    schema = pa.schema([("line", pa.int64())] + [(f"c{place}", pa.string()) for place in range(len(names))])
    rejects, held, bytes_held, rows, seen_beyond_ascii = Rejects(), [], 0, 0, False
    writer: pq.ParquetWriter | None = None
    target = _temporary_folder(connection) / f"{len(os.listdir(_temporary_folder(connection)))}.parquet"
    try:
        for chunk in chunks:
            for rejected in chunk.rejected:
                rejects.add(*rejected)
            try:
                table = _arrow(chunk, schema)
            except UnicodeEncodeError:
                table = _arrow(_without_broken(chunk, facts, rejects), schema)
                if facts.encoding == "utf-8" and not seen_beyond_ascii and not _beyond_ascii(table):
                    return None
            seen_beyond_ascii = seen_beyond_ascii or _beyond_ascii(table)
            rows += table.num_rows
            if writer is None:
                held.append(table)
                bytes_held += table.nbytes
                if bytes_held > IN_MEMORY:
                    writer = pq.ParquetWriter(target, schema, compression="lz4")
                    for part in held:
                        writer.write_table(part)
                    held = []
            else:
                writer.write_table(table)
    finally:
        if writer is not None:
            writer.close()
    if rows == 0:
        raise UserError(_nothing(facts, names, rejects))
    if writer is None:
        raw = connection.from_arrow(pa.concat_tables(held).combine_chunks())
    else:
        raw = connection.sql(f"SELECT * FROM read_parquet('{_quoted(str(target))}')")
    return Staged(facts, tuple(names), ("VARCHAR",) * len(names), raw, connection, rows, rejects)


def _nothing(facts: Facts, names: list[str], rejects: Rejects) -> str:
    if rejects.kept:
        return f"No row of {facts.name} could be read. The first: {rejects.kept[0][2]}"
    return (
        f"{facts.name} has a header ({', '.join(names[:5])}{', …' if len(names) > 5 else ''}) and no rows; "
        "export it again with its rows."
    )


def _arrow(chunk: Records, schema: pa.Schema) -> pa.Table:
    import pyarrow as pa

    if not chunk.rows:
        return schema.empty_table()
    columns = [pa.array(column, pa.string()) for column in zip(*chunk.rows, strict=True)]
    return pa.table([pa.array(chunk.lines, pa.int64()), *columns], schema=schema)


def _beyond_ascii(table: pa.Table) -> bool:
    """Whether a character beyond ASCII was decoded properly: then the file is the encoding it seemed."""
    import pyarrow.compute as pc

    return any(pc.all(pc.string_is_ascii(column)).as_py() is False for column in table.columns[1:])


def _broken(cell: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in cell)


def _without_broken(chunk: Records, facts: Facts, rejects: Rejects) -> Records:
    kept = Records()
    for line, row in zip(chunk.lines, chunk.rows, strict=True):
        if any(_broken(cell) for cell in row):
            sentence = f"{facts.name} line {line} holds bytes that are no {facts.encoding}; save the file as UTF-8."
            rejects.add(line, "wrong_encoding", sentence, [c.encode("utf-8", "replace").decode() for c in row])
        else:
            kept.rows.append(row)
            kept.lines.append(line)
    return kept


def _stage_parquet(facts: Facts, connection: duckdb.DuckDBPyConnection) -> Staged:
    import duckdb
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        metadata = pq.ParquetFile(facts.path)
        rows = metadata.metadata.num_rows
        path = _quoted(str(facts.path))
        described = connection.sql(f"SELECT * FROM read_parquet('{path}', file_row_number => true)")
        columns = [(name, str(type_)) for name, type_ in zip(described.columns, described.types, strict=True)]
    except (pa.ArrowInvalid, OSError, duckdb.Error) as error:
        first = str(error).splitlines()[0]
        raise UserError(
            f"{facts.name} is a Parquet file that cannot be read ({first}); it is damaged or was cut short. Export it again."
        ) from None
    columns = [(name, type_) for name, type_ in columns if name != "file_row_number"]
    if rows == 0:
        raise UserError(_nothing(facts, [name for name, _ in columns], Rejects()))
    chosen = ", ".join(f'"{name.replace(chr(34), chr(34) * 2)}" AS c{place}' for place, (name, _) in enumerate(columns))
    raw = connection.sql(
        f"SELECT file_row_number + 1 AS line, {chosen} FROM read_parquet('{path}', file_row_number => true)"
    )
    return Staged(
        facts,
        tuple(name for name, _ in columns),
        tuple(type_ for _, type_ in columns),
        raw,
        connection,
        rows,
        Rejects(),
    )
