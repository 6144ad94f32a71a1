"""Every chart is valid Vega-Lite, compiles, and follows the rules for charts."""

import json
from collections.abc import Callable
from typing import Any

import altair
import pytest
import vl_convert

from tests.report import documents
from winback import charts
from winback.charts import Chart

FULL = documents.full()
HOSTILE = documents.hostile()
BANDED = [
    {"band": "promoter", "money": "120000.00", "customers": 40},
    {"band": "detractor", "money": "351200.00", "customers": 539},
    {"band": "passive", "money": "0", "customers": 3},
]


def pairs(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for row in document["segments"] if len(row["by"]) == 2]


def pictures(document: dict[str, Any]) -> dict[str, Chart]:
    whole = document["overall"]["nps"]
    heat = document["heat"]
    return {
        "distribution": charts.distribution(document["distribution"]),
        "whiskers": charts.whiskers(pairs(document), whole=whole),
        "heat": charts.heat(heat["rows"], whole=whole, by=heat["by"]),
        "trend": charts.over_time(document["trend"]),
        "mix": charts.mix(document["profit"]["tiers"]),
        "by_band": charts.by_band(BANDED, currency="EUR"),
        "parts": charts.parts(document["decompose"]["segments"], title="What moved"),
    }


def empty() -> dict[str, Chart]:
    return {
        "distribution": charts.distribution([]),
        "whiskers": charts.whiskers([]),
        "heat": charts.heat([], whole=0.0),
        "trend": charts.over_time([]),
        "mix": charts.mix([]),
        "by_band": charts.by_band([]),
        "parts": charts.parts([]),
    }


ALL = {
    **{f"full {k}": v for k, v in pictures(FULL).items()},
    **{f"hostile {k}": v for k, v in pictures(HOSTILE).items()},
}
ALL |= {f"empty {k}": v for k, v in empty().items()}


@pytest.mark.parametrize("name", ALL)
def test_is_valid_by_the_published_schema(name: str) -> None:
    altair.Chart.from_dict(ALL[name].resolved(), validate=True)


@pytest.mark.parametrize("name", ALL)
def test_compiles(name: str) -> None:
    compiled = vl_convert.vegalite_to_vega(json.dumps(ALL[name].resolved("dark")))
    assert compiled["marks"] is not None


@pytest.mark.parametrize("name", ALL)
def test_has_one_sentence_and_no_colour_of_its_own(name: str) -> None:
    chart = ALL[name]
    assert chart.description.endswith(".")
    shape = {key: value for key, value in chart.items() if key != "data"}
    assert "#" not in json.dumps(shape | {"description": ""})


def drawn(chart: Chart) -> str:
    return str(vl_convert.vegalite_to_svg(json.dumps(chart.picture())))


@pytest.mark.parametrize("name", [name for name in ALL if not name.startswith("empty")])
def test_draws(name: str) -> None:
    assert "<path" in drawn(ALL[name])


def layers(chart: Chart) -> list[dict[str, Any]]:
    inner = chart.get("spec", chart)
    return list(inner["layer"])


def test_an_interval_is_always_drawn() -> None:
    whiskers, trend = ALL["full whiskers"], ALL["full trend"]
    assert any(layer["encoding"].get("x2") == {"field": "high"} for layer in layers(whiskers))
    assert any(layer["encoding"].get("y2") == {"field": "high"} for layer in layers(trend))


def test_suppressed_rows_are_not_drawn() -> None:
    assert any(row["suppressed"] for row in pairs(FULL))
    names = [row["segment"] for row in ALL["full whiskers"]["data"]["values"]]
    assert "West · Enterprise" not in names and "North · Enterprise" in names
    few = charts.mix([dict(FULL["profit"]["tiers"][0], suppressed=True, nps=None, low=None, high=None, answers=4)])
    assert few["data"]["values"] == []
    assert "4 heard: too few" in drawn(few)


def test_suppressed_period_leaves_a_gap() -> None:
    rows = [dict(row) for row in FULL["trend"]]
    rows[4].update(nps=None, low=None, high=None, suppressed=True)
    values = charts.over_time(rows)["data"]["values"]
    assert values[4]["nps"] is None and values[4]["low"] is None
    assert values[4]["said"] == "too few to show"


def test_suppressed_heat_cell_is_a_dash_without_colour() -> None:
    cells = ALL["full heat"]["data"]["values"]
    few = [cell for cell in cells if cell["distance"] is None]
    assert few and all(cell["score"] == "–" for cell in few)


@pytest.mark.parametrize("shift", [0, 40, -60])
def test_a_score_axis_shows_zero(shift: float) -> None:
    rows = [
        dict(row, nps=row["nps"] + shift, low=row["low"] + shift, high=row["high"] + shift) for row in FULL["trend"]
    ]
    domain = layers(charts.over_time(rows))[0]["encoding"]["y"]["scale"]["domain"]
    assert domain[0] <= 0 <= domain[1]
    assert domain[0] <= min(row["low"] for row in rows) and domain[1] >= max(row["high"] for row in rows)


def test_bars_run_detractor_passive_promoter() -> None:
    first = [part for part in ALL["full mix"]["data"]["values"] if part["tier"].startswith("1")]
    assert [part["band"] for part in first] == ["detractor", "passive", "promoter"]
    assert first[0]["from"] == 0 and first[-1]["to"] == pytest.approx(1)


def test_weighted_tiers_use_weighted_shares() -> None:
    tier = FULL["profit"]["tiers"][0] | {
        "weighted": True, "n_eff": 300.0, "promoter_share": 0.5, "passive_share": 0.2, "detractor_share": 0.3,
    }  # fmt: skip
    parts = charts.mix([tier])["data"]["values"]
    assert [round(part["to"] - part["from"], 9) for part in parts] == [0.3, 0.2, 0.5]


def test_parts_add_up_beyond_the_limit() -> None:
    rows = FULL["decompose"]["segments"]
    values = charts.parts(rows, limit=3)["data"]["values"]
    assert values[-1]["segment"] == "The other 9 segments"
    together = sum(value["points"] for value in values if value["panel"] == "Together")
    assert together == pytest.approx(FULL["decompose"]["change"], abs=1e-12)


def test_every_panel_has_the_same_scale() -> None:
    assert "resolve" not in ALL["full parts"]


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
    assert [bar["name"] for bar in charts.distribution(rows)["data"]["values"]] == order


def test_distribution_of_many_scores_has_an_axis() -> None:
    rows = [{"score": n / 4, "answers": n, "band": "detractor"} for n in range(40)]
    assert layers(charts.distribution(rows))[0]["encoding"]["y"]["axis"]["title"] == "Answers"


def test_a_segment_named_like_a_token_is_not_a_colour() -> None:
    chart = charts.whiskers([dict(pairs(FULL)[0], segment=["$promoter", "$ink"])], whole=21.0)
    assert chart.resolved()["data"]["values"][0]["segment"] == "$promoter · $ink"
    assert "$promoter · $ink" in drawn(chart)


def test_heat_says_what_a_phone_shows() -> None:
    rule = ALL["full heat"]["usermeta"]["phone"]["transform"][0]["filter"]
    assert rule == "datum.column >= 6"


@pytest.mark.parametrize("unit", ["week", "month", "quarter"])
def test_heat_names_its_periods(unit: str) -> None:
    rows = [dict(row, period=start) for row in FULL["heat"]["rows"][:1] for start in ("2025-10-01", "2026-01-01")]
    names = {row["name"] for row in charts.heat(rows, whole=21.0, unit=unit)["data"]["values"]}
    assert (
        names == {"week": {"1 Oct 25", "1 Jan 26"}, "month": {"Oct 25", "Jan 26"}, "quarter": {"Q4 25", "Q1 26"}}[unit]
    )


def test_blank_segment_is_named_after_its_attribute() -> None:
    row = next(row for row in FULL["segments"] if row["segment"] == [None])
    assert charts.whiskers([row])["data"]["values"][0]["segment"] == "(no region)"


def test_descriptions_read_like_sentences() -> None:
    say: Callable[[str], str] = lambda name: ALL[f"full {name}"].description  # noqa: E731
    assert say("distribution") == "How many of 2,386 answers gave each score; most, 578, gave 9."
    assert say("trend").startswith("Score with interval, Nov 2025 to Nov 2026: between +17 and +27, last +17 [")
    assert say("trend").endswith("in a period still running.")
    assert say("by_band") == "Money by band: detractors €351,200, passives €0, promoters €120,000."
    assert say("parts").startswith("Parts of a change of −3.0 points by segment; the largest is North · Business")
