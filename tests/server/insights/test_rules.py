from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from winback.errors import UserError
from winback.server.insights.rules import (
    Asked,
    Window,
    answers_query,
    asked,
    month_asked,
    month_end,
    month_start,
    ranked,
    shifted,
    whole_months,
    window_of,
)

D = dt.date.fromisoformat


def window(since: str | None, until: str | None) -> Window:
    return Window(D(since) if since else None, D(until) if until else None)


def test_an_address_is_read_and_written_back() -> None:
    query = {
        "since": ["2026-08-22"],
        "until": ["2026-11-19"],
        "region": ["North"],
        "by": ["plan", "plan"],
        "rank": ["worse"],
        "all": ["1"],
        "noise": ["x"],
    }
    found = asked(query, ["region", "plan"])
    assert found == Asked(
        D("2026-08-22"), D("2026-11-19"), filters=(("region", "North"),), by=("plan",), rank="worse", everything=True
    )
    assert found.query() == "?since=2026-08-22&until=2026-11-19&region=North&by=plan&rank=worse&all=1"
    assert found.query(last=3, filters=(), by=(), rank="steadied", everything=False) == "?last=3"
    assert asked({"last": ["all"], "since": ["2026-01-01"]}).query() == "?last=all"


def test_a_blank_value_is_asked_for_by_name() -> None:
    assert asked({"region": [""]}, ["region"]).filters == (("region", ""),)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"since": ["22.8.2026"]}, 'since is "22.8.2026", which is no day; write it like 2026-08-22.'),
        ({"since": ["2026-02-01"], "until": ["2026-01-01"]}, "ends (2026-01-01) before it begins (2026-02-01)"),
        ({"last": ["0"]}, "from 1 to 120, or all"),
        ({"last": ["²"]}, "from 1 to 120, or all"),
        ({"by": ["shoe size"]}, 'no attribute "shoe size" here; there are region, plan'),
        ({"rank": ["luck"]}, 'cannot be ranked by "luck"'),
    ],
)
def test_what_cannot_be_is_said(query: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError) as raised:
        asked(query, ["region", "plan"])
    assert said in str(raised.value)


def test_months() -> None:
    assert (month_start(D("2026-01-31"), -1), month_end(D("2024-02-10"))) == (D("2025-12-01"), D("2024-02-29"))
    assert month_asked("2026-11") == D("2026-11-01") and month_asked("") is None
    with pytest.raises(UserError, match="write it like 2026-11"):
        month_asked("November")


def test_whole_months_end_before_the_running_one() -> None:
    assert whole_months(3, D("2026-11-19")) == window("2026-08-01", "2026-10-31")
    assert whole_months(1, D("2026-11-30")) == window("2026-11-01", "2026-11-30")


@pytest.mark.parametrize(
    ("choice", "first", "last", "found"),
    [
        (Asked(), "2026-01-05", "2026-11-18", ("2026-08-01", "2026-10-31")),  # a quarter, since there are two
        (Asked(), "2026-06-05", "2026-11-18", (None, None)),  # too little for two quarters: all
        (Asked(), "2025-01-05", "2025-06-10", ("2025-04-01", "2025-06-30")),  # nothing since: counted back from there
        (Asked(whole=True), "2026-01-05", "2026-11-18", (None, None)),
        (Asked(last=1), "2026-01-05", "2026-11-18", ("2026-10-01", "2026-10-31")),
        (Asked(since=D("2026-02-03")), "2026-01-05", "2026-11-18", ("2026-02-03", None)),
    ],
)
def test_which_days_are_shown(choice: Asked, first: str, last: str, found: tuple[str | None, str | None]) -> None:
    assert window_of(choice, D(first), D(last), D("2026-11-19"), 3) == window(*found)


def test_without_dates_there_is_no_window() -> None:
    assert window_of(Asked(last=3), None, None, D("2026-11-19"), 3) == Window()


@pytest.mark.parametrize(
    ("days", "steps", "found"),
    [
        (("2026-08-01", "2026-10-31"), -1, ("2026-05-01", "2026-07-31")),
        (("2026-01-01", "2026-01-31"), 1, ("2026-02-01", "2026-02-28")),
        (("2026-08-22", "2026-11-19"), -1, ("2026-05-24", "2026-08-21")),
    ],
)
def test_the_window_before_and_after(days: tuple[str, str], steps: int, found: tuple[str, str]) -> None:
    assert shifted(window(*days), steps) == window(*found)


def test_a_window_without_ends_has_none_before_it() -> None:
    assert shifted(Window(None, D("2026-01-31")), -1) is None


def test_the_answers_behind_a_figure() -> None:
    choice, days = Asked(filters=(("region", "North"), ("plan", "A"))), window("2026-08-01", None)
    found = answers_query(choice, days, {"plan": "Home & Co"}, band="detractor", survey="relationship")
    assert found == "?region=North&plan=Home+%26+Co&since=2026-08-01&survey=relationship&band=detractor"


def row(name: str, nps: float | None, **more: Any) -> dict[str, Any]:
    told = {
        "shrunk_nps": nps,
        "p_worse": 0.5,
        "share_of_detractors": 0.1,
        "answers": 20,
        "revenue_from_detractors": None,
        "change": None,
    }
    return {"segment": [name], "nps": nps, "suppressed": nps is None, **told, **more}


def test_segments_in_order_those_too_small_last() -> None:
    rows = [
        row("few", None, answers=3),
        row("good", 40.0, share_of_detractors=0.6),
        row("bad", -5.0, answers=90),
        row("more", None, answers=7),
    ]

    def order(rank: str) -> list[str]:
        return [found["segment"][0] for found in ranked(rows, rank)]

    assert order("steadied") == ["bad", "good", "more", "few"]
    assert order("share") == ["good", "bad", "more", "few"]
    assert order("answers") == ["bad", "good", "more", "few"]
    assert order("change") == ["bad", "good", "more", "few"]  # no change known: by the steadied score
