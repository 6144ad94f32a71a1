"""Segments: ranking, shrinkage and money beyond what the spec says."""

from __future__ import annotations

import pyarrow as pa
import pytest

import winback as wb
from winback.analysis.counts import Pool


def test_a_small_extreme_group_is_not_ranked_first() -> None:
    # four unhappy answers say less than four hundred rather unhappy ones
    scores = [0.0] * 4 + ([0.0] * 5 + [10.0] * 5) * 40 + ([0.0] * 2 + [10.0] * 8) * 40
    groups = ["tiny"] * 4 + ["big"] * 400 + ["good"] * 400
    more = [([0.0] * (3 + i % 3) + [10.0] * (7 - i % 3)) * 10 for i in range(12)]
    scores += [score for part in more for score in part]
    groups += [f"g{i}" for i in range(12) for _ in range(100)]
    found = wb.segments(pa.table({"score": scores, "region": groups}), by=["region"], minimum=1).rows()
    assert found[0]["segment"] == ["big"]
    tiny = next(row for row in found if row["segment"] == ["tiny"])
    assert tiny["nps"] == -100.0
    assert -60 < tiny["shrunk_nps"] < 40


def test_identical_groups_are_as_likely_worse_as_better() -> None:
    table = pa.table({"score": [0.0, 10.0] * 100, "region": [f"r{i // 50}" for i in range(200)]})
    assert all(abs(row["p_worse"] - 0.5) < 0.05 for row in wb.segments(table, by=["region"]).rows())


def test_one_group_has_no_rest() -> None:
    row = wb.segments(pa.table({"score": [9.0] * 20, "region": ["only"] * 20}), by=["region"]).rows()[0]
    assert (row["p_worse"], row["share_of_detractors"]) == (None, None)


def test_no_attributes_make_no_segments() -> None:
    assert wb.segments(pa.table({"score": [9.0]}), by=[]).rows() == []


def test_a_single_name_is_one_attribute() -> None:
    assert wb.segments(pa.table({"score": [9.0] * 2, "region": ["a", "b"]}), by="region", minimum=1).rows()[0][
        "by"
    ] == ["region"]


def test_scores_all_alike_are_as_likely_worse_as_better() -> None:
    rows = wb.segments(pa.table({"score": [9.0] * 40, "region": ["a", "b"] * 20}), by=["region"]).rows()
    assert [(row["nps"], round(row["p_worse"], 2)) for row in rows] == [(100.0, 0.5), (100.0, 0.5)]


def test_a_group_without_any_weight_has_no_figures() -> None:
    table = pa.table({"score": [9.0, 3.0] * 12, "region": ["a", "b"] * 12, "w": [1.0, 0.0] * 12})
    rows = {row["segment"][0]: row for row in wb.segments(table, by=["region"], weight="w").rows()}
    assert (rows["a"]["nps"], rows["b"]["nps"], rows["b"]["p_worse"]) == (100.0, None, None)


def test_many_attributes_are_looked_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []
    look = Pool.of
    monkeypatch.setattr(Pool, "of", lambda counted: looks.append(1) or look(counted))
    attributes = [f"a{i}" for i in range(12)]
    rows = pa.table({"score": [0.0, 9.0] * 20, **{name: ["x", "y"] * 20 for name in attributes}})
    assert len({tuple(row["by"]) for row in wb.segments(rows, by=attributes).rows()}) == 12 + 66
    assert looks == [1]
