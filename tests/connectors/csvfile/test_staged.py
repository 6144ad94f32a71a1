"""A file's rows as they stand, on the engine."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from tests.connectors.making import engine_of_tests, parquet_file, text_file
from winback.connectors.csvfile import shelf, stage
from winback.connectors.csvfile.records import Rejected
from winback.connectors.csvfile.staged import Rejects


def test_columns_by_the_users_names(tmp_path: Path) -> None:
    made = stage(parquet_file(tmp_path, {"score": [9], "select": ["x"], "it's": [1.5]}), engine_of_tests())
    assert [made.column(name) for name in made.names] == ["c0", "c1", "c2"]
    assert [made.type_of(name) for name in made.names] == ["BIGINT", "VARCHAR", "DOUBLE"]
    assert made.is_text("select")
    assert not made.is_text("score")
    assert made.as_text("select") == "c1"
    assert made.one(f"SELECT {made.as_text(chr(105) + 't' + chr(39) + 's')}, line FROM raw") == ("1.5", 1)


def test_times_beyond_the_calendar_are_text_all_the_same(tmp_path: Path) -> None:
    for zone in (None, "UTC"):
        for unit, far in (("s", 10**12), ("ms", 10**15), ("us", 2**62), ("ns", 2**62)):
            times = pa.array([0, far, -far, None], pa.int64()).cast(pa.timestamp(unit, tz=zone))
            path = parquet_file(
                tmp_path, {"at": times, "day": pa.array([0, 2**30, -(2**30), None], pa.int32()).cast(pa.date32())}
            )
            made = stage(path, engine_of_tests())
            for name in made.names:
                found = made.sql(f"SELECT {made.as_text(name)} FROM raw ORDER BY line").fetchall()
                assert found[0][0].startswith("1970-01-01")
                assert found[3] == (None,)


def test_text_is_reckoned_once_and_parquet_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "IN_MEMORY", 10)
    text = stage(text_file(tmp_path, "score\n9\n8\n"), engine_of_tests())
    assert not text.is_lazy
    assert "c0" not in text.kept("SELECT c0 AS score FROM raw").sql_query()
    lazy = stage(parquet_file(tmp_path, {"score": [9, 8]}), engine_of_tests())
    assert lazy.is_lazy
    assert "c0" in lazy.kept("SELECT c0 AS score FROM raw").sql_query()
    assert "c0" not in lazy.kept("SELECT c0 AS score FROM raw", dear=True).sql_query()
    assert lazy.kept("SELECT c0 AS score FROM raw", dear=True).fetchall() == [(9,), (8,)]


def test_rejects_add_up() -> None:
    rejects = Rejects()
    for reason in ("ragged_row", "open_quote", "ragged_row"):
        rejects.add(Rejected(1, reason, "…", ["a", "bc"]))
    assert rejects.counts == {"ragged_row": 2, "open_quote": 1}
    assert (rejects.total, rejects.forgotten, rejects.characters) == (3, 0, 9)
