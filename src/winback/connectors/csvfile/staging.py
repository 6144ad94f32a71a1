"""Any file winback knows becomes rows on the engine: text is parsed and put away, Parquet is read where it lies."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from winback.connectors.csvfile import arrow, delimited, engine, jsonlines, opening, parquet, workbook
from winback.connectors.csvfile.lines import NotUtf8
from winback.connectors.csvfile.opening import Facts
from winback.connectors.csvfile.records import Records
from winback.connectors.csvfile.shelf import Shelf
from winback.connectors.csvfile.staged import Rejects, Staged, nothing_in
from winback.errors import UserError

if TYPE_CHECKING:
    import duckdb


def stage(path: Path, connection: duckdb.DuckDBPyConnection | None = None) -> Staged:
    """Read any file winback knows onto the engine.

    Raises UserError where it cannot be read at all; single records that cannot be read are in `rejects`.
    """
    facts = opening.sniff(path)
    connection = connection if connection is not None else engine.connect()
    if facts.format == "parquet":
        return parquet.stage(facts, connection)
    try:
        return _stage_text(facts, connection)
    except NotUtf8:
        return _stage_text(replace(facts, encoding="cp1252"), connection)


def _stage_text(facts: Facts, connection: duckdb.DuckDBPyConnection) -> Staged:
    import pyarrow as pa

    warnings: list[str] = []
    with engine.trouble_as_sentence(facts):
        names, chunks = _records(facts, warnings)
        schema = pa.schema([("line", pa.int64())] + [(f"c{place}", pa.string()) for place in range(len(names))])
        rejects, spaces = Rejects(), [set[str]() for _ in names]
        with Shelf(connection, schema) as shelf, _without_collecting():
            for chunk in chunks:
                for rejected in chunk.rejected:
                    rejects.add(rejected)
                if chunk.rows:
                    columns = [arrow.integers(chunk.lines)]
                    for cells, around in zip(zip(*chunk.rows, strict=True), spaces, strict=True):
                        columns.append(arrow.strings(cells))
                        around.update(arrow.spaces_around(cells, columns[-1]))
                    shelf.put(pa.table(columns, schema=schema))
        rejects.kept.sort(key=lambda rejected: rejected.line)
        if shelf.rows == 0:
            raise UserError(nothing_in(facts, names, rejects))
        raw, sample = shelf.relation(), shelf.sample()
    if rejects.forgotten:
        warnings.append(
            f"{facts.name}: of {rejects.total:,} records that could not be parsed the first {len(rejects.kept):,} are "
            "kept; the others are counted."
        )
    return Staged(
        facts=facts,
        names=tuple(names),
        types=("VARCHAR",) * len(names),
        raw=raw,
        connection=connection,
        rows=shelf.rows,
        rejects=rejects,
        sample=sample,
        warnings=tuple(warnings),
        spaces={name: "".join(sorted(around)) for name, around in zip(names, spaces, strict=True) if around},
    )


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Rows are lists by the million, none in a cycle: to look for cycles among them takes a third of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _records(facts: Facts, warnings: list[str]) -> tuple[list[str], Iterator[Records]]:
    if facts.format == "xlsx":
        return workbook.read_records(facts, warnings)
    if facts.format == "jsonl":
        return jsonlines.read_records(facts, warnings)
    return delimited.read_records(facts)
