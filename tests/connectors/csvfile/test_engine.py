"""The engine: bounded, alone, in UTC; and no text from a file is ever read as SQL."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.connectors.making import engine_of_tests
from winback.connectors.csvfile.engine import (
    connect,
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
