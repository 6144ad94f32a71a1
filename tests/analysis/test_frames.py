"""Any frame becomes a lazy one with an order."""

from __future__ import annotations

import datetime as dt
import random

import ibis
import narwhals as nw
import pandas
import polars
import pyarrow as pa
import pytest

from winback.analysis.frames import ROW, last_of_each, lazy_frame, lazy_table, names_of, numbers_rows


def collected(frame: nw.LazyFrame[object]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = frame.collect(backend="pyarrow").to_native().to_pylist()
    return rows


@pytest.mark.parametrize("make", [pandas.DataFrame, polars.DataFrame, pa.table])
def test_a_frame_in_memory_gets_its_order(make: object) -> None:
    frame = make({"a": [3, 1, 2]})  # type: ignore[operator]
    assert names_of(frame) == ["a", ROW]
    assert sorted(collected(lazy_frame(frame, ["a", ROW])), key=lambda row: row[ROW]) == [  # type: ignore[arg-type, return-value]
        {"a": 3, ROW: 0}, {"a": 1, ROW: 1}, {"a": 2, ROW: 2},
    ]  # fmt: skip


def test_an_order_of_ones_own_is_kept() -> None:
    frame = pandas.DataFrame({"a": [3], ROW: [7]})
    assert collected(lazy_frame(frame, ["a", ROW])) == [{"a": 3, ROW: 7}]


def test_a_column_of_several_types_becomes_text() -> None:
    frame = pandas.DataFrame({"a": ["x", 1, None, 2.5]})
    assert [row["a"] for row in collected(lazy_table(frame))] == ["x", "1", None, "2.5"]


def test_a_lazy_frame_stays_where_it_is() -> None:
    frame = lazy_frame(polars.LazyFrame({"a": [1], "b": [2]}), ["b"])
    assert isinstance(frame.to_native(), polars.LazyFrame)
    assert names_of(polars.LazyFrame({"a": [1]})) == ["a"]


def test_what_is_no_frame_is_refused() -> None:
    with pytest.raises(TypeError):
        lazy_frame([1, 2], ["a"])


def _answers(seed: int) -> list[dict[str, object]]:
    """Rows with few persons, days and sources, so that there are ties and blanks of every sort."""
    draw = random.Random(seed)
    days = [None, dt.date(1969, 1, 1), dt.date(2026, 1, 1), dt.date(2026, 1, 2)]
    return [
        {
            "who": draw.choice([None, "a", "b", "c", "never dated"]), "day": draw.choice(days), "source": draw.choice([None, "x", "y"]),
            ROW: number,
        }
        for number in range(60)
    ]  # fmt: skip


ORDERS = [([ROW], True), (["day", ROW], True), (["day", "source", ROW], True), (["day", "source", ROW], False)]


@pytest.mark.parametrize("engine", ["duckdb", "polars", "ibis"])
@pytest.mark.parametrize(("order", "numbered"), ORDERS)
@pytest.mark.parametrize("seed", range(5))
def test_the_last_row_of_each_is_the_same_by_every_way(
    engine: str, order: list[str], numbered: bool, seed: int
) -> None:
    rows = _answers(seed)
    for row in rows:
        row["day"] = None if row["who"] == "never dated" else row["day"]
    table = pa.Table.from_pylist(rows)
    frame = lazy_frame(
        {"duckdb": lambda: table, "polars": lambda: polars.from_arrow(table), "ibis": lambda: ibis.memtable(table)}[engine](),
        table.column_names,
    )  # fmt: skip
    last: dict[object, dict[str, object]] = {}
    for row in rows:
        key = tuple((row[name] is not None, row[name]) for name in order)
        best = last.get(row["who"])
        if best is None or row["who"] is None or key > tuple((best[name] is not None, best[name]) for name in order):
            last[row["who"] if row["who"] is not None else f"nobody {row[ROW]}"] = row
    found = collected(last_of_each(frame, "who", order, numbered=numbered))
    assert sorted(row[ROW] for row in found) == sorted(row[ROW] for row in last.values())  # type: ignore[type-var]
    assert found[0].keys() == rows[0].keys()


def test_rows_without_a_number_get_one() -> None:
    assert numbers_rows(pandas.DataFrame({"a": [3]}))
    assert not numbers_rows(pandas.DataFrame({"a": [3], ROW: [1]}))
    assert not numbers_rows(polars.LazyFrame({"a": [3]}))
