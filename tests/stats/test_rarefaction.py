"""Themes and coverage by interviews: equal to R's vegan and iNEXT, and curves that rise and meet."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.stats.incidences import ANTS_1070, ANTS_1500, ANTS_2000, BCI
from winback.stats import rarefaction, richness
from winback.stats.richness import Heard


def test_accumulation_equal_to_vegan() -> None:
    accumulated = rarefaction.themes_at(BCI, [1, 10, 25, 49, 50])
    assert accumulated == pytest.approx([90.78, 182.560444122, 208.169590429, 224.58, 225], abs=1e-8)


def test_counts_of_mentions_equal_to_vegan() -> None:
    plot = [
        25, 24, 22, 21, 18, 17, 15, 14, 14, 13, 13, 12, 12, 11, 11, 10, 9, 8, 7, *[6] * 4, *[5] * 6, *[4] * 6, *[3] * 9,
        *[2] * 18, *[1] * 31,
    ]  # fmt: skip
    assert (len(plot), sum(plot)) == (93, 448)
    assert float(rarefaction.themes_at(Heard.of(448, plot), 100.0)) == pytest.approx(48.2535173316, abs=1e-8)


def test_equal_to_inext() -> None:
    """Figures of iNEXT's page on the ants: basic data, size-based and coverage-based curves."""
    assert (ANTS_1070.themes, ANTS_1070.mentions, ANTS_1070.once, ANTS_1070.twice) == (122, 1730, 28, 16)
    assert [round(richness.coverage(ants), 4) for ants in (ANTS_1070, ANTS_1500, ANTS_2000)] == [0.9839, 0.9889, 0.9964]
    assert rarefaction.themes_at(ANTS_1070, [1, 75]) == pytest.approx([11.533333, 102.135118], abs=1e-6)
    assert rarefaction.coverage_at(ANTS_1070, 75) == pytest.approx(0.9674024, abs=1e-7)
    assert rarefaction.coverage_at(ANTS_1070, 1) == pytest.approx(0.2714978, abs=1e-7)
    for ants, size, themes in (
        (ANTS_1070, 158.9508, 123.608792),
        (ANTS_1500, 125.9590, 50.478877),
        (ANTS_2000, 104.6306, 12.909623),
    ):
        found = rarefaction.size_at(ants, 0.985)
        assert found == pytest.approx(size, abs=2e-4)  # iNEXT looks for it to about 1e-4
        assert float(rarefaction.themes_at(ants, found)) == pytest.approx(themes, abs=5e-5)


def test_extrapolation_equal_to_inext() -> None:
    """Ants at 500 m: 241 kinds in 230 plots, 2,943 finds, 71 kinds found once and 34 twice."""
    rest = 241 - 71 - 34
    left, more = divmod(2943 - 71 - 68, rest)
    ants = Heard.of(230, [1] * 71 + [2] * 34 + [left + 1] * more + [left] * (rest - more))
    assert richness.coverage(ants) == pytest.approx(0.9759754, abs=1e-7)
    assert rarefaction.themes_at(ants, [339, 460]) == pytest.approx([267.977661, 286.546519], abs=1e-6)
    assert [rarefaction.coverage_at(ants, size) for size in (339, 460)] == pytest.approx(
        [0.9847564, 0.9908005], abs=1e-7
    )
    size = rarefaction.size_at(ants, 0.985)
    assert size == pytest.approx(342.8592, abs=2e-4)
    assert float(rarefaction.themes_at(ants, size)) == pytest.approx(268.725933, abs=5e-5)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 40).flatmap(lambda t: st.tuples(st.just(t), st.lists(st.integers(1, t), min_size=1, max_size=30)))
)
@example((1, [1] * 11))
def test_curves_rise_and_meet(data: tuple[int, list[int]]) -> None:
    heard = Heard.of(*data)
    t = heard.interviews
    sizes = np.array([0.5 * t, t, 1.5 * t, 2.0 * t])
    themes = rarefaction.themes_at(heard, sizes)
    assert themes[1] == pytest.approx(heard.themes)
    assert (np.diff(themes) >= -1e-9).all()
    reached = [rarefaction.coverage_at(heard, size) for size in sizes[1:]]
    assert (np.diff(reached) >= -1e-12).all()
    low, high = richness.coverage_interval(heard)
    assert 0.0 <= low <= reached[0] + 1e-9 <= high + 2e-9
    total = richness.chao2(heard)
    assert heard.themes <= total.low <= total.total <= total.high


def test_the_size_for_a_coverage_at_the_edges() -> None:
    assert np.isnan(rarefaction.size_at(Heard.of(12, []), 0.9))
    assert rarefaction.size_at(Heard.of(20, [20, 18, 15, 11]), 1.0) <= 20
