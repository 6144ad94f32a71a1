"""How much has been heard: equal to R's vegan and iNEXT, right in worlds whose truth is known, sane at the edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.stats.worlds import interviews, zipf
from winback.stats import richness
from winback.stats.richness import Heard

# In how many of 50 plots of Barro Colorado each of 225 trees stands (R's vegan 2.6.4, data BCI): plots, times
_BCI = {
    50: 7, 49: 5, 48: 7, 47: 3, 46: 4, 45: 4, 44: 3, 43: 3, 42: 1, 41: 2, 40: 2, 39: 3, 38: 2, 37: 3, 36: 2, 35: 4,
    34: 2, 33: 2, 32: 4, 31: 5, 30: 3, 28: 4, 27: 4, 26: 3, 25: 2, 24: 1, 23: 4, 22: 3, 21: 3, 20: 2, 19: 5, 18: 8,
    17: 4, 16: 5, 15: 2, 14: 4, 13: 4, 12: 6, 11: 3, 10: 5, 9: 6, 8: 7, 7: 5, 6: 3, 5: 6, 4: 5, 3: 10, 2: 19, 1: 21,
}  # fmt: skip
BCI = Heard.of(50, [plots for plots, times in _BCI.items() for _ in range(times)])
# Ants by elevation (Longino and Colwell 2011), as in R's iNEXT, data ant
ANTS_1070 = Heard.of(150, [
    99, 96, 80, 74, 68, 60, 54, 46, 45, 45, 43, 43, 39, 38, 36, 34, 32, 31, 31, 31, 30, 26, 25, 25, 25, 24, 23, 22, 21,
    19, 19, 18, *[16] * 4, 15, 14, *[13] * 4, *[12] * 3, *[11] * 4, 10, 9, 8, *[7] * 6, *[6] * 3, 5, *[4] * 3,
    *[3] * 13, *[2] * 16, *[1] * 28,
])  # fmt: skip
ANTS_1500 = Heard.of(200, [
    144, 113, 79, 76, 74, 73, 53, 50, 43, 33, 32, 30, 29, 25, 25, 25, 24, 23, 23, 19, 18, 17, 17, 11, 11, 9, 9, 9, 9, 6,
    6, 5, 5, 5, 5, 4, 4, 3, 3, 2, 2, 2, 2, *[1] * 13,
])  # fmt: skip
ANTS_2000 = Heard.of(200, [80, 59, 34, 23, 19, 15, 13, 8, 8, 4, 3, 2, 2, 1])


def test_equal_to_vegan() -> None:
    assert (BCI.themes, BCI.mentions, BCI.once, BCI.twice) == (225, 4539, 21, 19)
    found = richness.chao2(BCI)
    assert found.total == pytest.approx(236.373157895, abs=1e-8)
    assert found.error == pytest.approx(6.54361038059, abs=1e-8)
    assert richness.jackknife(BCI) == pytest.approx(245.58, abs=1e-8)
    assert richness.jackknife(BCI, 2) == pytest.approx(247.872244898, abs=1e-8)
    assert richness.bootstrap_richness(BCI) == pytest.approx(235.686167533, abs=1e-8)
    assert richness.coverage(BCI) == pytest.approx(0.9955382003, abs=1e-9)
    accumulated = richness.themes_at(BCI, [1, 10, 25, 49, 50])
    assert accumulated == pytest.approx([90.78, 182.560444122, 208.169590429, 224.58, 225], abs=1e-8)


def test_counts_of_mentions_equal_to_vegan() -> None:
    plot = [
        25, 24, 22, 21, 18, 17, 15, 14, 14, 13, 13, 12, 12, 11, 11, 10, 9, 8, 7, *[6] * 4, *[5] * 6, *[4] * 6, *[3] * 9,
        *[2] * 18, *[1] * 31,
    ]  # fmt: skip
    assert (len(plot), sum(plot)) == (93, 448)
    assert float(richness.themes_at(Heard.of(448, plot), 100.0)) == pytest.approx(48.2535173316, abs=1e-8)


def test_equal_to_inext() -> None:
    """Figures of iNEXT's page on the ants: basic data, size-based and coverage-based curves."""
    assert (ANTS_1070.themes, ANTS_1070.mentions, ANTS_1070.once, ANTS_1070.twice) == (122, 1730, 28, 16)
    assert [round(richness.coverage(ants), 4) for ants in (ANTS_1070, ANTS_1500, ANTS_2000)] == [0.9839, 0.9889, 0.9964]
    assert richness.themes_at(ANTS_1070, [1, 75]) == pytest.approx([11.533333, 102.135118], abs=1e-6)
    assert richness.coverage_at(ANTS_1070, 75) == pytest.approx(0.9674024, abs=1e-7)
    assert richness.coverage_at(ANTS_1070, 1) == pytest.approx(0.2714978, abs=1e-7)
    for ants, size, themes in (
        (ANTS_1070, 158.9508, 123.608792),
        (ANTS_1500, 125.9590, 50.478877),
        (ANTS_2000, 104.6306, 12.909623),
    ):
        found = richness.size_at(ants, 0.985)
        assert found == pytest.approx(size, abs=2e-4)  # iNEXT looks for it to about 1e-4
        assert float(richness.themes_at(ants, found)) == pytest.approx(themes, abs=5e-5)


def test_extrapolation_equal_to_inext() -> None:
    """Ants at 500 m: 241 kinds in 230 plots, 2,943 finds, 71 kinds found once and 34 twice."""
    rest = 241 - 71 - 34
    left, more = divmod(2943 - 71 - 68, rest)
    ants = Heard.of(230, [1] * 71 + [2] * 34 + [left + 1] * more + [left] * (rest - more))
    assert richness.coverage(ants) == pytest.approx(0.9759754, abs=1e-7)
    assert richness.themes_at(ants, [339, 460]) == pytest.approx([267.977661, 286.546519], abs=1e-6)
    assert [richness.coverage_at(ants, size) for size in (339, 460)] == pytest.approx([0.9847564, 0.9908005], abs=1e-7)
    size = richness.size_at(ants, 0.985)
    assert size == pytest.approx(342.8592, abs=2e-4)
    assert float(richness.themes_at(ants, size)) == pytest.approx(268.725933, abs=5e-5)


@pytest.mark.parametrize("exponent", [0.6, 1.0, 1.4])
def test_coverage_is_right_in_worlds_of_known_truth(exponent: float) -> None:
    """40 themes, two a call, 25 calls: hardly any bias, and 95 % intervals that hold the truth at least as often as 93 %."""
    shares = zipf(40, exponent, 2.0)
    counts = interviews(shares, 25, 1500, np.random.default_rng(int(100 * exponent)))
    truth = (shares * (counts > 0)).sum(axis=1) / shares.sum()
    heard = [Heard.of(25, row) for row in counts]
    errors = np.array([richness.coverage(one) for one in heard]) - truth
    ends = np.array([richness.coverage_interval(one) for one in heard])
    assert abs(errors.mean()) < 0.01
    assert ((ends[:, 0] <= truth) & (truth <= ends[:, 1])).mean() >= 0.93
    assert (ends[:, 1] - ends[:, 0]).mean() < 0.5


def test_the_outlook_holds_what_happens() -> None:
    shares, rng = zipf(40, 1.0, 2.0), np.random.default_rng(11)
    held = held_coverage = 0
    foretold, happened = [], []
    for _ in range(150):
        calls = rng.random((45, 40)) < shares
        before, after = calls[:25].any(axis=0), calls.any(axis=0)
        found = richness.outlook(Heard.of(25, calls[:25].sum(axis=0)), [20], replicates=150)
        new, reached = (after & ~before).sum(), shares[after].sum() / shares.sum()
        held += bool(found.new_low[0] <= new <= found.new_high[0])
        held_coverage += bool(found.coverage_low[0] <= reached <= found.coverage_high[0])
        foretold.append(found.coverage[0])
        happened.append(reached)
    assert held >= 0.9 * 150
    assert held_coverage >= 0.9 * 150
    assert abs(np.mean(foretold) - np.mean(happened)) < 0.03


def test_the_assemblage_adds_up_to_what_is_unheard() -> None:
    chances = richness.assemblage(ANTS_1070)
    missed = (chances[:122] * (1 - np.array(ANTS_1070.counts) / 150) ** 150).sum()
    assert chances[122:].sum() == pytest.approx(ANTS_1070.mentions / 150 * (1 - richness.coverage(ANTS_1070)))
    assert missed < chances[122:].sum()
    assert chances[:122].max() <= 99 / 150


def test_same_seed_same_outlook() -> None:
    first, again = (richness.outlook(ANTS_1500, [1, 20], replicates=50, seed=4) for _ in range(2))
    assert first.new_low.tolist() == again.new_low.tolist()
    assert first.coverage_low.tolist() == again.coverage_low.tolist()


def test_nothing_heard_and_everything_heard() -> None:
    silent = Heard.of(12, [])
    assert np.isnan(richness.coverage(silent))
    assert np.isnan(richness.coverage_interval(silent)).all()
    assert richness.chao2(silent) == richness.Richness(0.0, 0.0, 0.0, 0.0)
    assert np.isnan(richness.outlook(silent, [1, 20]).new).all()
    assert np.isnan(richness.size_at(silent, 0.9))
    whole = Heard.of(20, [20, 18, 15, 11])
    assert richness.coverage(whole) == 1.0
    assert richness.chao2(whole).total == 4.0
    low, high = richness.coverage_interval(whole)
    assert 0.85 < low < 1.0
    assert high == 1.0
    assert str(richness.outlook(whole, [20]).new[0]) == "0.0"  # and not -0.0
    assert richness.size_at(whole, 1.0) <= 20


def test_every_theme_named_once() -> None:
    """All news: nothing can be told of what is left but that it is much."""
    fresh = Heard.of(5, [1] * 10)
    assert richness.coverage(fresh) < 0.2
    assert richness.chao2(fresh).total == pytest.approx(10 + 4 / 5 * 45)
    assert richness.coverage_interval(fresh)[0] == 0.0
    one = Heard.of(1, [1, 1, 1])
    assert richness.chao2(one).total == 3.0
    assert np.isfinite(richness.outlook(one, [1, 20]).new).all()


def test_a_count_above_the_interviews_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="in none to all"):
        Heard.of(3, [4])


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 40).flatmap(lambda t: st.tuples(st.just(t), st.lists(st.integers(1, t), min_size=1, max_size=30)))
)
@example((1, [1] * 11))
def test_curves_rise_and_meet(data: tuple[int, list[int]]) -> None:
    heard = Heard.of(*data)
    t = heard.interviews
    sizes = np.array([0.5 * t, t, 1.5 * t, 2.0 * t])
    themes = richness.themes_at(heard, sizes)
    assert themes[1] == pytest.approx(heard.themes)
    assert (np.diff(themes) >= -1e-9).all()
    reached = [richness.coverage_at(heard, size) for size in sizes[1:]]
    assert (np.diff(reached) >= -1e-12).all()
    low, high = richness.coverage_interval(heard)
    assert 0.0 <= low <= reached[0] + 1e-9 <= high + 2e-9
    total = richness.chao2(heard)
    assert heard.themes <= total.low <= total.total <= total.high


def test_guest_stops_with_the_first_run_that_brings_little() -> None:
    new = [5, 3, 2, 1, 1, 0, 2, 1, 0, 0, 0, 0, 1, 1, 1]
    found = richness.guest_rule(new)
    assert found.base_themes == 12
    assert [run[:2] for run in found.runs] == [(9, 3), (12, 0), (15, 3)]
    assert (found.stopped, found.themes) == (12, 15)
    assert richness.guest_rule(new, threshold=0.25).stopped == 9
    assert richness.guest_rule(new[:11]).stopped is None
    assert richness.guest_rule([]).runs == ()
    assert richness.guest_rule([0] * 9).stopped is None  # nothing to measure news by


def test_chance_of_missing_is_hypergeometric() -> None:
    # of 10 interviews 3 name it; a segment of 4 misses it by chance in C(7, 4) / C(10, 4) of cases
    assert richness.never_by_chance([3], 4, 10)[0] == pytest.approx(35 / 210)
    assert richness.never_by_chance([8], 4, 10)[0] == 0.0
    assert richness.detectable([0.1, 0.02], 25) == pytest.approx([0.9282, 0.3965], abs=1e-4)
