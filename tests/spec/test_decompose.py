"""A change split into rate and mix, on every engine."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

import winback as wb
from tests.peers.engines import Backend
from tests.spec.answers import answers
from winback.errors import UserError

JANUARY = dt.date(2026, 1, 1), dt.date(2026, 1, 31)
FEBRUARY = dt.date(2026, 2, 1), dt.date(2026, 2, 28)


def rows(*cells: tuple[str, str, str, int]) -> str:
    lines = [f"{score} {region} 2026-{month}-10" for month, region, score, count in cells for _ in range(count)]
    return "score region local_date\n" + "\n".join(lines)


def test_who_answered_is_not_taken_for_how_they_feel(backend: Backend) -> None:
    # nobody feels otherwise: North stays at +100, South at -100; South's share grows from 1/4 to 3/4
    table = answers(
        rows(("01", "North", "10", 3), ("01", "South", "0", 1), ("02", "North", "10", 1), ("02", "South", "0", 3))
    )
    found = wb.decompose(backend(table, "mix"), by=["region"], before=JANUARY, after=FEBRUARY, minimum=1)
    assert (found.before["nps"], found.after["nps"]) == (50.0, -50.0)
    assert (found.rate, found.mix, found.change) == (
        0.0,
        pytest.approx(-100.0, abs=1e-12),
        pytest.approx(-100.0, abs=1e-12),
    )
    # each moved by 1/2 of the answers, one from 100 above the middle, one from 100 below it
    assert [(row["segment"], row["mix"]) for row in sorted(found.rows(), key=lambda row: row["segment"])] == [
        (["North"], pytest.approx(-50.0)),
        (["South"], pytest.approx(-50.0)),
    ]


def test_how_they_feel_with_the_same_people_answering(backend: Backend) -> None:
    table = answers(
        rows(("01", "North", "10", 2), ("01", "South", "8", 2), ("02", "North", "8", 2), ("02", "South", "0", 2))
    )
    found = wb.decompose(backend(table, "rate"), by=["region"], before=JANUARY, after=FEBRUARY, minimum=1)
    assert (found.rate, found.mix) == (-100.0, 0.0)
    assert [row["rate"] for row in found.rows()] == [-50.0, -50.0]


def test_a_segment_of_one_window_only_is_all_mix(backend: Backend) -> None:
    table = answers(rows(("01", "North", "10", 2), ("02", "North", "10", 2), ("02", ".", "0", 2)))
    found = wb.decompose(backend(table, "new"), by=["region"], before=JANUARY, after=FEBRUARY, minimum=1)
    assert (found.rate, found.change) == (0.0, pytest.approx(-100.0, abs=1e-12))
    assert {row["segment"][0]: row["before"]["answers"] for row in found.rows()} == {"North": 2, None: 0}


def test_an_empty_window_is_told(backend: Backend) -> None:
    table = answers(rows(("01", "North", "10", 2)))
    with pytest.raises(UserError, match="The window after .* has no answers"):
        wb.decompose(backend(table, "one"), by=["region"], before=JANUARY, after=FEBRUARY)


def test_with_invitations_the_mix_is_who_was_asked_and_who_of_them_answered(backend: Backend) -> None:
    # North +100, South -100, both times. Answers: 4 of 8 from South, then 6 of 8. Asked: half, then half of South too.
    rows = answers("score  region  local_date\n" + "\n".join(
        f"{score}  {region}  2026-0{month}-10"
        for month, north in ((1, 4), (2, 2)) for score, region in [(9, "North")] * north + [(0, "South")] * (8 - north)
    ))  # fmt: skip
    sent = [dt.datetime(2026, month, 5, tzinfo=dt.UTC) for month in (1, 2) for _ in range(20)]
    asked = pa.table({
        "invitation": [str(i) for i in range(40)], "region": ["North", "South"] * 20, "sent_at": pa.array(sent, pa.timestamp("us", tz="UTC")),
        "bounced": [False] * 40,
    })  # fmt: skip
    windows = {
        "before": (dt.date(2026, 1, 1), dt.date(2026, 1, 31)),
        "after": (dt.date(2026, 2, 1), dt.date(2026, 2, 28)),
    }
    found = wb.decompose(backend(rows, "rows"), by=["region"], invitations=backend(asked, "asked"), **windows)
    assert (found.rate, found.mix, found.asked_mix, found.response_mix) == pytest.approx((0, -50, 0, -50))
    assert "(0.0 who was asked, −50.0 who of them answered)" in found.summary()
    alone = wb.decompose(backend(rows, "rows"), by=["region"], **windows)
    assert (alone.asked_mix, alone.response_mix) == (None, None)
