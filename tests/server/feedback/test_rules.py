"""What a piece of feedback must be like."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from winback.errors import UserError
from winback.scales import Bands
from winback.server.feedback.rules import NewFeedback, checked, digest, local_date


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"external_id": " "}, "external_id is blank"),
        ({"score": float("nan")}, "outside 0-10"),
        ({"score": -1}, "score -1 is outside 0-10"),
        ({"kind": "rumour"}, 'kind "rumour" is none of survey, review'),
        ({"survey": "yearly"}, 'survey "yearly" is none of relationship'),
        ({"occurred_at": dt.datetime(2026, 1, 1)}, "occurred_at has no zone"),  # noqa: DTZ001
        ({"weight": -1.0}, "weight should be a number from 0 up"),
        ({"comment": "a\x00b"}, "null character"),
        ({"customer": "x" * 201}, "customer is longer than 200"),
        ({"attributes": {"score": "3"}}, '"score" is a field of its own'),
        ({"attributes": {str(n): "" for n in range(101)}}, "There are 101 attributes"),
    ],
)
def test_what_is_refused(wrong: dict[str, object], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        checked(NewFeedback(**{"external_id": "a", **wrong}), Bands())  # type: ignore[arg-type]


def test_a_digest_tells_rows_apart() -> None:
    first = digest(NewFeedback(external_id="a", score=3, attributes={"x": "1", "y": "2"}))
    assert first == digest(NewFeedback(external_id="a", score=3, attributes={"y": "2", "x": "1"}))
    assert first != digest(NewFeedback(external_id="a", score=4, attributes={"x": "1", "y": "2"}))
    assert -(2**63) <= first < 2**63


def test_the_day_in_the_zone() -> None:
    moment = dt.datetime(2026, 3, 29, 0, 30, tzinfo=dt.UTC)
    assert local_date(moment, "America/New_York") == dt.date(2026, 3, 28)
    assert local_date(moment, "Europe/Lisbon") == dt.date(2026, 3, 29)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"channel": "we\x00b"}, "null character"),
        ({"attributes": {"region": "no\x00rth"}}, "null character"),
        ({"occurred_at": dt.datetime(1, 1, 1, tzinfo=dt.UTC)}, "year 1; years from 1900 to 2200"),
        ({"occurred_at": dt.datetime(9999, 12, 31, tzinfo=dt.UTC)}, "year 9999"),
    ],
)
def test_what_a_database_or_a_calendar_cannot_hold_is_refused(fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        checked(NewFeedback("a", **fields), Bands.of("0-10"))


def test_the_same_moment_in_another_zone_is_the_same_row() -> None:
    one = dt.datetime(2026, 11, 19, 12, tzinfo=dt.UTC)
    there = one.astimezone(dt.timezone(dt.timedelta(hours=-8)))
    assert digest(NewFeedback("a", occurred_at=one)) == digest(NewFeedback("a", occurred_at=there))
    assert digest(NewFeedback("a", occurred_at=one)) != digest(NewFeedback("a", occurred_at=there.replace(hour=5)))
