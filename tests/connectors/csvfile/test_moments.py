"""The date column: which way it writes its dates is told from every row; what is no plausible date is refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.connectors.making import TODAY, column, csv_file, engine_of_tests, read, rejects, text_file
from winback.connectors.csvfile import moments, stage
from winback.connectors.csvfile.moments import check_zone
from winback.connectors.reading import Reading
from winback.errors import UserError


def of_dates(folder: Path, dates: list[str], **said: object) -> Reading:
    return read(csv_file(folder, [["score", "date"], *[[str(n % 11), date] for n, date in enumerate(dates)]]), **said)


def test_the_order_of_day_and_month_is_that_which_reads_more(tmp_path: Path) -> None:
    reading = of_dates(tmp_path, ["05/01/2026", "31/01/2026", "30/01/2026", "01/31/2026"])
    assert column(reading, "local_date") == [dt.date(2026, 1, 5), dt.date(2026, 1, 31), dt.date(2026, 1, 30)]
    assert rejects(reading) == {5: "date_unreadable"}
    assert reading.warnings == ('1 dates in "date" cannot be read day first, as the others are (detected: dmy).',)
    assert (
        reading.examples[0]["message"]
        == 'feedback.csv line 5: date "01/31/2026" cannot be read; write it like 2026-11-21'
    )


def test_the_order_is_told_from_every_row(tmp_path: Path) -> None:
    dates = [f"{1 + n % 12:02}/{1 + n // 12 % 12:02}/2026" for n in range(5000)]
    with pytest.raises(
        UserError, match=r'The dates in "date" of feedback.csv, such as 01/02/2026, can be read day first or month'
    ):
        of_dates(tmp_path, dates, date="date")
    assert column(of_dates(tmp_path, [*dates, "13/01/2026"], date="date"), "local_date")[1] == dt.date(2026, 1, 2)
    assert column(of_dates(tmp_path, [*dates, "01/13/2026"], date="date"), "local_date")[1] == dt.date(2026, 2, 1)


def test_the_user_settles_the_order(tmp_path: Path) -> None:
    dates = ["05/01/2026", "06/02/2026"]
    with pytest.raises(UserError, match="say which with --date-format dmy or --date-format mdy"):
        of_dates(tmp_path, dates)
    assert column(of_dates(tmp_path, dates, date_order="mdy"), "local_date") == [
        dt.date(2026, 5, 1),
        dt.date(2026, 6, 2),
    ]
    assert column(of_dates(tmp_path, dates, date_order="dmy"), "local_date") == [
        dt.date(2026, 1, 5),
        dt.date(2026, 2, 6),
    ]
    with pytest.raises(UserError, match='--date-format "ymd" is not known'):
        of_dates(tmp_path, dates, date_order="ymd")


def test_as_many_either_way_is_no_answer(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="can be read day first or month first"):
        of_dates(tmp_path, ["31/01/2026", "01/31/2026", "02/03/2026"])


def test_a_day_that_is_its_month_leaves_no_doubt(tmp_path: Path) -> None:
    assert column(of_dates(tmp_path, ["05/05/2026", "06/06/2026"]), "local_date") == [
        dt.date(2026, 5, 5),
        dt.date(2026, 6, 6),
    ]


def test_blank_dates_are_kept_and_counted(tmp_path: Path) -> None:
    reading = of_dates(tmp_path, ["2026-01-05", "", "n/a", " - "])
    assert column(reading, "local_date") == [dt.date(2026, 1, 5), None, None, None]
    assert (reading.without_date, reading.rejected) == (3, {})


def test_clocks_never_set_spreadsheets_and_the_future(tmp_path: Path) -> None:
    dates = ["1970-01-01", "1899-12-30", "1989-12-31", "1990-01-01", "2026-11-22", "2026-11-23", "2062-01-01", "0001-01-01", "31/12/2026",
             "9999-12-31", "0000-01-01"]  # fmt: skip
    reading = of_dates(tmp_path, dates, date="date")
    assert [reason for _, reason in sorted(rejects(reading).items())] == [
        *["date_implausible"] * 3, "date_in_future", "date_in_future", "date_implausible", "date_in_future", "date_in_future",
        "date_implausible",
    ]  # fmt: skip
    # The day after today is still today somewhere.
    assert column(reading, "local_date") == [dt.date(1990, 1, 1), dt.date(2026, 11, 22)]


def test_today_is_a_day_of_the_zone(tmp_path: Path) -> None:
    tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=3)
    with pytest.raises(UserError, match="holds no date that can be read"):
        of_dates(tmp_path, ["soon"], date="date")
    assert rejects(of_dates(tmp_path, [f"{tomorrow}", "2026-01-01"], today=None)) == {2: "date_in_future"}


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("UTC", "2026-11-20 23:30:00+00", dt.date(2026, 11, 20)),
        ("Europe/Berlin", "2026-11-20 22:30:00+00", dt.date(2026, 11, 20)),
        ("America/Los_Angeles", "2026-11-21 07:30:00+00", dt.date(2026, 11, 20)),
    ],
)
def test_a_time_without_offset_is_the_zones(tmp_path: Path, zone: str, moment: str, day: dt.date) -> None:
    reading = of_dates(tmp_path, ["2026-11-20 23:30", "2026-11-20T23:30:00Z"], zone=zone)
    assert column(reading, "occurred_at") == [moment, "2026-11-20 23:30:00+00"]
    assert column(reading, "local_date")[0] == day
    assert column(reading, "local_date")[1] == (
        dt.date(2026, 11, 21) if zone == "Europe/Berlin" else dt.date(2026, 11, 20)
    )
    assert reading.tables.zone == zone


def test_hours_that_the_clocks_skip_or_run_twice(tmp_path: Path) -> None:
    reading = of_dates(tmp_path, ["2026-03-29 02:30", "2026-10-25 02:30"], zone="Europe/Berlin")
    assert column(reading, "occurred_at") == ["2026-03-29 01:30:00+00", "2026-10-25 01:30:00+00"]
    assert column(reading, "local_date") == [dt.date(2026, 3, 29), dt.date(2026, 10, 25)]


@pytest.mark.parametrize("zone", ["Nowhere/City", "", "../etc/passwd", "a'b", "UTC'; DROP", "localtime", "\x00"])
def test_zones_that_are_none(tmp_path: Path, zone: str) -> None:
    with pytest.raises(UserError, match="is no time zone; give a name like Europe/Berlin or UTC"):
        of_dates(tmp_path, ["2026-01-05"], zone=zone)


def test_zones_that_are_some() -> None:
    assert [check_zone(zone) for zone in ("UTC", "Asia/Kolkata", "Etc/GMT+5")] == ["UTC", "Asia/Kolkata", "Etc/GMT+5"]


def test_expressions_that_stand_alone(tmp_path: Path) -> None:
    staged = stage(text_file(tmp_path, "d\n2026-01-05 10:30\n"), engine_of_tests())
    when = moments.understand(staged, "d", zone="UTC", order=None, today=TODAY, alone=True)
    assert when.helper is None
    assert staged.one(f"SELECT CAST({when.local_date} AS VARCHAR), CAST({when.occurred_at} AS VARCHAR) FROM raw") == (
        "2026-01-05", "2026-01-05 10:30:00+00",
    )  # fmt: skip


def test_dates_with_white_space_of_other_kinds_around_them(tmp_path: Path) -> None:
    reading = of_dates(tmp_path, ["\u00a02026-01-05\t", "2026-01-06\n"])
    assert column(reading, "local_date") == [dt.date(2026, 1, 5), dt.date(2026, 1, 6)]
