"""Flare-ups in answers: found where planted, told once, silent where nothing happens, a sentence for bad input."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

from tests.analysis.fires import END, answers
from winback.analysis.flareups import flareups
from winback.errors import UserError

BY = ["region", "plan"]


def test_a_planted_fire_is_found_exactly_and_told_once() -> None:
    found = flareups(answers(1), by=BY, money="money", money_of="customer")
    rows = found.rows()
    assert [row["segment"] for row in rows] == [["North", "Business"]]
    row = rows[0]
    assert row["by"] == BY
    assert END - dt.timedelta(days=34) < dt.date.fromisoformat(row["since"]) <= END - dt.timedelta(days=13)
    assert row["until"] == END.isoformat()
    assert row["low"] > 1.5 and row["low"] < 4.0 < row["high"] * 1.5
    assert row["bad"] > row["expected"]
    assert row["q"] < 0.1
    assert float(row["revenue"]) % 10.5 == 0
    assert "1 flare-up among" in found.summary()
    assert found.history()[-1]["burning"]
    assert "Share of detractors" in found.chart().description


def test_what_a_fire_drives_up_around_it_is_folded_into_it() -> None:
    rows = flareups(answers(1, odds=12.0, a_week=600), by=BY).rows()
    assert [row["segment"] for row in rows] == [["North", "Business"]]
    assert rows[0]["folded"] >= 1


def test_calm_is_silent() -> None:
    calls = [flareups(answers(seed, burning=0, weeks=24), by=BY).table.num_rows for seed in range(6)]
    assert sum(count > 0 for count in calls) <= 1  # 1 in 20 is the bound of one; two of six are 1 in 30
    calm = flareups(answers(50, burning=0), by=BY)
    assert calm.summary().startswith("Nothing burns: 20 segments watched by week. Half of them")


@pytest.mark.parametrize(("every", "burning"), [("day", 2), ("month", 4)])
def test_by_day_and_by_month(every: str, burning: int) -> None:
    made = answers(3, weeks=50, burning=burning, odds=8.0, a_week=900)
    found = flareups(made, by=BY, every=every, until=dt.date(2026, 10, 31))  # type: ignore[arg-type]
    assert any("North" in row["segment"] for row in found.rows())


def test_a_theme_a_score_and_silence_are_watched_too() -> None:
    made = answers(4, odds=6.0)
    assert flareups(made, by=BY, bad="late").rows()[0]["segment"] == ["North", "Business"]
    fallen = flareups(made, by=BY, measure="score").rows()
    assert fallen[0]["segment"] == ["North", "Business"]
    assert fallen[0]["odds_ratio"] < -10
    days, region = made.column("local_date").to_pylist(), made.column("region").to_pylist()
    gone = [not (day > END - dt.timedelta(days=21) and name == "West") for day, name in zip(days, region, strict=True)]
    silent = flareups(made.filter(pa.array(gone)), by=BY, measure="silence").rows()
    assert silent[0]["segment"] == ["West"]
    many = flareups(
        pa.concat_tables(
            [
                made,
                *[
                    made.filter(
                        pa.array(
                            [
                                day > END - dt.timedelta(days=14) and name == "East"
                                for day, name in zip(days, region, strict=True)
                            ]
                        )
                    )
                ]
                * 2,
            ]
        ),
        by=BY,
        measure="volume",
    )
    assert many.rows()[0]["segment"] == ["East"]


def test_other_people_answering_is_no_fire() -> None:
    made = answers(5, burning=0)
    r = np.random.default_rng(5)
    plan, days = made.column("plan").to_pylist(), made.column("local_date").to_pylist()
    keep = [
        name != "Home" or day < END - dt.timedelta(days=14) or r.uniform() < 0.1
        for name, day in zip(plan, days, strict=True)
    ]
    assert flareups(made.filter(pa.array(keep)), by=BY).rows() == []


def test_a_running_period_is_provisional_and_an_acknowledged_alarm_begins_anew() -> None:
    made = answers(1)
    running = flareups(made, by=BY, today=END - dt.timedelta(days=2))
    assert all(row["provisional"] for row in running.rows())
    key = (("region", "plan"), ("North", "Business"))
    known = flareups(made, by=BY, acknowledged={key: END})
    assert ["North", "Business"] not in [row["segment"] for row in known.rows()]


def test_names_of_the_file_are_told() -> None:
    found = flareups(answers(1), by=BY).spelled({"region": "Gebiet"})
    assert found.rows()[0]["by"] == ["Gebiet", "plan"]


def test_short_and_thin_and_one_sided_data_are_answered() -> None:
    short = flareups(answers(6, weeks=6), by=BY)
    assert "it takes nine periods" in short.summary()
    with pytest.raises(UserError, match="nothing burns|Nothing burns"):
        short.chart()
    made = answers(7, weeks=20)
    one = made.set_column(made.column_names.index("region"), "region", pa.array(["only"] * made.num_rows))
    assert "1 segment watched" in (alone := flareups(one, by=["region"])).summary() and alone.watched.num_rows == 1
    for constant in (0, 10):
        same = made.set_column(made.column_names.index("score"), "score", pa.array([constant] * made.num_rows))
        assert (calm := flareups(same, by=BY)).rows() == []
        assert calm.watched.num_rows or calm.summary().startswith("Nothing can be watched: ")
    many = made.set_column(
        made.column_names.index("region"), "region", pa.array([f"r{i % 10_000}" for i in range(made.num_rows)])
    )
    found = flareups(many, by=BY)
    assert found.thin > 0
    gap = made.filter(
        pa.array(
            [not dt.date(2026, 7, 1) < day < dt.date(2026, 9, 20) for day in made.column("local_date").to_pylist()]
        )
    )
    assert flareups(gap, by=BY).every == "week"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"measure": "luck"}, '"luck" cannot be watched'),
        ({"false_rate": 1.5}, "not between 0 and 1"),
        ({"last": 0}, "At least one period"),
        ({"depth": -1}, "number of attributes"),
        ({"every": "year"}, "by day, week or month"),
        ({"date": None}, "Flare-ups need a date"),
        ({"since": dt.date(2030, 1, 1)}, "nothing to watch"),
    ],
)
def test_what_cannot_be_is_said(options: dict[str, object], said: str) -> None:
    with pytest.raises(UserError, match=said):
        flareups(answers(1, weeks=10), by=BY, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("score", "said"), [(10, "none of the answers is a bad one"), (0, "every answer is a bad one already")]
)
def test_where_all_answers_are_alike_it_is_said_why_nothing_is_watched(score: int, said: str) -> None:
    day = dt.date(2026, 1, 5)
    days = [day + dt.timedelta(weeks=week) for week in range(20) for _ in range(40)]
    found = flareups(
        pa.table({"local_date": days, "score": pa.array([score] * len(days), pa.float64())}), revenue=False
    )
    assert said in found.summary()
    assert not found.rows()
