"""What explains a jump, on every engine: counts by hand, several causes, everything alike, and nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

import winback as wb
from tests.peers.engines import Backend

BEFORE = (dt.date(2026, 9, 1), dt.date(2026, 9, 30))
AFTER = (dt.date(2026, 10, 1), dt.date(2026, 10, 31))
EACH = 120  # answers of a region and plan in a month


def answers(lit: dict[tuple[str, str], int], calm: int = 20) -> pa.Table:
    """Three regions and two plans; 20 of 120 are detractors, and in October as many as `lit` says."""
    rows: list[dict[str, Any]] = []
    for first in (BEFORE[0], AFTER[0]):
        for region in ("North", "South", "West"):
            for plan in ("Home", "Work"):
                bad = lit.get((region, plan), calm) if first == AFTER[0] else 20
                rows += [
                    {"local_date": first, "region": region, "plan": plan, "score": 3.0 if n < bad else 9.0, "named": int(n < bad)}
                    for n in range(EACH)
                ]  # fmt: skip
    return pa.Table.from_pylist(rows)


def _told(found: Any) -> dict[str, str]:
    return {" ".join(one["attributes"].values()): f"{one['bad']:.0f} of {one['total']:.0f}" for one in found.findings()}


def test_one_cause_by_hand() -> None:
    found = wb.localise(answers({("North", "Work"): 60}), by=["region", "plan"], before=BEFORE, after=AFTER)
    (one,) = found.findings()
    assert one["attributes"] == {"region": "North", "plan": "Work"}
    assert (one["bad"], one["total"]) == (60, EACH)
    assert one["expected"] == pytest.approx(20, abs=0.5)  # 20 of 120 everywhere before
    assert one["odds_ratio"] == pytest.approx((60.5 / 60.5) * (100.5 / 20.5), rel=0.05)
    assert one["share_explained"] == pytest.approx(1.0, abs=0.05)  # 40 of 40 more
    assert found.chart().description == (
        "What explains the jump: region North · plan Work, 60 of 120 where 20 were expected."
    )
    (case,) = found.cases
    assert (case["before"], case["now"]) == (pytest.approx(120 / 720), pytest.approx(160 / 720))
    assert not case["external"] and not case["everywhere"]


def test_a_region_is_told_as_one_and_two_causes_as_two() -> None:
    region = wb.localise(
        answers({("West", plan): 50 for plan in ("Home", "Work")}), by=["region", "plan"], before=BEFORE, after=AFTER
    )
    assert _told(region) == {"West": "100 of 240"}
    two = answers({("North", "Work"): 70, ("South", "Home"): 60})
    assert _told(wb.localise(two, by=["region", "plan"], before=BEFORE, after=AFTER)) == {
        "North Work": "70 of 120", "South Home": "60 of 120",
    }  # fmt: skip


def test_nothing_and_everything_alike_are_answers() -> None:
    calm = wb.localise(answers({}), by=["region", "plan"], before=BEFORE, after=AFTER)
    assert calm.findings() == [] and calm.cases[0]["external"]
    steady = wb.localise(answers({}, calm=0), by=["region", "plan"], before=BEFORE, after=BEFORE)
    assert steady.summary().endswith("as before: there is no jump to explain.")
    alike = wb.localise(answers({}, calm=45), by=["region", "plan"], before=BEFORE, after=AFTER)
    assert alike.findings() == [] and alike.cases[0]["everywhere"]
    assert "do not explain it" in alike.summary()


def test_a_fall_is_explained_too() -> None:
    found = wb.localise(
        answers({("West", "Home"): 1, ("West", "Work"): 1}), by=["region", "plan"], before=BEFORE, after=AFTER
    )
    assert _told(found) == {"West": "2 of 240"}
    assert found.findings()[0]["odds_ratio"] < 0.2


@pytest.mark.parametrize("bad", [None, "named"])
def test_the_same_on_every_engine(backend: Backend, bad: str | None) -> None:
    made = answers({("North", "Work"): 60, ("South", "Home"): 50})
    here = wb.localise(made, by=["region", "plan"], before=BEFORE, after=AFTER, bad=bad)
    there = wb.localise(backend(made, "answers"), by=["region", "plan"], before=BEFORE, after=AFTER, bad=bad)
    assert there.summary() == here.summary()
    for one, other in zip(there.findings(), here.findings(), strict=True):
        assert one == {
            name: pytest.approx(value) if isinstance(value, float) else value for name, value in other.items()
        }
