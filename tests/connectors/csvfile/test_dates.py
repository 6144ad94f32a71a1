"""Dates written as text: Python tells the way of writing, the engine reads it."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.connectors.making import engine_of_tests
from winback.connectors.csvfile.dates import DateFormat, all_patterns, patterns_of, share_of_dates
from winback.connectors.csvfile.engine import over
from winback.connectors.csvfile.moments import instant


def engine_reads(found: DateFormat, texts: list[str], zone: str = "UTC") -> list[str | None]:
    relation = engine_of_tests().from_arrow(pa.table({"t": texts, "n": list(range(len(texts)))}))
    sql = f"SELECT CAST({found.sql('t', instant(zone))} AS VARCHAR) FROM it ORDER BY n"
    return [None if row[0] is None else row[0].removesuffix("+00") for row in over(relation, sql).fetchall()]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-21", "2026-11-21 00:00:00"), ("2026-1-5", "2026-01-05 00:00:00"), ("2026-11-21 10:30", "2026-11-21 10:30:00"),
        ("2026-11-21T10:30:15", "2026-11-21 10:30:15"), ("2026-11-21 10:30:15.25", "2026-11-21 10:30:15.25"),
        ("2026-11-21T10:30:15,25", "2026-11-21 10:30:15.25"), ("2026-11-21T10:30:15Z", "2026-11-21 10:30:15"),
        ("2026-11-21 10:30 UTC", "2026-11-21 10:30:00"), ("2026-11-21 10:30:15 +02:00", "2026-11-21 08:30:15"),
        ("2026-11-21T10:30:15.123456-0330", "2026-11-21 14:00:15.123456"), ("2026-11-21 10:30+02", "2026-11-21 08:30:00"),
        ("2026-02-29", None), ("2026-13-01", None), ("2026-11-21 25:00", None), ("2026-11-21 10:30 PST", None),
        ("2026-11-21 and more", None), ("infinity", None), ("epoch", None), ("0044-03-15 (BC)", None), ("", None),
    ],
)  # fmt: skip
def test_iso_dates(text: str, moment: str | None) -> None:
    assert engine_reads(DateFormat(), [text]) == [moment]


@pytest.mark.parametrize(
    ("text", "dmy", "mdy"),
    [
        ("05/01/2026", "2026-01-05 00:00:00", "2026-05-01 00:00:00"), ("5.1.26", "2026-01-05 00:00:00", "2026-05-01 00:00:00"),
        ("5-1-2026 9:05", "2026-01-05 09:05:00", "2026-05-01 09:05:00"),
        ("05/01/2026 03:04:05 pm", "2026-01-05 15:04:05", "2026-05-01 15:04:05"),
        ("05/01/2026, 03:04PM", "2026-01-05 15:04:00", "2026-05-01 15:04:00"),
        ("05/01/2026 03:04:05.5", "2026-01-05 03:04:05.5", "2026-05-01 03:04:05.5"),
        ("31/01/2026", "2026-01-31 00:00:00", None), ("01/31/2026", None, "2026-01-31 00:00:00"), ("31/31/2026", None, None),
        ("2026/01/05", "2026-01-05 00:00:00", "2026-01-05 00:00:00"), ("20260105", "2026-01-05 00:00:00", "2026-01-05 00:00:00"),
        ("5 Jan 2026", "2026-01-05 00:00:00", "2026-01-05 00:00:00"), ("5-JAN-26", "2026-01-05 00:00:00", "2026-01-05 00:00:00"),
        ("5. May 2026", "2026-05-05 00:00:00", "2026-05-05 00:00:00"), ("January 5, 2026", "2026-01-05 00:00:00", "2026-01-05 00:00:00"),
        ("Sep 5 2026 10:30", "2026-09-05 10:30:00", "2026-09-05 10:30:00"), ("5 September 2026", "2026-09-05 00:00:00", "2026-09-05 00:00:00"),
    ],
)  # fmt: skip
def test_other_ways_of_writing(text: str, dmy: str | None, mdy: str | None) -> None:
    for order, moment in (("dmy", dmy), ("mdy", mdy)):
        found = DateFormat(all_patterns([text], order), iso=False)
        assert found.patterns
        assert engine_reads(found, [text]) == [moment]


@pytest.mark.parametrize(
    "text", ["north", "12", "2026", "1/2", "1/2.2026", "123456", "5 Foo 2026", "10:30", "1/2/026", "٠٥/٠١/٢٠٢٦"]
)
def test_texts_that_are_no_date(text: str) -> None:
    assert patterns_of(text, "dmy") == patterns_of(text, "mdy") == []
    assert share_of_dates([text]) == 0


def test_several_ways_side_by_side() -> None:
    texts = ["05.01.2026", "5.1.26", "2026-01-05", "5 Jan 2026", "05.01.2026 10:30", "garbage", "1.13.2026"]
    found = DateFormat(all_patterns(texts, "dmy"))
    day = "2026-01-05 00:00:00"
    assert engine_reads(found, texts) == [day, day, day, day, "2026-01-05 10:30:00", None, None]


def test_a_year_of_two_digits_is_never_read_with_four() -> None:
    found = DateFormat(all_patterns(["5.1.2026"], "dmy"), iso=False)
    assert engine_reads(found, ["5.1.26", "5.1.2026"]) == [None, "2026-01-05 00:00:00"]
    both = DateFormat(all_patterns(["5.1.2026", "5.1.26"], "dmy"), iso=False)
    assert engine_reads(both, ["5.1.26", "5.1.2026"]) == ["2026-01-05 00:00:00"] * 2


def test_zones_gaps_and_overlaps() -> None:
    # The clocks of Berlin jumped from 2 to 3 on 29 March 2026, and ran from 2 to 3 twice on 25 October.
    texts = ["2026-03-29 01:59", "2026-03-29 02:30", "2026-03-29 03:00", "2026-10-25 01:59", "2026-10-25 02:30", "2026-10-25 03:00",
             "2026-10-25 02:30+02:00"]  # fmt: skip
    assert engine_reads(DateFormat(), texts, "Europe/Berlin") == [
        "2026-03-29 00:59:00", "2026-03-29 01:30:00", "2026-03-29 01:00:00", "2026-10-24 23:59:00", "2026-10-25 01:30:00",
        "2026-10-25 02:00:00", "2026-10-25 00:30:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "share"),
    [
        ([], 0), (["2026-01-05", "2026-01-06 10:30"], 1), (["31/12/2025", "12/31/2025"], 1), (["2026-01-05", "x"], 0.5),
        (["1970-01-01", "01.01.1970", "1899-12-30 10:00"], 0), (["20260105"], 1), (["12345678", "19991399"], 0),
        (["13/13/2026"], 0), ([" 2026-01-05 "], 1), (["5 Jan 2026"], 1),
        (["1970-01-01", "2099-01-01", "2026-01-05"], 1),
    ],
)  # fmt: skip
def test_shares(values: list[str], share: float) -> None:
    assert share_of_dates(values) == share


@given(
    st.datetimes(dt.datetime.fromisoformat("1990-01-02"), dt.datetime.fromisoformat("2099-12-30")),
    st.sampled_from(["dmy", "mdy"]), st.sampled_from("/.-"), st.sampled_from(["", " %H:%M", " %H:%M:%S", ", %I:%M %p"]),
)  # fmt: skip
@settings(max_examples=30, deadline=None)
def test_a_date_written_is_a_date_read(moment: dt.datetime, order: str, sign: str, time: str) -> None:
    parts = ("%d", "%m", "%Y") if order == "dmy" else ("%m", "%d", "%Y")
    text = moment.strftime(sign.join(parts) + time)
    kept = {"": "%Y-%m-%d 00:00:00", " %H:%M:%S": "%Y-%m-%d %H:%M:%S"}.get(time, "%Y-%m-%d %H:%M:00")
    assert engine_reads(DateFormat(all_patterns([text], order)), [text]) == [moment.strftime(kept)]
