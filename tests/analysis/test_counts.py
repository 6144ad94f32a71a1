"""From cells to counts, and from counts to figures."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from winback.analysis.counts import Counts, Pool, figure_columns, figures, group_codes, pool
from winback.analysis.tally import tally

ROWS = pa.table(
    {"score": [9.0, 0.0, 8.0, 10.0, 3.0], "a": ["x", None, "y", "x", None], "weight": [1.0, 2.0, 1.0, 1.0, 2.0]}
)


def test_groups_come_sorted_with_blanks_last() -> None:
    counts = pool(tally(ROWS, by=["a"]), ["a"])
    assert counts.keys.column("a").to_pylist() == ["x", "y", None]
    assert (counts.promoters.tolist(), counts.passives.tolist(), counts.detractors.tolist()) == (
        [2, 0, 0],
        [0, 1, 0],
        [0, 0, 2],
    )


def test_no_answers_make_one_empty_whole() -> None:
    counts = pool(tally(pa.table({"score": pa.array([None], pa.float64())})))
    assert counts.answers.tolist() == [0]
    assert np.isnan(figures(counts).nps[0])
    assert figure_columns(counts, minimum=0)["nps"].to_pylist() == [None]


def test_codes_match_blanks_with_blanks_over_several_attributes() -> None:
    table = pa.table({"a": ["x", None, "x", None], "b": [None, None, "1", None]})
    codes, keys = group_codes(table, ["a", "b"])
    assert codes.tolist() == [1, 2, 0, 2]
    assert keys.to_pylist() == [{"a": "x", "b": "1"}, {"a": "x", "b": None}, {"a": None, "b": None}]


def test_weighted_figures_rest_on_the_effective_size() -> None:
    counts = pool(tally(ROWS, weight="weight"))
    found = figures(counts)
    assert found.n_eff[0] == pytest.approx(7**2 / 11)
    assert found.nps[0] == pytest.approx(100 * (2 - 4) / 7)
    assert found.shares[0].tolist() == pytest.approx([4 / 7, 1 / 7, 2 / 7])


def test_taking_groups_keeps_them_whole() -> None:
    counts = pool(tally(ROWS, by=["a"]), ["a"])
    some: Counts = counts.take(counts.answers == 1)
    assert some.keys.to_pylist() == [{"a": "y"}]
    assert counts.take([2, 0]).detractors.tolist() == [2, 0]


def test_one_look_serves_any_attributes() -> None:
    counted = tally(
        pa.table({**{name: ROWS.column(name) for name in ("score", "a")}, "b": [1, 1, 2, None, 2]}), by=["a", "b"]
    )
    once = Pool.of(counted)
    for by in ([], ["a"], ["b"], ["b", "a"]):
        found, asked = once.by(by), pool(counted, by)
        assert found.keys.equals(asked.keys)
        assert [found.detractors.tolist(), found.promoters.tolist()] == [
            asked.detractors.tolist(),
            asked.promoters.tolist(),
        ]
    assert once.by(["b", "a"]).keys.to_pylist() == [
        {"b": "1", "a": "x"}, {"b": "1", "a": None}, {"b": "2", "a": "y"}, {"b": "2", "a": None}, {"b": None, "a": "x"},
    ]  # fmt: skip
    assert once.whole.answers.tolist() == [5]


def test_codes_of_more_combinations_than_rows() -> None:
    many = pa.table({"a": [str(i) for i in range(300)], "b": [str(-i) for i in range(300)], "c": ["x"] * 300})
    codes, keys = group_codes(many, ["a", "b", "c"])
    assert keys.take(pa.array(codes)).equals(many.combine_chunks())
