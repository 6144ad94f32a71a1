"""What they gave: bars from the worst score to the best."""

from __future__ import annotations

import pytest

from tests.charts.rows import ALL, layers, values
from winback import charts


@pytest.mark.parametrize(
    ("scores", "order"),
    [
        ({0: "detractor", 3: "detractor", 9: "promoter"}, [str(n) for n in range(10)]),
        ({1: "promoter", 2: "passive", 5: "detractor"}, ["5", "4", "3", "2", "1"]),
        ({1: "detractor", 4.5: "passive", 5: "promoter"}, ["1", "4.5", "5"]),
    ],
)
def test_distribution_runs_from_worst_to_best(scores: dict[float, str], order: list[str]) -> None:
    rows = [{"score": score, "answers": 2, "band": band} for score, band in scores.items()]
    assert [bar["name"] for bar in values(charts.distribution(rows))] == order


def test_a_score_nobody_gave_has_the_band_of_the_nearest_and_no_answers() -> None:
    rows = [{"score": 5, "answers": 3, "band": "detractor"}, {"score": 9, "answers": 1200, "band": "promoter"}]
    chart = charts.distribution(rows)
    assert [(bar["name"], bar["answers"], bar["band"]) for bar in values(chart)] == [
        ("5", 3, "detractor"), ("6", 0, "detractor"), ("7", 0, "detractor"), ("8", 0, "promoter"), ("9", 1200, "promoter"),
    ]  # fmt: skip
    assert layers(chart)[1]["data"]["values"] == [
        {"name": "6", "band": "detractor", "label": "detractors"},
        {"name": "8", "band": "promoter", "label": "promoters"},
    ]
    assert chart.description == "How many of 1,203 answers gave each score; most, 1,200, gave 9."


def test_bars_start_at_zero() -> None:
    rows = [{"score": 9, "answers": 100, "band": "promoter"}]
    assert layers(charts.distribution(rows))[0]["encoding"]["y"]["scale"]["domain"] == pytest.approx([0, 122])


def test_distribution_of_many_scores_has_an_axis() -> None:
    rows = [{"score": n / 4, "answers": n, "band": "detractor"} for n in range(40)]
    assert layers(charts.distribution(rows))[0]["encoding"]["y"]["axis"]["title"] == "Answers"
    assert len(layers(charts.distribution(rows))) == 2
    few = layers(charts.distribution(rows[:15]))
    assert few[0]["encoding"]["y"]["axis"] is None and len(few) == 3  # the count stands on every bar


def test_says_how_many_gave_what() -> None:
    assert ALL["full distribution"].description == "How many of 2,386 answers gave each score; most, 578, gave 9."
    assert ALL["empty distribution"].description == "No scores yet."
