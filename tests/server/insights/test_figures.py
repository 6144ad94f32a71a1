from __future__ import annotations

import datetime as dt

import pytest

from tests.server.exports.worlds import answer, fresh, told
from tests.server.factories import Cast
from tests.server.insights.worlds import ALL, QUARTER, basis, counts, paid, year
from winback.server.insights import figures
from winback.server.insights.rules import Asked

pytestmark = pytest.mark.django_db
D = dt.date.fromisoformat


def test_pulse_of_the_last_quarter(cast: Cast) -> None:
    year(cast.larkspur)
    found = figures.pulse(basis(cast.access("hanna"), usual=3))
    assert counts(found["overall"]) == QUARTER and counts(found["everything"]) == ALL
    assert found["window"] == {
        "since": "2025-08-01",
        "until": "2025-10-31",
        "first": "2025-08-10",
        "last": "2025-10-21",
    }
    moved = found["decompose"]
    assert (moved["before"]["since"], moved["before"]["nps"], moved["after"]["nps"]) == ("2025-05-01", 25.0, 0.0)
    assert (round(moved["change"], 9), round(moved["rate"], 9), round(moved["mix"], 9)) == (-25.0, -25.0, 0.0)
    assert [row["answers"] for row in found["trend"]] == [24] * 8
    assert {tuple(row["segment"]): row["nps"] for row in found["segments"] if row["by"] == ["region"]} == {
        ("North",): -50.0,
        ("South",): 50.0,
    }
    assert found["profit"]["why_not"]


def test_pulse_of_everything_compares_the_last_two_quarters(cast: Cast) -> None:
    year(cast.larkspur)
    found = figures.pulse(basis(cast.access("hanna")))
    assert counts(found["overall"]) == ALL and found["everything"] is None
    assert (found["decompose"]["before"]["nps"], found["decompose"]["after"]["nps"]) == (25.0, 0.0)


def test_money_is_worked_out_where_it_is_asked_for(cast: Cast) -> None:
    year(cast.larkspur)
    paid(cast.larkspur, [("c-North-0", "1200"), ("c-South-11", "400")])
    choice = basis(cast.access("hanna"), usual=3)
    assert figures.pulse(choice, money=False)["profit"] is None
    assert figures.pulse(choice)["profit"]["from_detractors"]["money"] == "1200.00"
    assert figures.pulse(choice, money=False)["profit"] is not None  # known by now
    assert figures.profit_of(basis(cast.access("hanna")))["profit"]["customers_heard"] == 2


def test_a_window_of_odd_days_is_compared_with_as_many_before(cast: Cast) -> None:
    year(cast.larkspur)
    found = figures.change(
        basis(cast.access("hanna"), Asked(since=D("2025-10-01"), until=D("2025-10-30"))), ("region",)
    )
    assert found is not None
    assert (found.before["since"], found.before["until"], found.before["answers"], found.after["answers"]) == (
        "2025-09-01",
        "2025-09-30",
        24,
        24,
    )


def test_segments_with_their_change_and_their_months(cast: Cast) -> None:
    year(cast.larkspur)
    found = figures.segments_of(basis(cast.access("hanna"), usual=3), ("region",))
    worst, best = found["segments"]
    assert (worst["segment"], worst["nps"], worst["change"], worst["change_sure"]) == (["North"], -50.0, -50.0, True)
    assert (best["segment"], best["nps"], best["change"], best["change_sure"]) == (["South"], 50.0, 0.0, False)
    assert [row["nps"] for row in found["heat"]["rows"] if row["segment"] == ["North"]] == [0.0] * 5 + [-50.0] * 3
    both = figures.segments_of(basis(cast.access("hanna")), ("region", "plan"))
    assert len(both["segments"]) == 4 and both["by"] == ["region", "plan"]
    assert figures.segments_of(basis(cast.access("hanna")), ())["segments"] == []


def test_too_few_have_no_figure(cast: Cast) -> None:
    told(cast.larkspur, [answer(str(i), 9, attributes={"region": "North"}) for i in range(9)])
    fresh(cast.larkspur)
    found = figures.segments_of(basis(cast.access("hanna")), ("region",))
    assert (found["overall"]["nps"], found["overall"]["answers"]) == (None, 9)
    assert (found["segments"][0]["nps"], found["segments"][0]["suppressed"], found["heat"]) == (None, True, None)


def test_hundreds_of_segments_are_told_and_the_largest_drawn(cast: Cast) -> None:
    told(
        cast.larkspur,
        [answer(str(i), i % 11, f"2025-0{1 + i % 3}-05", attributes={"shop": f"s{i}"}) for i in range(400)],
    )
    fresh(cast.larkspur)
    found = figures.segments_of(basis(cast.access("hanna"), minimum=1), ("shop",))
    assert len(found["segments"]) == 400
    assert len({row["segment"][0] for row in found["heat"]["rows"]}) == figures.HEAT_SEGMENTS


def test_the_journey_and_its_deaf_spots(cast: Cast) -> None:
    told(cast.larkspur, [
        *(answer(f"b{i}", 9, "2025-10-01", touchpoint="bill", journey_stage="using") for i in range(12)),
        *(answer(f"o{i}", 2, "2025-05-01", touchpoint="order", journey_stage="buying") for i in range(11)),
        *(answer(f"s{i}", 5, "2025-10-02", touchpoint="support", journey_stage="using") for i in range(3)),
    ])  # fmt: skip
    fresh(cast.larkspur)
    found = figures.journey(basis(cast.access("hanna")), {"touchpoint": ["installation"], "journey_stage": []})
    stages, points = found["journey"]
    assert [(row["name"], row["answers"], row["nps"], row["last"]) for row in stages["rows"]] == [
        ("buying", 11, -100.0, "2025-05-01"), ("using", 15, 60.0, "2025-10-02"),
    ]  # fmt: skip
    assert [row["name"] for row in points["rows"]] == ["bill", "order", "support"]
    assert [(spot["name"], spot["why"], spot["answers"]) for spot in found["deaf"]] == [
        ("buying", "silent", 11), ("installation", "none", 0), ("order", "silent", 11), ("support", "few", 3),
    ]  # fmt: skip
    assert {tuple(cell["segment"]): cell["answers"] for cell in found["cells"]} == {
        ("buying", "order"): 11, ("using", "bill"): 12, ("using", "support"): 3,
    }  # fmt: skip


def test_stages_come_in_the_order_of_the_journey() -> None:
    assert sorted(["zeal", "using", "buying", "apple"], key=figures.in_order) == ["buying", "using", "apple", "zeal"]
