"""Any frame becomes a lazy one with an order."""

from __future__ import annotations

import narwhals as nw
import pandas
import polars
import pyarrow as pa
import pytest

from winback.analysis.frames import ROW, lazy_frame, lazy_table, names_of


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
