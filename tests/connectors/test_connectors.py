"""What is said to wb.read reaches the reader."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import winback as wb
from tests.connectors.making import TODAY, column, csv_file
from winback import connectors
from winback.errors import UserError

ROWS = [
    ["score", "other", "answered", "customer", "region", "plan", "comment"],
    ["9", "1", "01/02/2026 23:30", "C1", "north", "pro", "quick and very kind people"],
    ["3", "5", "03/04/2026 10:00", "C2", "south", "pro", "nobody ever called me back"],
    ["7", "2", "05/06/2026 10:00", "C1", "north", "basic", "it was fine, I suppose so"],
    ["99", "4", "05/06/2026 11:00", "C2", "south", "basic", "I would rather not say it"],
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return csv_file(tmp_path, ROWS)


def read(path: Path, **said: object) -> connectors.Reading:
    """With what every test needs to say: no other date than mdy, 99 for no answer."""
    return wb.read(path, **{"blank": ("99",), "scale": "0-10", "date_format": "mdy", "today": TODAY} | said)  # type: ignore[arg-type]


def test_score_names_the_column(path: Path) -> None:
    assert column(read(path)) == [9, 3, 7, None]
    assert column(read(path, score="other")) == [1, 5, 2, 4]


@pytest.mark.parametrize(
    ("by", "columns"), [("plan", ("plan",)), (["plan"], ("plan",)), (("plan", "region"), ("plan", "region"))]
)
def test_by_is_one_name_or_several(path: Path, by: str | list[str], columns: tuple[str, ...]) -> None:
    reading = read(path, by=by)
    assert reading.mapping["by"] == reading.attributes == columns


def test_scale_says_what_is_worst_and_best(path: Path) -> None:
    reading = read(path, score="other", scale="5-1")
    assert reading.scale_given
    assert reading.tables.bands.describe() == {"scale": "5-1", "detractors": "3-5", "passives": "2", "promoters": "1"}


def test_a_scale_that_lacks_a_score_rejects_it(path: Path) -> None:
    reading = read(path, score="other", scale="1-4", detractors="1-2", promoters="4")
    assert reading.rejected == {"score_out_of_range": 1}
    assert column(reading) == [1, 2, 4]


@pytest.mark.parametrize("blank", ["99", ("99",), ["99"]])
def test_blank_is_no_answer(path: Path, blank: str | list[str]) -> None:
    reading = read(path, blank=blank)
    assert (reading.rows, reading.blank, reading.rejected) == (4, 1, {})
    assert read(path, blank=()).rejected == {"score_out_of_range": 1}


@pytest.mark.parametrize(
    ("tz", "moment"), [("UTC", "2026-01-02 23:30:00+00"), ("America/New_York", "2026-01-03 04:30:00+00")]
)
def test_tz_is_the_zone_of_times_without_one(path: Path, tz: str, moment: str) -> None:
    reading = read(path, tz=tz)
    assert reading.tables.zone == tz
    assert column(reading, "local_date")[0] == dt.date(2026, 1, 2)
    assert column(reading, "occurred_at")[0] == moment


@pytest.mark.parametrize(
    ("order", "days"),
    [
        ("mdy", [dt.date(2026, 1, 2), dt.date(2026, 3, 4), dt.date(2026, 5, 6)]),
        ("dmy", [dt.date(2026, 2, 1), dt.date(2026, 4, 3), dt.date(2026, 6, 5)]),
    ],
)
def test_date_format_says_which_is_the_month(path: Path, order: str, days: list[dt.date]) -> None:
    assert column(read(path, date_format=order), "local_date")[:3] == days


@pytest.mark.parametrize(
    ("said", "role", "found", "none"),
    [
        ({"date": "-"}, "date", "answered", None),
        ({"customer": "-"}, "customer", "customer", None),
        ({"text": "-"}, "text", ("comment",), ()),
        ({"by": "-"}, "by", ("region", "plan"), ()),
    ],
)
def test_a_dash_forbids_detection(path: Path, said: dict[str, str], role: str, found: object, none: object) -> None:
    usual = read(path, by="-" if role != "by" else ())
    assert usual.mapping[role] == found and role in usual.detected
    reading = read(path, **said)
    assert reading.mapping[role] == none and role not in reading.detected


def test_a_score_cannot_be_forbidden(path: Path) -> None:
    with pytest.raises(UserError, match=r"needs a score; name the column of feedback\.csv with --score COL"):
        read(path, score="-")


def test_every_connector_is_a_folder_and_a_line() -> None:
    home = Path(connectors.__file__).parent
    assert set(connectors.BUILTIN) == {place.parent.name for place in home.glob("*/__init__.py")}
    assert all(connectors.BUILTIN.values())
