"""Which finding is which fire, when one is over, who sees it and whom it concerns."""

from __future__ import annotations

import datetime as dt

import pytest

from winback.server.watch.rules import (
    Fire,
    bare,
    course_with,
    is_over,
    kin,
    matched,
    near,
    nested,
    owners_of,
    part_of,
    points,
    within_scope,
)
from winback.server.workspaces.rules import Scope

DAY = dt.date(2026, 9, 7)


def fire(since: int = 0, until: int = 13, score: float = 1.0, gap: int = 2, **part: str) -> Fire:
    day = dt.timedelta(days=1)
    return Fire(part_of(list(part), list(part.values())), DAY + since * day, DAY + until * day, score, gap)


def test_a_segment_lies_in_another_or_not() -> None:
    north, both = fire(region="North").part, fire(region="North", plan="A").part
    assert nested(north, both) and nested(both, north)
    assert not nested(north, fire(plan="A").part)
    assert not nested(fire().part, north), "everybody holds all, which says nothing"


def test_of_one_theme_segments_that_share_somebody_are_one_fire() -> None:
    def about(theme: str, **part: str) -> Fire:
        return Fire(part_of(list(part), list(part.values())), DAY, DAY, theme=theme)

    queue = about("queue", region="North", plan="A")
    assert kin(queue, about("queue", region="North", channel="web")) and kin(about("queue"), queue)
    assert not kin(queue, about("queue", region="South"))
    assert not kin(fire(region="North", plan="A"), fire(region="North", channel="web"))
    assert near(queue, about("", region="North"), "week") and not near(queue, about("bill", region="North"), "week")


@pytest.mark.parametrize(("since", "is_near"), [(14, True), (27, True), (28, False), (-20, True), (-40, False)])
def test_windows_of_one_fire_lie_two_weeks_apart_at_most(since: int, is_near: bool) -> None:
    assert near(fire(), fire(since, since + 6), "week") is is_near


def test_what_was_dismissed_stays_so_for_longer() -> None:
    assert near(fire(gap=8), fire(60, 66), "week")
    assert not near(fire(gap=8), fire(80, 86), "week")
    assert near(fire(), fire(70, 76), "month")


def test_the_very_segment_comes_before_one_that_holds_it() -> None:
    alarms = [fire(region="North"), fire(region="North", plan="A")]
    assert matched([fire(region="North", plan="A")], alarms, "week") == {0: 1}
    assert matched([fire(region="North", plan="A"), fire(region="North")], alarms, "week") == {0: 1, 1: 0}


def test_a_fire_that_is_seen_wider_is_the_same_and_another_is_not() -> None:
    alarms = [fire(region="North", plan="A")]
    assert matched([fire(7, 20, region="North")], alarms, "week") == {0: 0}
    assert matched([fire(7, 20, region="South")], alarms, "week") == {}
    assert matched([fire(90, 100, region="North", plan="A")], alarms, "week") == {}, "long after"
    assert matched([fire(7, 20)], alarms, "week") == {}, "everybody is not that segment"


def test_one_alarm_is_one_finding_s_the_strongest_first() -> None:
    alarms = [fire(region="North")]
    found = [fire(score=3, region="North", plan="A"), fire(score=9, region="North", plan="B")]
    assert matched(found, alarms, "week") == {1: 0}


def test_a_share_has_cooled_when_what_came_after_is_likelier_without_it() -> None:
    said = {"expected": 0.2, "burning": 0.5}
    assert is_over("detractors", bad=2, answers=12, quiet=1, **said) == "cooled"
    assert is_over("detractors", bad=6, answers=12, quiet=1, **said) == ""
    assert is_over("detractors", bad=0, answers=2, quiet=3, **said) == "", "too few to say: 0.8² : 0.5² is 2.6, not 4"
    assert is_over("detractors", bad=0, answers=3, quiet=3, **said) == "cooled", "0.8³ : 0.5³ is 4.1"
    assert is_over("detractors", bad=0, answers=0, quiet=7, **said) == ""
    assert is_over("detractors", bad=0, answers=0, quiet=8, **said) == "silent"


def test_other_measures_are_over_after_two_quiet_periods() -> None:
    assert is_over("volume", bad=0, answers=0, expected=None, burning=None, quiet=1) == ""
    assert is_over("volume", bad=0, answers=0, expected=None, burning=None, quiet=2) == "cooled"
    assert is_over("detractors", bad=0, answers=9, expected=0.5, burning=0.5, quiet=2) == "cooled", (
        "no rise to speak of"
    )


def test_one_sees_segments_that_lie_in_one_s_scope_only() -> None:
    north = Scope({"region": ("North", "West")})
    assert within_scope(north, ["region", "plan"], ["North", "A"])
    assert within_scope(north, ["Region (customers)"], ["West"])
    assert not within_scope(north, ["plan"], ["A"]), "it counts the South too"
    assert not within_scope(north, ["region"], ["South"])
    assert not within_scope(north, [], [])
    assert not within_scope(north, ["region", "region (customers)"], ["South", "North"]), "both have to be hers"
    assert within_scope(Scope(), [], [])
    assert not within_scope(Scope(own=True), [], []) and not within_scope(Scope(teams=("T",)), [], [])


def test_owners_of_the_first_attribute_come_first_each_once() -> None:
    said = [("plan", "A", 7), ("Region", "North", 3), ("region", "South", 9), ("region", "North", 7)]
    assert owners_of(["region (customers)", "plan"], ["North", "A"], said) == [3, 7]
    assert owners_of([], [], said) == []
    assert bare("region (customers)") == bare("region (column)") == "region"


def test_odds_as_points_of_share() -> None:
    assert points(0.25, 3.0) == pytest.approx(25.0)
    assert points(0.5, 1.0) == 0.0
    assert points(1.0, 3.0) == pytest.approx(0.0, abs=1e-6)


def test_a_course_goes_on_with_the_counts_there_are_now() -> None:
    course = [
        {"period": "2026-09-07", "answers": 10, "bad": 2.0, "share": 0.2, "expected": 0.25, "low": 0.0, "high": 0.6, "burning": False},
        {"period": "2026-09-14", "answers": 40, "bad": 20.0, "share": 0.5, "expected": 0.25, "low": 0.1, "high": 0.4, "burning": True},
    ]  # fmt: skip
    now = [
        {"period": "2026-08-31", "answers": 9, "bad": 1.0}, {"period": "2026-09-14", "answers": 44, "bad": 22.0},
        {"period": "2026-09-21", "answers": 12, "bad": 6.0}, {"period": "2026-09-28", "answers": 0, "bad": 0.0},
    ]  # fmt: skip
    rows = course_with(course, now)
    assert [(row["period"], row["answers"], row["share"], row["burning"]) for row in rows] == [
        ("2026-09-07", 10, 0.2, False), ("2026-09-14", 44, 0.5, True), ("2026-09-21", 12, 0.5, False),
        ("2026-09-28", 0, None, False),
    ]  # fmt: skip
    assert (rows[2]["low"], rows[2]["high"]) == (0.0, 0.6), "the band of a week with as many answers"
    assert course_with([], now) == []
