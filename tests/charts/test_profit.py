"""Profit: every tier's bar is 100 %, and money is in bars from zero."""

from __future__ import annotations

import pytest

from tests.charts.rows import ALL, BANDED, FULL, drawn, layers, values
from winback import charts

TIER = {"label": "1", "answers": 20, "detractors": 5, "passives": 5, "promoters": 10, "nps": 25.0, "low": -9.0, "high": 54.0}  # fmt: skip


def test_a_tier_is_one_bar_of_shares() -> None:
    assert values(charts.mix([TIER])) == [
        {"tier": "1", "band": "detractor", "from": 0.0, "to": 0.25, "said": "5 of 20 (25 %)"},
        {"tier": "1", "band": "passive", "from": 0.25, "to": 0.5, "said": "5 of 20 (25 %)"},
        {"tier": "1", "band": "promoter", "from": 0.5, "to": 1.0, "said": "10 of 20 (50 %)"},
    ]


def test_bars_run_detractor_passive_promoter() -> None:
    first = [part for part in values(ALL["full mix"]) if part["tier"].startswith("1")]
    assert [part["band"] for part in first] == ["detractor", "passive", "promoter"]
    assert first[0]["from"] == 0 and first[-1]["to"] == pytest.approx(1)


def test_weighted_tiers_use_weighted_shares() -> None:
    tier = FULL["profit"]["tiers"][0] | {
        "weighted": True, "n_eff": 300.0, "promoter_share": 0.5, "passive_share": 0.2, "detractor_share": 0.3,
    }  # fmt: skip
    parts = values(charts.mix([tier]))
    assert [round(part["to"] - part["from"], 9) for part in parts] == [0.3, 0.2, 0.5]


def test_score_and_interval_stand_at_the_end_of_the_bar() -> None:
    notes = layers(charts.mix([TIER]))[1]
    assert notes["data"]["values"] == [{"tier": "1", "note": "+25 [−9, +54]"}]
    assert notes["encoding"]["x"] == {"datum": 1}


def test_a_tier_with_few_answers_keeps_its_place_without_a_bar() -> None:
    few = charts.mix([dict(FULL["profit"]["tiers"][0], suppressed=True, nps=None, low=None, high=None, answers=4)])
    assert values(few) == []
    assert "4 heard: too few" in drawn(few)
    assert few.description == "No tier has enough answers to show its mix."
    both = charts.mix([dict(TIER, label="2", suppressed=True), TIER])
    assert {part["tier"] for part in values(both)} == {"1"}
    assert layers(both)[0]["encoding"]["y"]["sort"] == ["2", "1"]


def test_mix_says_the_share_of_detractors() -> None:
    assert charts.mix([TIER]).description == "Share of detractors by profit tier: 1 25 %."


def test_money_is_in_bars_from_zero_in_the_order_of_the_bands() -> None:
    chart = charts.by_band([*BANDED, {"band": "nobody", "money": "5"}], currency="EUR")
    assert [(bar["band"], bar["money"], bar["said"], bar["customers"]) for bar in values(chart)] == [
        ("detractor", 351200.0, "€351,200", 539), ("passive", 0.0, "€0", 3), ("promoter", 120000.0, "€120,000", 40),
    ]  # fmt: skip
    assert layers(chart)[0]["encoding"]["x"]["scale"] == {"zero": True}
    assert chart.description == "Money by band: detractors €351,200, passives €0, promoters €120,000."


def test_a_band_whose_money_is_unknown_has_no_bar() -> None:
    rows = [{"band": "detractor", "money": None}, {"band": "promoter", "money": "12.5"}]
    assert [(bar["band"], bar["said"]) for bar in values(charts.by_band(rows))] == [("promoter", "12.50")]
    assert charts.by_band(rows[:1]).description == "No money is known."
