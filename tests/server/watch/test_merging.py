"""One finding a fire."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.server.factories import Cast
from tests.server.watch.test_reduced import leaves
from tests.server.watch.worlds import burning
from winback.analysis.flareups_panel import count_leaves
from winback.server.exports.queries import holding
from winback.server.watch.merging import alone, burning_in, merged

pytestmark = pytest.mark.django_db


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
