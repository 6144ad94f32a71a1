from __future__ import annotations

import datetime as dt

from winback.server.exports.rules import Sort
from winback.server.insights.bar import bar, month_steps, sort_name, window_name
from winback.server.insights.rules import Asked, Window

D = dt.date.fromisoformat
RELATIONSHIP = Sort("relationship.0-10", "relationship", "0-10", "0-6", "9-10", 90, ("a",))
STARS = Sort("relationship.1-5", "relationship", "1-5", "1-3", "5", 10, ("b",))
ALONE = Sort("all.0-10", None, "0-10", "0-6", "9-10", 90, ("a",), alone=True)
VALUES = {"region": [("North", 60), ("South", 30)], "plan": [("A", 90)], "shop": [(f"s{i}", 1) for i in range(13)]}


def made(choice: Asked, window: Window, sorts: tuple[Sort, ...] = (RELATIONSHIP,)) -> dict[str, object]:
    return bar(
        choice, window=window, first=D("2025-01-05"), last=D("2026-10-31"), today=D("2026-11-22"), sorts=sorts, sort=sorts[0],
        values=VALUES, attributes=("region", "plan", "shop"),
    )  # fmt: skip


def test_a_quarter_with_those_before_and_none_after() -> None:
    days = Window(D("2026-08-01"), D("2026-10-31"))
    found = made(Asked(last=3), days)["period"]
    assert found["label"] == "Last 3 whole months, 1 Aug – 31 Oct 2026"  # type: ignore[index]
    assert found["earlier"] == {"href": "?since=2026-05-01&until=2026-07-31", "label": "1 May – 31 Jul 2026"}  # type: ignore[index]
    assert found["later"] is None  # type: ignore[index]
    assert [one["label"] for one in found["choices"]] == [
        "All answers",
        "Last whole month",
        "Last 3 whole months",
        "Last 12 whole months",
    ]  # type: ignore[index]


def test_all_answers_have_nothing_before_them() -> None:
    found = made(Asked(whole=True), Window())["period"]
    assert (found["label"], found["earlier"]) == ("All answers, 5 Jan 2025 – 31 Oct 2026", None)  # type: ignore[index]


def test_filters_in_force_can_be_taken_away_and_others_chosen() -> None:
    found = made(Asked(last=3, filters=(("region", "North"),)), Window(D("2026-08-01"), D("2026-10-31")))
    assert found["filters"] == [{"name": "region", "value": "North", "href": "?last=3"}]
    (shop,) = found["attributes"]  # region is in force, and plan has one value
    assert (shop["name"], shop["more"], len(shop["choices"])) == ("shop", True, 12)
    assert shop["choices"][0]["href"] == "?last=3&region=North&shop=s0"
    assert found["kept"] == [("region", "North")]


def test_sorts_are_named_by_what_tells_them_apart() -> None:
    assert [sort_name(sort, named=True) for sort in (RELATIONSHIP, ALONE)] == ["Relationship survey", "All answers"]
    choices = made(Asked(), Window(), (RELATIONSHIP, STARS))["survey"]["choices"]  # type: ignore[index]
    assert [one["label"] for one in choices] == ["Relationship survey, 0-10", "Relationship survey, 1-5"]


def test_a_window_by_name() -> None:
    assert window_name(Window(D("2026-10-01"), D("2026-10-31")), None, None) == "Oct 2026"
    assert window_name(Window(D("2026-10-02"), None), D("2025-01-05"), D("2026-10-31")) == "2 Oct – 31 Oct 2026"


def test_months_earlier_and_later() -> None:
    document = {"month": "2026-10-01", "today": "2026-11-22", "first_month": "2026-10-01"}
    found = month_steps(document, Asked())
    assert (found["label"], found["earlier"], found["later"]["href"]) == ("Oct 2026", None, "?month=2026-11")
    assert (
        month_steps({**document, "month": "2026-11-01"}, Asked(sort="x"))["earlier"]["href"]
        == "?survey=x&month=2026-10"
    )
