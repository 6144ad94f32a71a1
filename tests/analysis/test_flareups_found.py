"""What is told of a flare-up: the effect is near what was planted, and counts, means and shares each have their words."""

from __future__ import annotations

import numpy as np
import pytest

from tests.stats.panels import panel
from winback.analysis.flareups_found import effect, history, noticed, table_of
from winback.stats.families import Count, Mean, Share
from winback.stats.watching import watch

MADE = panel(1)
SEEN = watch(MADE["bad"], MADE["size"], MADE["times"], family=Share(), cycles=(52.1775,), columns=[129])


def test_the_planted_odds_ratio_is_in_the_interval_and_drawn_to_nought() -> None:
    inside, ratios = [], []
    for s in range(10):
        found = effect(MADE["bad"][s, 126:], MADE["size"][s, 126:], SEEN, s, 0, Share(), "detractors")
        inside.append(found["low"] < 3.0 < found["high"])
        ratios.append(found["odds_ratio"])
        assert found["expected"] == pytest.approx(MADE["size"][s, 126:].sum() * SEEN.expected[s, 0])
    assert sum(inside) >= 8
    assert 2.0 < np.median(ratios) < 3.6


def test_all_bad_none_bad_and_nobody_are_figures_too() -> None:
    n = np.full(4, 10.0)
    for y in (n, np.zeros(4)):
        found = effect(y, n, SEEN, 0, 0, Share(), "detractors")
        assert all(np.isfinite(found[name]) for name in ("odds_ratio", "low", "high"))
    assert effect(np.zeros(4), np.zeros(4), SEEN, 0, 0, Share(), "detractors")["share"] is None


def test_the_course_is_half_a_year_with_the_window_marked() -> None:
    periods = [str(c) for c in range(130)]
    rows = history(
        MADE["bad"][0],
        MADE["size"][0],
        MADE["size"][0],
        SEEN,
        0,
        0,
        129,
        slice(126, 130),
        Share(),
        "detractors",
        periods,
    )
    assert len(rows) == 26
    assert [row["period"] for row in rows if row["burning"]] == ["126", "127", "128", "129"]
    outside = [not row["low"] <= row["share"] <= row["high"] for row in rows if not row["burning"]]
    assert sum(outside) <= 4
    assert all(0 <= row["low"] <= row["expected"] <= row["high"] <= 1 for row in rows)


def test_every_watched_segment_says_what_it_could_have_shown() -> None:
    names = [(("segment",), (str(s),)) for s in range(60)]
    rows = noticed(names, SEEN, MADE["size"], "detractors").to_pylist()
    thick = max(rows, key=lambda row: row["answers"])
    thin = min(rows, key=lambda row: row["answers"])
    assert 1 < thick["noticeable"] < (thin["noticeable"] or 99)
    assert noticed(names, SEEN, MADE["size"], "volume").column("noticeable").null_count == 60


def test_no_findings_are_a_table_with_every_column() -> None:
    assert table_of([], dated=True).column_names == table_of([], dated=False).column_names


def test_counts_and_means_have_effects_of_their_own() -> None:
    half = effect(np.full(4, 5.0), np.full(4, 50.0), SEEN, 0, 0, Count(falling=True), "silence")
    assert half["share"] is None
    fallen = effect(np.full(4, -20.0), np.full(4, 50.0), SEEN, 0, 0, Mean(0.8), "score")
    assert fallen["odds_ratio"] < 0
