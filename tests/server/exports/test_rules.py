from __future__ import annotations

import datetime as dt

import pytest

from winback.server.exports.rules import WHOLE, days_of, key_of, pooled, sorts_of, spans, to_merge

TODAY = dt.date(2026, 11, 22)
USUAL = ("0-10", "0-6", "9-10")


@pytest.mark.parametrize(
    ("table", "day", "key"),
    [
        ("feedback", dt.date(2026, 11, 1), "2026-11-01"),
        ("feedback", dt.date(2026, 10, 31), "2026-10"),
        ("feedback", dt.date(2026, 12, 1), "2026-12-01"),
        ("feedback", None, "undated"),
        ("customer_periods", dt.date(2026, 11, 1), "2026-11"),
        ("customer_periods", None, "all"),
        ("customers", None, "all"),
        ("departures", dt.date(2026, 11, 1), "all"),
    ],
)
def test_the_file_a_day_belongs_to(table: str, day: dt.date | None, key: str) -> None:
    assert key_of(table, day, TODAY) == key


def test_the_days_a_file_holds() -> None:
    assert days_of("2026-11-21") == (dt.date(2026, 11, 21), dt.date(2026, 11, 21))
    assert days_of("2026-12") == (dt.date(2026, 12, 1), dt.date(2026, 12, 31))
    assert days_of("2024-02") == (dt.date(2024, 2, 1), dt.date(2024, 2, 29))
    assert days_of(WHOLE) is days_of("undated") is None


def test_days_of_a_closed_month_are_merged() -> None:
    there = ["2026-09", "2026-10-30", "2026-10-31", "2026-11-02", "undated"]
    assert to_merge(there, TODAY) == {"2026-10-30": "2026-10", "2026-10-31": "2026-10"}


def test_days_are_cut_into_parts_of_bounded_size() -> None:
    day = [dt.date(2026, 10, n) for n in range(1, 6)]
    counted = dict(zip(day, (4, 6, 3, 20, 1), strict=True))
    assert spans(counted, 10) == [(day[0], day[1]), (day[2], day[2]), (day[3], day[3]), (day[4], day[4])]
    assert spans({}, 10) == []


def test_one_named_sort_takes_in_what_names_none() -> None:
    (one,) = sorts_of({"a": {"relationship": 5, "": 3}}, {"a": USUAL})
    assert (one.key, one.survey, one.answers, one.alone) == ("relationship.0-10", "relationship", 8, True)
    (one,) = sorts_of({"a": {"": 3}}, {"a": USUAL})
    assert (one.key, one.survey, one.title) == ("all.0-10", None, "All answers, 0-10")


def test_several_sorts_and_scales_never_mix() -> None:
    counted = {"a": {"relationship": 5, "transactional": 9, "": 30}, "b": {"": 7}, "c": {"": 2}, "gone": {"": 99}}
    scales = {"a": USUAL, "b": ("1-5", "", ""), "c": ("1-5", "1-2", "5")}
    found = sorts_of(counted, scales)
    assert [(one.key, one.answers, one.sources) for one in found] == [
        ("transactional.0-10", 9, ("a",)),
        ("all.1-5", 7, ("b",)),
        ("relationship.0-10", 5, ("a",)),
        ("all.1-5.1-2.5", 2, ("c",)),
        ("unknown.0-10", 30, ("a",)),
    ]
    assert found[3].bands.describe()["passives"] == "3-4"


def test_stats_of_files_add_up() -> None:
    files = [
        {"a": {"answers": {"": 2}, "filled": {"customer": 2}, "runs": [1]}},
        {"a": {"answers": {"": 1, "benchmark": 4}, "filled": {"attribute plan": 1}, "runs": [1]}},
    ]
    assert pooled(files) == (
        {"a": {"": 3, "benchmark": 4}},
        {"a": {"customer": 2, "attribute plan": 1}},
    )
