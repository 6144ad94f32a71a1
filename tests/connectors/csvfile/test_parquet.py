"""Parquet files: read where they lie, whatever they are called and whatever their columns are."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.connectors.making import byte_file, column, engine_of_tests, parquet_file, read, rejects, rows_of
from winback.connectors.csvfile import parquet, stage
from winback.errors import UserError

UTC = dt.UTC


def test_names_types_and_rows(tmp_path: Path) -> None:
    staged = stage(parquet_file(tmp_path, {"score": pa.array([9, 3], pa.int8()), "region": ["north", None]}))
    assert staged.names == ("score", "region")
    assert staged.types == ("TINYINT", "VARCHAR")
    assert rows_of(staged) == {1: (9, "north"), 2: (3, None)}
    assert staged.rows == 2
    assert staged.is_lazy


@pytest.mark.parametrize("name", ["feed[1].parquet", "a*.parquet", "x.csv"])  # others: test_safety
def test_file_and_folder_may_be_called_anything(tmp_path: Path, name: str) -> None:
    parquet_file(tmp_path, {"score": [1]}, "axb.parquet")  # what a pattern would find
    folder = tmp_path / f"region=north {name}"
    folder.mkdir()
    path = parquet_file(folder, {"score": [9, 0]}, name)
    assert stage(path).names == ("score",)
    assert column(read(path)) == [9, 0]


def test_scores_of_every_type(tmp_path: Path) -> None:
    for values in (
        pa.array([9, 0, None], pa.int8()), pa.array([9, 0, None], pa.uint64()), pa.array([9.0, 0.0, None], pa.float32()),
        pa.array([9.0, 0.0, float("nan")]), pa.array([Decimal("9.00"), Decimal("0.00"), None]),
        pa.array(["9", "0", ""]), pa.array(["9 - very", " 0\t", "n/a"]).dictionary_encode(),
    ):  # fmt: skip
        reading = read(parquet_file(tmp_path, {"score": values}))
        assert column(reading) == [9, 0, None], values.type
        assert reading.blank == 1


def test_rows_off_the_scale_are_rejected_with_their_row(tmp_path: Path) -> None:
    at = pa.array([dt.datetime(2026, 11, day, 12, tzinfo=UTC) for day in (1, 2, 3, 4)], pa.timestamp("us", tz="UTC"))
    for values in (
        pa.array([9, 12, 0, -1], pa.int16()),
        pa.array([9, 12.0, 0, float("-inf")]),
        pa.array(["9", "12", "0", "x"]),
    ):
        reading = read(
            parquet_file(tmp_path, {"score": values, "at": at, "tags": [["a"], [], None, ["b", "c"]]}), scale="0-10"
        )
        assert column(reading) == [9, 0]
        rows = reading.rejected_rows().to_pylist()
        assert [row["line"] for row in rows] == [2, 4]
        assert rows[0]["at"] == "2026-11-02 12:00:00+00"
        assert rows[1]["tags"] == "[b, c]"


def test_values_that_mean_no_answer(tmp_path: Path) -> None:
    path = parquet_file(tmp_path, {"score": pa.array([9, 11, 0, None], pa.int8())})
    reading = read(path, scale="0-10", blanks=("11",))
    assert column(reading) == [9, None, 0, None]
    assert (reading.blank, reading.rejected) == (2, {})


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "America/New_York"])
def test_times_of_every_type(tmp_path: Path, unit: str, zone: str | None) -> None:
    at = dt.datetime(2026, 11, 20, 23, 30, tzinfo=UTC if zone else None)
    path = parquet_file(tmp_path, {"score": [9, 0], "answered_at": pa.array([at, None], pa.timestamp(unit, tz=zone))})
    for workspace, moment, day in (
        ("UTC", "2026-11-20 23:30:00+00", dt.date(2026, 11, 20)),
        (
            "Europe/Berlin",
            "2026-11-20 23:30:00+00" if zone else "2026-11-20 22:30:00+00",
            dt.date(2026, 11, 21 if zone else 20),
        ),
    ):
        reading = read(path, zone=workspace)
        assert column(reading, "occurred_at") == [moment, None]
        assert column(reading, "local_date") == [day, None]
        assert reading.without_date == 1


def test_days(tmp_path: Path) -> None:
    path = parquet_file(tmp_path, {"score": [9, 0], "date": pa.array([dt.date(2026, 11, 20), dt.date(2026, 3, 29)])})
    reading = read(path, zone="Europe/Berlin")
    assert column(reading, "local_date") == [dt.date(2026, 11, 20), dt.date(2026, 3, 29)]
    assert column(reading, "occurred_at") == ["2026-11-19 23:00:00+00", "2026-03-28 23:00:00+00"]


@pytest.mark.parametrize("zone", [None, "UTC"])
@pytest.mark.parametrize("workspace", ["UTC", "Asia/Tokyo"])
def test_broken_clocks_are_rejected_and_never_trip_the_calendar(
    tmp_path: Path, zone: str | None, workspace: str
) -> None:
    fine, future = (int(dt.datetime(*day, tzinfo=UTC).timestamp() * 1e6) for day in ((2026, 11, 20), (2027, 1, 1)))
    clocks = pa.array([fine, 0, 2**63 - 2, -(2**63) + 2, future, None], pa.int64())
    times = clocks.cast(pa.timestamp("us", tz=zone))
    reading = read(parquet_file(tmp_path, {"score": [0, 1, 2, 3, 4, 5], "date": times}), zone=workspace)
    assert rejects(reading) == {2: "date_implausible", 3: "date_in_future", 4: "date_implausible", 5: "date_in_future"}
    assert column(reading) == [0, 5]
    assert reading.without_date == 1


def test_no_date_at_all(tmp_path: Path) -> None:
    path = parquet_file(
        tmp_path, {"score": [9, 0], "when": pa.array([None, None], pa.timestamp("us")), "n": [1.5, 2.5]}
    )
    with pytest.raises(
        UserError, match='"when" of feedback.parquet holds no date at all; give another column with --date'
    ):
        read(path, date="when")
    with pytest.raises(UserError, match='"n" of feedback.parquet is no date'):
        read(path, date="n")


def test_columns_may_be_called_anything(tmp_path: Path) -> None:
    names = ["score", "Score", "", "select", 'a"b', "c0", "line", "it's", "{}", "x" * 500, "raw", "a\x00b", "moment"]
    table = pa.table([pa.array([9, 0])] * 2 + [pa.array(["u", "v"])] * (len(names) - 2), names=names)
    pq.write_table(table, tmp_path / "a.parquet")
    reading = read(
        tmp_path / "a.parquet", score="score", by=("Score", "select", 'a"b', "c0", "line", "it's", "x" * 500)
    )
    assert reading.attributes == ("Score (column)", "select", 'a"b', "c0", "line", "it's", "x" * 500)
    assert column(reading, 'a"b') == ["u", "v"]
    assert stage(tmp_path / "a.parquet", engine_of_tests()).names[2::9] == ("column 3", "a b")


def test_the_one_name_that_the_engine_needs(tmp_path: Path) -> None:
    with pytest.raises(UserError, match='has a column "file_row_number", a name that the engine needs; rename it'):
        stage(parquet_file(tmp_path, {"score": [9], "File_Row_Number": [1]}))


def test_no_rows(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"has a header \(score, region\) and no rows"):
        stage(parquet_file(tmp_path, {"score": pa.array([], pa.int8()), "region": pa.array([], pa.string())}))


@pytest.mark.parametrize("kept", [0.05, 0.5, 0.99])
def test_a_file_that_was_cut(tmp_path: Path, kept: float) -> None:
    data = parquet_file(tmp_path, {"score": list(range(1000)), "region": ["north", "south"] * 500}).read_bytes()
    with pytest.raises(UserError, match=r"a.parquet is damaged or was cut short \(.*\); export it again"):
        stage(byte_file(tmp_path, data[: int(len(data) * kept)], "a.parquet"))


def test_pages_that_are_damaged(tmp_path: Path) -> None:
    path = parquet_file(tmp_path, {"score": [i % 11 for i in range(5000)], "c": [f"text {i}" for i in range(5000)]})
    data = bytearray(path.read_bytes())
    data[20:1500] = bytes(1480)
    with pytest.raises(UserError, match="is damaged or was cut short"):
        read(byte_file(tmp_path, bytes(data), "a.parquet"))


def test_tidy_columns_are_those_whose_smallest_text_is_no_blank(tmp_path: Path) -> None:
    columns = {
        "tidy": ["a", "b"], "blank": ["", "b"], "spaced": [" a", "b"], "tab": ["\ta", "b"], "missing": ["a", None],
        "number": [1, 2], "nested": [{"x": "a", "y": "a"}] * 2,
    }  # fmt: skip
    assert stage(parquet_file(tmp_path, {n: v for n, v in columns.items() if n != "nested"})).tidy == {
        "tidy",
        "missing",
    }
    assert stage(parquet_file(tmp_path, columns)).tidy == frozenset()  # columns within columns are not counted off
    assert stage(parquet_file(tmp_path, {"tidy": ["a"]}, write_statistics=False)).tidy == frozenset()


def test_statistics_of_very_many_column_chunks_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "MOST_STATISTICS", 3)
    assert stage(parquet_file(tmp_path, {"a": ["x"] * 4}, row_group_size=2)).tidy == {"a"}
    assert stage(parquet_file(tmp_path, {"a": ["x"] * 4}, row_group_size=1)).tidy == frozenset()


def test_the_sample_comes_from_all_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("winback.connectors.csvfile.shelf.SAMPLE", 80)
    path = parquet_file(tmp_path, {"n": list(range(10_000))}, row_group_size=1000)
    sample = [int(text) for text in stage(path).sample.column("c0").to_pylist()]
    assert len(sample) == 80
    assert sample == sorted(sample)
    assert (sample[0], sample[-1]) == (0, 9999)
