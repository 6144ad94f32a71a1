"""The response rate, on every engine."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from tests.peers.engines import Backend
from winback.analysis.response import response

SENT = [dt.datetime(2026, month, 5, 23, 30, tzinfo=dt.UTC) for month in (1, 1, 1, 2, 2)]
INVITATIONS = pa.table(
    {
        "invitation": ["1", "2", "3", "4", "5", "6"],
        "survey": ["relationship"] * 4 + ["transactional", "relationship"],
        "sent_at": pa.array([*SENT, None], pa.timestamp("us", tz="UTC")),
        "bounced": [False, True, None, False, False, None],
        "answered_at": pa.array([SENT[0], None, None, SENT[3], SENT[4], None], pa.timestamp("us", tz="UTC")),
        "reason_not_sent": [None, None, None, None, None, "rest period"],
    }
)


def test_answered_of_delivered(backend: Backend) -> None:
    found = response(backend(INVITATIONS, "invitations"))
    assert found is not None
    assert (found["asked"], found["bounced"], found["answered"], found["rate"]) == (5, 1, 3, 0.75)
    assert found["not_sent"] == {"rest period": 1}
    assert found["low"] < 0.75 < found["high"]


def test_what_was_answered_had_come_through(backend: Backend) -> None:
    """Some tools note a bounce of the first attempt and an answer to the second: no more answer than were asked."""
    asked = INVITATIONS.slice(0, 3).set_column(3, "bounced", pa.array([True, True, False]))
    found = response(backend(asked, "invitations"))
    assert found is not None
    assert (found["asked"], found["bounced"], found["answered"], found["rate"]) == (3, 1, 1, 0.5)


def test_one_sort_of_survey_in_a_window(backend: Backend) -> None:
    found = response(
        backend(INVITATIONS, "invitations"), survey="relationship", since=dt.date(2026, 2, 1), until=dt.date(2026, 2, 5)
    )
    assert found is not None
    assert (found["asked"], found["rate"]) == (1, 1.0)


@pytest.mark.parametrize("table", [INVITATIONS.slice(5), INVITATIONS.drop_columns(["answered_at"])])
def test_nobody_asked_or_nothing_known(backend: Backend, table: pa.Table) -> None:
    assert response(backend(table, "none")) is None
