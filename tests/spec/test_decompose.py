"""A change split into rate and mix, on every engine."""

from __future__ import annotations

import datetime as dt

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
