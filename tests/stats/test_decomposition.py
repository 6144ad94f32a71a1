"""Rate and mix: worked by hand, adding up whatever the numbers, with intervals that cover."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winback.stats.decomposition import decompose, decompose_counts

PERIOD = st.tuples(st.integers(min_value=0, max_value=10_000), st.floats(min_value=-100, max_value=100))


def test_a_change_in_who_answered_is_all_mix():
    split = decompose([50, 50], [0, 60], [20, 80], [0, 60])
    assert (split.before, split.after, split.total) == (30.0, 48.0, 18.0)
    assert split.rate == 0.0
    assert split.mix == pytest.approx(18.0)
    # r is 39: the segment at 60 grew by 30 points of share, the one at 0 shrank by as many
    assert split.mix_by_segment == pytest.approx([-0.3 * (0 - 39), 0.3 * (60 - 39)])


def test_a_change_in_how_they_feel_is_all_rate():
    split = decompose([10, 30], [-20, 40], [20, 60], [0, 50])
    assert split.mix == pytest.approx(0.0)
    assert split.rate_by_segment == pytest.approx([20 * 0.25, 10 * 0.75])


def test_every_segment_falls_and_the_whole_rises():
    split = decompose([80, 20], [0, 70], [20, 80], [-10, 60])
    assert split.total == pytest.approx(46 - 14)
    assert split.rate == pytest.approx(-10.0)
    assert split.mix == pytest.approx(42.0)


def test_a_segment_that_is_new_or_gone_is_all_mix():
    split = decompose([60, 0, 40], [10, np.nan, 30], [60, 40, 0], [10, 50, np.nan])
    assert split.rate == 0.0
    assert split.rate_by_segment == pytest.approx([0, 0, 0])
    assert split.mix == pytest.approx(split.total) == pytest.approx(8.0)


def test_where_the_scale_has_its_nought_does_not_matter():
    first = decompose([5, 3, 2], [10, 20, -40], [2, 6, 2], [15, 10, -30])
    moved = decompose([5, 3, 2], [60, 70, 10], [2, 6, 2], [65, 60, 20])
    assert np.allclose(first.mix_by_segment, moved.mix_by_segment)
    assert np.allclose(first.rate_by_segment, moved.rate_by_segment)


def test_mix_splits_into_who_was_invited_and_who_answered():
    # the same people were invited; the unhappy half answered less
    split = decompose([50, 50], [0, 60], [20, 80], [0, 60], before_invited=[500, 500], after_invited=[500, 500])
    assert split.invited_mix == pytest.approx(0.0)
    assert split.response_mix == pytest.approx(18.0)
    # others were invited; all answered alike
    split = decompose([50, 50], [0, 60], [20, 80], [0, 60], before_invited=[500, 500], after_invited=[200, 800])
    assert split.invited_mix == pytest.approx(18.0)
    assert split.response_mix == pytest.approx(0.0)


@given(st.lists(st.tuples(PERIOD, PERIOD, st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=60))
@settings(deadline=None)
def test_the_parts_add_up(rows):
    w0, r0 = np.array([row[0] for row in rows], dtype=float).T
    w1, r1 = np.array([row[1] for row in rows], dtype=float).T
    if w0.sum() == 0 or w1.sum() == 0:
        return
    invited = {"before_invited": w0 + [row[2] for row in rows], "after_invited": w1 + [row[3] for row in rows]}
    split = decompose(w0, r0, w1, r1, **invited)
    assert abs(split.rate + split.mix - split.total) < 1e-12
    assert abs(split.before + split.total - split.after) < 1e-12
    assert abs(split.rate_by_segment.sum() - split.rate) < 1e-12
    assert abs(split.invited_mix + split.response_mix - split.mix) < 1e-12


def test_ten_thousand_segments_add_up_too():
    rng = np.random.default_rng(4)
    weights = rng.integers(0, 1000, (2, 10_000)).astype(float)
    scores = np.where(weights > 0, rng.uniform(-100, 100, weights.shape), np.nan)
    split = decompose(weights[0], scores[0], weights[1], scores[1])
    assert abs(split.rate + split.mix - split.total) < 1e-12


def test_counts_give_the_same_split_with_intervals_round_it():
    before, after = [[10, 10, 20], [30, 20, 10]], [[5, 10, 25], [10, 10, 5]]
    split = decompose_counts(before, after)
    plain = decompose([40, 60], [25, -100 / 3], [40, 25], [50, -20])
    assert split.rate == pytest.approx(plain.rate)
    assert split.mix == pytest.approx(plain.mix)
    for part, interval in (("total", split.total_interval), ("rate", split.rate_interval), ("mix", split.mix_interval)):
        assert interval[0] < getattr(split, part) < interval[1]
    wide = decompose_counts(before, after, before_n_eff=50, after_n_eff=33)
    assert np.diff(wide.total_interval) > np.diff(split.total_interval)
    assert wide.rate == pytest.approx(split.rate)


def test_one_answer_has_no_interval():
    split = decompose_counts([[1, 0, 0]], [[0, 0, 5]])
    assert split.total == 200.0
    assert split.total_interval is None


def test_intervals_cover_the_truth():
    rng = np.random.default_rng(9)
    w0, w1 = rng.dirichlet(np.full(8, 4.0)), rng.dirichlet(np.full(8, 4.0))
    p0 = rng.dirichlet([4, 4, 7], 8)
    p1 = 0.7 * p0 + 0.3 * rng.dirichlet([3, 4, 7], 8)
    truth = decompose(w0, 100 * (p0[:, 2] - p0[:, 0]), w1, 100 * (p1[:, 2] - p1[:, 0]))
    cover = np.zeros(3)
    for _ in range(400):
        split = decompose_counts(
            rng.multinomial(250, (w0[:, None] * p0).ravel()).reshape(8, 3),
            rng.multinomial(250, (w1[:, None] * p1).ravel()).reshape(8, 3),
        )
        ends = np.array([split.total_interval, split.rate_interval, split.mix_interval])
        cover += (ends[:, 0] <= [truth.total, truth.rate, truth.mix]) & (
            ends[:, 1] >= [truth.total, truth.rate, truth.mix]
        )
    assert (cover / 400 > 0.92).all()
    assert (cover / 400 < 0.985).all()


def test_periods_that_cannot_be_split_are_refused():
    for arguments, words in (
        (([0, 0], [1, 2], [1, 1], [1, 2]), "nobody answered"),
        (([1, -1], [1, 2], [1, 1], [1, 2]), "not negative"),
        (([1, 1], [1, np.nan], [1, 1], [1, 2]), "no score"),
        (([1, 1], [1, 2], [1], [1]), "one shape"),
    ):
        with pytest.raises(ValueError, match=words):
            decompose(*arguments)
    with pytest.raises(ValueError, match="both periods"):
        decompose([1], [1], [1], [1], after_invited=[3])
    with pytest.raises(ValueError, match="segments, 3"):
        decompose_counts([[1, 2]], [[1, 2]])
