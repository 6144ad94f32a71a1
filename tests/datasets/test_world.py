from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from winback.datasets import world
from winback.datasets.world import Calendar, stream
from winback.errors import UserError


def test_the_days_on_which_something_begins() -> None:
    calendar = Calendar()
    assert (calendar.start, calendar.until, calendar.days) == (dt.date(2024, 11, 1), dt.date(2026, 10, 31), 730)
    begins = {name: calendar.date(getattr(calendar, name)) for name in ("flare", "fix", "other_fix", "mix", "silence")}
    assert begins == {
        "flare": dt.date(2026, 9, 28),
        "fix": dt.date(2026, 2, 9),
        "other_fix": dt.date(2026, 4, 13),
        "mix": dt.date(2025, 11, 1),
        "silence": dt.date(2026, 8, 3),
    }
    assert all(begins[name].weekday() == 0 for name in ("flare", "fix", "other_fix", "silence"))


@pytest.mark.parametrize("until", [dt.date(2024, 2, 29), dt.date(2026, 10, 31), dt.date(2025, 12, 31)])
def test_there_are_24_whole_months(until: dt.date) -> None:
    calendar = Calendar(until)
    assert len(calendar.months) == 24
    assert calendar.firsts[0].day == 1
    assert calendar.date(calendar.months[-1][-1]) == until
    assert [month.start for month in calendar.months[1:]] == [month.stop for month in calendar.months[:-1]]
    assert len(calendar.season) == calendar.days
    assert calendar.season.min() == pytest.approx(-world.SEASON, abs=1e-3)


def test_the_last_day_ends_a_month() -> None:
    with pytest.raises(UserError, match="2026-10-30.*last day of a month"):
        Calendar(dt.date(2026, 10, 30))


def test_shares_add_up_and_cuts_rise() -> None:
    for shares in (world.REGION_SHARES, world.PLAN_SHARES, *world.CONTACT_SHARES, *world.CHANNEL_SHARES):
        assert sum(shares) == pytest.approx(1)
    assert len(world.SCORE_CUTS) == 10
    assert (np.diff(world.SCORE_CUTS) > 0).all()


def test_streams_differ_by_part_and_by_seed() -> None:
    firsts = {stream(seed, name).random() for seed in (1, 2) for name in ("customers", "people", "bulk")}
    assert len(firsts) == 6
    assert stream(1, "bulk").random() == stream(1, "bulk").random()
