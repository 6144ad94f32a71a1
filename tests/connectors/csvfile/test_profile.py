"""What columns look like, on a sample."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa

from tests.connectors.making import csv_file, engine_of_tests, parquet_file
from winback.connectors.csvfile import profile as profile_module
from winback.connectors.csvfile import stage
from winback.connectors.csvfile.profile import Profile, profile


def of_values(folder: Path, values: list[Any], name: str = "x") -> Profile:
    return profile(stage(csv_file(folder, [[name, "n"], *[[value, "1"] for value in values]]), engine_of_tests()))[name]


def test_shares_are_of_the_values_that_are_not_blank(tmp_path: Path) -> None:
    seen = of_values(tmp_path, ["9", "8", "n/a", " ", "great", "9"])
    assert (seen.rows, seen.distinct, seen.values) == (6, 3, ("9", "8", "great"))
    assert seen.filled == 4 / 6
    assert seen.numeric == 2 / 3
    assert seen.length == 7 / 3
    assert seen.blank_words
    assert not of_values(tmp_path, ["9", "8"]).blank_words


def test_a_blank_column(tmp_path: Path) -> None:
    seen = of_values(tmp_path, ["", "n/a"])
    assert (seen.filled, seen.distinct, seen.values, seen.numeric, seen.dates, seen.length) == (0, 0, (), 0, 0, 0)
    assert not (seen.is_unique or seen.is_prose or seen.is_attribute())


def test_the_most_frequent_values_come_first_and_those_seen_first_among_equals(tmp_path: Path) -> None:
    assert of_values(tmp_path, ["c", "b", "a", "b", "a", "b"]).values == ("b", "a", "c")
    assert of_values(tmp_path, list("zyx")).values == ("z", "y", "x")


def test_very_many_values(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(profile_module, "DISTINCT", 10)
    seen = of_values(tmp_path, [f"id{n}" for n in range(100)])
    assert (seen.distinct, len(seen.values), seen.is_unique) == (100, 10, True)


def test_ids_prose_attributes_and_dates(tmp_path: Path) -> None:
    assert of_values(tmp_path, [f"R{n}" for n in range(99)] + ["R1"]).is_unique
    assert not of_values(tmp_path, ["a", "b"] * 5).is_unique
    assert of_values(tmp_path, ["the service was slow", "nobody ever answered me"] * 5).is_prose
    assert not of_values(tmp_path, ["north", "south"] * 5).is_prose
    assert not of_values(tmp_path, ["2026-01-05 10:30:15 UTC"] * 5).is_prose
    assert of_values(tmp_path, ["north", "south"] * 5).is_attribute()
    assert not of_values(tmp_path, ["north"] * 5).is_attribute()
    assert not of_values(tmp_path, ["1", "2"] * 5).is_attribute()
    assert not of_values(tmp_path, [f"customer {n}" for n in range(40)]).is_attribute()
    assert of_values(tmp_path, ["2026-01-05", "06.01.2026"]).dates == 1


def test_columns_with_types(tmp_path: Path) -> None:
    columns = {
        "i": pa.array([1, 2, None], pa.int8()), "f": [1.5, 2.5, float("nan")], "d": pa.array([0, 1, None], pa.date32()),
        "t": pa.array([0, 1, None], pa.timestamp("us", tz="UTC")), "b": [True, False, None], "l": [["a"], [], None],
        "e": pa.array(["x", "y", None]).dictionary_encode(),
    }  # fmt: skip
    seen = profile(stage(parquet_file(tmp_path, columns), engine_of_tests()))
    assert {name: (found.numeric, found.dates, found.distinct) for name, found in seen.items()} == {
        "i": (1, 0, 2), "f": (1, 0, 2), "d": (0, 1, 2), "t": (0, 1, 2), "b": (0, 0, 2), "l": (0, 0, 2), "e": (0, 0, 2),
    }  # fmt: skip
    assert seen["f"].filled == 2 / 3  # "nan" is a word for nothing
