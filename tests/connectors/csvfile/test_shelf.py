"""Rows kept in memory while they are few and on disk when they are many."""

from __future__ import annotations

import gc
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.connectors.making import engine_of_tests
from winback.connectors.csvfile import shelf as shelf_module
from winback.connectors.csvfile.engine import connect, folder_of, over
from winback.connectors.csvfile.shelf import Shelf, parquet, sample_size


def test_the_folder_goes_with_the_engine_and_stays_while_a_relation_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf_module, "IN_MEMORY", 0)
    connection = connect()
    folder = folder_of(connection)
    with Shelf(connection, pa.schema({"a": pa.int64()})) as shelf:
        shelf.put(pa.table({"a": [1, 2]}))
    relation = over(shelf.relation(), "SELECT a + 1 AS b FROM it")
    del connection, shelf
    gc.collect()
    assert relation.fetchall() == [(2,), (3,)]
    del relation
    gc.collect()
    assert not folder.exists()


@pytest.mark.parametrize("in_memory", [0, 100, 1 << 20])
def test_a_shelf_gives_back_what_was_put_on_it(monkeypatch: pytest.MonkeyPatch, in_memory: int) -> None:
    monkeypatch.setattr(shelf_module, "IN_MEMORY", in_memory)
    monkeypatch.setattr(shelf_module, "ROW_GROUP", 50)
    schema = pa.schema({"line": pa.int64(), "c0": pa.string()})
    with Shelf(engine_of_tests(), schema) as shelf:
        for start in range(0, 100, 10):
            numbers = list(range(start, start + 10))
            shelf.put(pa.table({"line": numbers, "c0": [f"é{n}" for n in numbers]}, schema=schema))
    assert shelf.rows == 100
    expected = [(n, f"é{n}") for n in range(100)]
    assert over(shelf.relation(), "SELECT * FROM it ORDER BY line").fetchall() == expected
    assert shelf.sample().num_rows == 100
    assert [tuple(row.values()) for batch in shelf.batches(7) for row in batch.to_pylist()] == expected
    assert max(batch.num_rows for batch in shelf.batches(7)) == 7


def test_an_empty_shelf() -> None:
    with Shelf(engine_of_tests(), pa.schema({"a": pa.int64()})) as shelf:
        pass
    assert shelf.relation().fetchall() == []


@pytest.mark.parametrize("in_memory", [0, 1 << 30])
def test_a_sample_comes_from_all_over(monkeypatch: pytest.MonkeyPatch, in_memory: int) -> None:
    monkeypatch.setattr(shelf_module, "IN_MEMORY", in_memory)
    monkeypatch.setattr(shelf_module, "SAMPLE", 40)
    with Shelf(engine_of_tests(), pa.schema({"a": pa.int64()})) as shelf:
        for start in range(0, 1000, 100):
            shelf.put(pa.table({"a": list(range(start, start + 100))}))
    sample = shelf.sample().column("a").to_pylist()
    assert len(sample) == 40
    assert (sample[0], sample[-1]) == (0, 999)
    assert sample == sorted(set(sample))


def test_very_wide_tables_have_smaller_samples() -> None:
    assert sample_size(1) == sample_size(100) == 20_000
    assert sample_size(5000) == 400
    assert sample_size(1_000_000) == 20


def test_one_file_is_read_and_no_pattern(tmp_path: Path) -> None:
    for name in ("a[1].parquet", "a1.parquet"):
        pq.write_table(pa.table({"name": [name]}), tmp_path / name)
    source = parquet(tmp_path / "a[1].parquet")
    assert engine_of_tests().execute(f"SELECT * FROM {source}").fetchall() == [("a[1].parquet",)]
