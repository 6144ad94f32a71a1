"""Parquet files are not copied: the engine reads them where they lie, and only the columns that are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from winback.connectors.csvfile import engine, shelf
from winback.connectors.csvfile.engine import as_text, identifier
from winback.connectors.csvfile.opening import Facts
from winback.connectors.csvfile.records import unique_names
from winback.connectors.csvfile.staged import Rejects, Staged, nothing_in
from winback.errors import UserError

if TYPE_CHECKING:
    import duckdb
    import pyarrow.parquet as pq

_ROW = "file_row_number"
MOST_STATISTICS = 20_000  # column chunks whose statistics are looked at


def stage(facts: Facts, connection: duckdb.DuckDBPyConnection) -> Staged:
    """The rows of a Parquet file as a lazy relation. Raises UserError for a file that is damaged or has no rows."""
    import pyarrow.parquet as pq

    with engine.trouble_as_sentence(facts):
        described = connection.sql(f"SELECT * FROM {shelf.parquet(facts.path)}")
        columns = [(name, str(type_)) for name, type_ in zip(described.columns, described.types, strict=True)]
        if _ROW in (name.lower() for name, _ in columns):
            raise UserError(f'{facts.name} has a column "{_ROW}", a name that the engine needs; rename it.')
        with pq.ParquetFile(facts.path) as file:
            names, about = file.schema_arrow.names, file.metadata
        if len(names) != len(columns):
            names = [name for name, _ in columns]
        if about.num_rows == 0:
            raise UserError(nothing_in(facts, unique_names(names), Rejects()))
        row_bytes = (
            sum(about.row_group(place).total_byte_size for place in range(about.num_row_groups)) // about.num_rows
        )
        fields = [f"{as_text(identifier(name), type_)} AS c{place}" for place, (name, type_) in enumerate(columns)]
        sample = shelf.sample_of_parquet(connection, facts.path, fields, about.num_rows, row_bytes)
        chosen = ", ".join(f"{identifier(name)} AS c{place}" for place, (name, _) in enumerate(columns))
        raw = connection.sql(f"SELECT {_ROW} + 1 AS line, {chosen} FROM {shelf.parquet(facts.path, f'{_ROW} = true')}")
    return Staged(
        facts=facts,
        names=tuple(unique_names(names)),
        types=tuple(type_ for _, type_ in columns),
        raw=raw,
        connection=connection,
        rows=about.num_rows,
        rejects=Rejects(),
        sample=sample,
        tidy=_tidy(about, list(zip(unique_names(names), (type_ for _, type_ in columns), strict=True))),
    )


def _tidy(about: pq.FileMetaData, columns: Sequence[tuple[str, str]]) -> frozenset[str]:
    """Columns of text whose smallest value, by the file's statistics, comes after the space: none is blank."""
    if about.num_columns != len(columns) or about.num_columns * about.num_row_groups > MOST_STATISTICS:
        return frozenset()
    found = set()
    for place, (name, type_) in enumerate(columns):
        if type_ == "VARCHAR":
            chunks = (about.row_group(group).column(place) for group in range(about.num_row_groups))
            if all(_smallest(chunk) > b"!" for chunk in chunks):
                found.add(name)
    return frozenset(found)


def _smallest(chunk: pq.ColumnChunkMetaData) -> bytes:
    """The smallest text of a column chunk, or the start of it; nothing where it is not known."""
    statistics = chunk.statistics
    if statistics is None or not statistics.has_min_max or chunk.physical_type != "BYTE_ARRAY":
        return b""
    return bytes(statistics.min_raw)
