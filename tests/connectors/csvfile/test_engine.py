"""The engine: bounded, alone, in UTC; and no text from a file is ever read as SQL."""

from __future__ import annotations

import gc
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.connectors.making import engine_of_tests
from winback.connectors.csvfile import engine
from winback.connectors.csvfile.engine import (
    Shelf,
    connect,
    folder_of,
    identifier,
    literal,
    literals,
    over,
    trouble_as_sentence,
)
from winback.connectors.csvfile.opening import Facts
from winback.errors import UserError

NASTY = [
    "'",
    "''",
    "a'b",
    "\\'",
    "\\",
    '"',
    "';--",
    "{x}",
    "$1 ? :a",
    "/* */",
    "\x00",
    "a\x00'b",
    "é\u2028\n",
    "E'\\n'",
    "$$x$$",
]


@given(st.text())
@settings(max_examples=100, deadline=None)
@example("".join(NASTY))
def test_any_text_comes_through_a_literal_as_it_is(text: str) -> None:
    if text.isascii() or text.encode("utf-8", "replace").decode() == text:
        assert engine_of_tests().execute(f"SELECT {literal(text)}").fetchall() == [(text,)]


@given(st.text(min_size=1).filter(lambda name: "\x00" not in name))
@settings(max_examples=100, deadline=None)
@example("".join(NASTY).replace("\x00", ""))
def test_any_name_comes_through_an_identifier_as_it_is(name: str) -> None:
    if name.encode("utf-8", "replace").decode() == name:
        assert engine_of_tests().sql(f"SELECT 1 AS {identifier(name)}").columns == [name]


@pytest.mark.parametrize("text", NASTY)
def test_nasty_texts_in_a_query_over_a_relation(text: str) -> None:
    # Relations look at the text of a query for several statements and for parameters: quoted ones do not count.
    relation = engine_of_tests().from_arrow(pa.table({"c0": ["x", text]}))
    assert over(relation, f"SELECT c0 FROM it WHERE c0 IN ({literals([text, 'y;'])})").fetchall() == [(text,)]


def test_the_engine_is_bounded_alone_and_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WINBACK_MEMORY", raising=False)
    settings_ = dict(
        connect()
        .execute(
            "SELECT name, value FROM duckdb_settings() WHERE name IN ('TimeZone', 'memory_limit', "
            "'autoinstall_known_extensions', 'autoload_known_extensions', 'python_enable_replacements')"
        )
        .fetchall()
    )
    assert settings_ == {
        "TimeZone": "UTC", "memory_limit": "1.1 GiB", "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false", "python_enable_replacements": "false",
    }  # fmt: skip


def test_memory_is_the_users_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WINBACK_MEMORY", "512MiB")
    assert connect().execute("SELECT current_setting('memory_limit')").fetchall() == [("512.0 MiB",)]
    for wrong in ("lots", "12", "-1GB", "1GB'; DROP"):
        monkeypatch.setenv("WINBACK_MEMORY", wrong)
        with pytest.raises(UserError, match="which is no size; write it like 1200MB or 2GB"):
            connect()


def test_variables_of_the_program_are_no_tables() -> None:
    secret = pa.table({"a": [1]})
    with pytest.raises(duckdb.CatalogException):
        connect().execute("SELECT * FROM secret")
    assert secret.num_rows == 1


def test_the_folder_goes_with_the_engine_and_stays_while_a_relation_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "IN_MEMORY", 0)
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
    monkeypatch.setattr(engine, "IN_MEMORY", in_memory)
    monkeypatch.setattr(engine, "ROW_GROUP", 50)
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
    monkeypatch.setattr(engine, "IN_MEMORY", in_memory)
    monkeypatch.setattr(engine, "SAMPLE", 40)
    with Shelf(engine_of_tests(), pa.schema({"a": pa.int64()})) as shelf:
        for start in range(0, 1000, 100):
            shelf.put(pa.table({"a": list(range(start, start + 100))}))
    sample = shelf.sample().column("a").to_pylist()
    assert len(sample) == 40
    assert (sample[0], sample[-1]) == (0, 999)
    assert sample == sorted(set(sample))


def test_very_wide_tables_have_smaller_samples() -> None:
    assert engine.sample_size(1) == engine.sample_size(100) == 20_000
    assert engine.sample_size(5000) == 400
    assert engine.sample_size(1_000_000) == 20


def test_one_file_is_read_and_no_pattern(tmp_path: Path) -> None:
    for name in ("a[1].parquet", "a1.parquet"):
        pq.write_table(pa.table({"name": [name]}), tmp_path / name)
    source = engine.parquet(tmp_path / "a[1].parquet")
    assert engine_of_tests().execute(f"SELECT * FROM {source}").fetchall() == [("a[1].parquet",)]


CSV, PARQUET = Facts(Path("a.csv"), "csv"), Facts(Path("a.parquet"), "parquet")


def said(facts: Facts, error: Exception) -> str:
    with pytest.raises(UserError) as caught, trouble_as_sentence(facts):
        raise error
    return str(caught.value)


def test_trouble_that_only_the_user_can_mend_becomes_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WINBACK_MEMORY", "100MB")
    assert "a.csv needs more memory than the engine may use (100MB); set WINBACK_MEMORY higher" in said(
        CSV, duckdb.OutOfMemoryException("out")
    )
    assert "could not be read to its end (No space left on device)" in said(CSV, OSError(28, "No space left on device"))
    assert "is damaged or was cut short (bad page)" in said(PARQUET, duckdb.InvalidInputException("bad page\nstack"))
    assert "is damaged or was cut short (bad footer)" in said(PARQUET, pa.ArrowInvalid("bad footer"))


def test_other_trouble_is_a_bug_and_shows_itself() -> None:
    for error in (duckdb.BinderException("wrong SQL"), pa.ArrowInvalid("wrong type"), ValueError("wrong")):
        with pytest.raises(type(error), match="wrong"), trouble_as_sentence(CSV):
            raise error
