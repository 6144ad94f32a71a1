"""One look: causes, what is left without them, and the money of who answered."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest

from tests.server.factories import Cast
from tests.server.insights.worlds import paid
from tests.server.watch.test_reduced import leaves
from tests.server.watch.worlds import TODAY, burning
from winback.analysis.flareups_panel import count_leaves
from winback.server.exports.queries import holding
from winback.server.watch import actions
from winback.server.watch.looking import (
    alone,
    burning_in,
    by_period,
    causes,
    columns,
    counted,
    look,
    mask,
    merged,
    money_of,
)

SINCE, UNTIL = dt.date(2025, 10, 13), dt.date(2025, 10, 26)


def window() -> tuple[dt.date, dt.date]:
    """The last two weeks of `leaves`, in which North x A burns."""
    found = leaves()
    return found.start(10), found.start(11) + dt.timedelta(days=6)


def test_a_segment_is_counted_in_a_window() -> None:
    found = leaves()
    since, until = window()
    assert mask(found, ["region", "plan"], ["North", "A"]).tolist() == [True, False, False, False]
    assert (
        mask(found, [], []).all()
        and not mask(found, ["region"], ["East"]).any()
        and not mask(found, ["shoe"], ["A"]).any()
    )
    assert columns(found, since, until) == [10, 11]
    assert counted(found, ["region", "plan"], ["North", "A"], since, until) == (40, 34.0)
    assert counted(found, ["region"], ["North"], since, until) == (80, 34.0 + 5.0 + 4.0)
    rows = by_period(found, ["region", "plan"], ["South", "B"])
    assert len(rows) == 12 and rows[1]["answers"] == 0 and rows[0]["period"] == found.start(0).isoformat()


def test_where_exactly_and_what_is_left_without_it() -> None:
    since, until = window()
    row = {"by": ["region"], "segment": ["North"], "since": since, "until": until, "expected_share": 0.225}
    found = causes(leaves(), row)
    assert [(one["by"], one["segment"], one["bad"], one["answers"]) for one in found["rows"]] == [
        (["region", "plan"], ["North", "A"], 34.0, 40.0)
    ]
    assert found["rest"] == {"bad": 9.0, "answers": 40.0, "expected": pytest.approx(9.0)}
    assert found["combinations"] == 2 + 2 + 4
    south = causes(leaves(), {**row, "segment": ["South"]})
    assert south["rows"] == [] and south["rest"] is None, "what burns elsewhere is no cause here"


def test_too_few_answers_before_it_are_looked_for_no_causes() -> None:
    found = leaves(3)
    row = {"by": [], "segment": [], "since": found.start(0), "until": found.start(2), "expected_share": 0.2}
    assert causes(found, row) == {}


def finding(period: int, score: float, *segment: str) -> dict[str, object]:
    by = ["region", "plan"][: len(segment)]
    start = leaves().start(period)
    return {
        "by": by,
        "segment": list(segment),
        "since": start - dt.timedelta(days=7),
        "until": start + dt.timedelta(days=6),
        "period": start,
        "score": score,
    }


def test_one_finding_a_fire_the_latest() -> None:
    found = merged([finding(8, 9, "North", "A"), finding(10, 5, "North", "A"), finding(10, 4, "South")], "week")
    assert [(row["segment"], row["score"]) for row in found] == [(["North", "A"], 5), (["South"], 4)]
    found = merged([finding(9, 9, "North", "A"), finding(10, 5, "North"), finding(10, 4, "North", "B")], "week")
    assert [(row["segment"], row["score"]) for row in found] == [(["North"], 5), (["North", "B"], 4)], (
        "of one period both"
    )


@pytest.mark.django_db
def test_a_look_at_a_company_and_the_money_of_who_answered(cast: Cast) -> None:
    burning(cast.larkspur)
    paid(cast.larkspur, [(f"c-North-A-{i}", "100.50") for i in range(10)])
    held = holding(actions.whole(cast.larkspur))
    assert held is not None
    seen = look(held, measure="detractors", every="week", last=1, false_rate=0.1, today=TODAY)
    (row,) = seen.findings
    assert (row["segment"], row["customers"], row["revenue"], row["money_kind"]) == (
        ["North", "A"],
        20,
        Decimal("1005"),
        "revenue",
    )
    assert seen.periods == 17 and np.array_equal(seen.leaves.answers.sum(axis=0), np.full(17, 80.0))
    assert money_of(held, {**row, "by": ["region"], "segment": ["East"]}) == {
        "customers": 0,
        "revenue": None,
        "money_kind": "",
    }


def test_what_mostly_burns_in_another_s_segment_is_told_with_that(cast: Cast) -> None:
    burning(cast.larkspur)
    found = holding(cast.access("hanna"))
    assert found is not None
    held = count_leaves(found.tables, by=found.attributes, every="week", **found.columns)
    window = {"since": dt.date(2026, 9, 14), "until": dt.date(2026, 9, 27), "expected_share": 0.25}
    fire = {**window, "by": ["region", "plan"], "segment": ["North", "A"]}
    wide, other = {**fire, "by": ["plan"], "segment": ["A"]}, {**fire, "by": ["region"], "segment": ["South"]}
    # 34 of 40 where 10 are expected; around it 9 of 40: of plan A's 23 in excess 24 lie in the fire.
    assert burning_in(held, wide, fire) == pytest.approx(24 / 23)
    assert burning_in(held, fire, wide) == 1.0 and burning_in(held, fire, other) == 0.0
    assert burning_in(held, {**fire, "expected_share": None}, wide) == 0.0
    assert alone(lambda _: held, [wide, fire, other], "week") == [fire, other]
    late = {**wide, "since": dt.date(2026, 6, 1), "until": dt.date(2026, 6, 7)}
    assert alone(lambda _: held, [fire, late], "week") == [fire, late]
