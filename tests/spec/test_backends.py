"""The engines themselves: what goes in as Arrow comes out the same through Narwhals, and is added up the same.

Where one of these fails, the fault is with the engine or its fixture, not with an analysis.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import narwhals as nw
import pyarrow as pa
import pytest

from tests.peers import engines
from tests.peers import spark as spark_peer
from tests.peers.engines import Backend

UTC = dt.UTC
ROWS: list[dict[str, Any]] = [
    {
        "id": 1,
        "region": "north",
        "score": 9.0,
        "day": dt.date(2026, 1, 31),
        "at": dt.datetime(2026, 3, 29, 1, 30, tzinfo=UTC),  # an hour that clocks in Europe skip
        "money": Decimal("10.1000"),
        "flag": True,
    },
    {"id": 2, "region": "north", "score": 0.5, "day": None, "at": None, "money": Decimal("0.2000"), "flag": False},
    {
        "id": 3,
        "region": "süd, «日本»\n\"'",
        "score": None,
        "day": dt.date(2026, 3, 29),
        "at": dt.datetime(2026, 10, 25, 23, 59, 59, 999999, tzinfo=UTC),
        "money": None,
        "flag": None,
    },
    {
        "id": 2**53 + 1,  # no float holds it
        "region": None,
        "score": 0.1 + 0.2,
        "day": dt.date(1969, 12, 31),
        "at": dt.datetime(1969, 12, 31, 0, 0, 0, 1, tzinfo=UTC),
        "money": Decimal("-99999999999999.9999"),  # all of decimal(18, 4)
        "flag": True,
    },
    {"id": 5, "region": "", "score": -1.5, "day": None, "at": None, "money": Decimal("0.0001"), "flag": None},
]
SCHEMA = pa.schema(
    {
        "id": pa.int64(),
        "region": pa.string(),
        "score": pa.float64(),
        "day": pa.date32(),
        "at": pa.timestamp("us", tz="UTC"),
        "money": pa.decimal128(18, 4),
        "flag": pa.bool_(),
    }
)
TINY = pa.Table.from_pylist(ROWS, schema=SCHEMA)


def rows(frame: nw.LazyFrame[Any], *, by: str) -> list[dict[str, Any]]:
    """Collect a frame as Python rows in an order of our own: no engine promises one. Blanks come first."""
    table = frame.collect(backend="pyarrow").to_arrow()
    return sorted(
        table.to_pylist(), key=lambda row: (row[by] is not None, row[by] or 0 if by == "id" else row[by] or "")
    )


def test_rows_come_back_as_they_went_in(backend: Backend) -> None:
    frame = nw.from_native(backend(TINY, "tiny")).lazy()
    assert rows(frame, by="id") == sorted(ROWS, key=lambda row: row["id"])


def test_types_are_seen_as_they_are(backend: Backend) -> None:
    schema = nw.from_native(backend(TINY, "tiny")).lazy().collect_schema()
    assert dict(schema) == {
        "id": nw.Int64(),
        "region": nw.String(),
        "score": nw.Float64(),
        "day": nw.Date(),
        "at": nw.Datetime("us", "UTC"),
        "money": nw.Decimal(18, 4),
        "flag": nw.Boolean(),
    }


def test_groups_are_added_up_alike(backend: Backend) -> None:
    summed = (
        nw.from_native(backend(TINY, "tiny"))
        .lazy()
        # pyarrow and pandas aggregate plain columns only, so casts come before group_by
        .with_columns(nw.col("flag").cast(nw.Int64))
        .group_by("region")
        .agg(
            nw.len().alias("rows"),
            nw.col("score").count().alias("scores"),
            nw.col("score").sum(),
            nw.col("money").sum(),
            nw.col("flag").sum(),
            nw.col("day").min().alias("first_day"),
            nw.col("at").max().alias("last_at"),
            nw.col("id").max().alias("highest"),
        )
    )
    found = {row.pop("region"): row for row in rows(summed, by="region")}
    assert found == {
        "north": {
            "rows": 2,
            "scores": 2,
            "score": 9.5,
            "money": Decimal("10.3"),
            "flag": 1,
            "first_day": dt.date(2026, 1, 31),
            "last_at": dt.datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
            "highest": 2,
        },
        "süd, «日本»\n\"'": {
            "rows": 1,
            "scores": 0,
            "score": 0.0,
            "money": Decimal(0),
            "flag": 0,
            "first_day": dt.date(2026, 3, 29),
            "last_at": dt.datetime(2026, 10, 25, 23, 59, 59, 999999, tzinfo=UTC),
            "highest": 3,
        },
        None: {
            "rows": 1,
            "scores": 1,
            "score": 0.1 + 0.2,
            "money": Decimal("-99999999999999.9999"),
            "flag": 1,
            "first_day": dt.date(1969, 12, 31),
            "last_at": dt.datetime(1969, 12, 31, 0, 0, 0, 1, tzinfo=UTC),
            "highest": 2**53 + 1,
        },
        "": {
            "rows": 1,
            "scores": 1,
            "score": -1.5,
            "money": Decimal("0.0001"),
            "flag": 0,
            "first_day": None,
            "last_at": None,
            "highest": 5,
        },
    }


def test_the_day_of_a_time_is_its_day_in_utc(backend: Backend) -> None:
    frame = nw.from_native(backend(TINY, "tiny")).lazy()
    days = frame.filter(~nw.col("at").is_null()).select("id", day=nw.col("at").dt.truncate("1d"))
    assert [row["day"].date() for row in rows(days, by="id")] == [
        dt.date(2026, 3, 29),
        dt.date(2026, 10, 25),
        dt.date(1969, 12, 31),
    ]


def test_frames_of_one_engine_can_be_joined(backend: Backend) -> None:
    customers = pa.table({"region": ["north", ""], "owner": ["Ada", "Bo"]})
    left = nw.from_native(backend(TINY, "feedback")).lazy().select("id", "region")
    right = nw.from_native(backend(customers, "customers")).lazy()
    joined = left.join(right, on="region", how="left").select("id", "owner")
    assert [row["owner"] for row in rows(joined, by="id")] == ["Ada", "Ada", None, "Bo", None]


def test_plain_pandas_hides_the_types_of_dates_decimals_and_blanks() -> None:
    schema = nw.from_native(engines.pandas_plain()(TINY, "tiny")).lazy().collect_schema()
    assert {name for name, type_ in schema.items() if type_ == nw.Object()} == {"day", "money", "flag"}


@pytest.mark.spark
@pytest.mark.xdist_group("spark_cluster")
def test_the_cluster_works_with_two_executors(spark: spark_peer.Spark) -> None:
    session = spark.session("cluster")
    assert session.range(1000, numPartitions=4).count() == 1000
    # the driver counts among those that hold blocks
    assert session.sparkContext._jsc.sc().getExecutorMemoryStatus().size() == spark_peer.WORKERS + 1
    assert session.conf.get("spark.master", "").startswith("spark://127.0.0.1:")
