"""One tally for many questions."""

from __future__ import annotations

import pyarrow as pa
import pytest

from winback.analysis import tallies as module
from winback.analysis.counts import pool
from winback.analysis.tallies import Tallies
from winback.analysis.tally import tally

ROWS = pa.table(
    {"score": [9.0, 0.0, 8.0, 10.0], "a": ["x", "x", "y", "y"], "b": ["1", "2", "1", "2"], "c": ["p", "q", "p", "q"]}
)


def test_few_rows_are_counted_once_for_all_sets() -> None:
    held = Tallies(ROWS, ("a", "b", "c"))
    assert held.of(("a",)) is held.of(("b", "c"))
    assert pool(held.of(("a",)), ("a",)).promoters.tolist() == [1, 1]


def test_many_combinations_are_counted_set_by_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FEW_ROWS", 1)
    monkeypatch.setattr(module, "FEW_CELLS", 1)
    held = Tallies(ROWS, ("a", "b", "c"))
    pair = held.of(("a", "b"))
    assert pair.by == ("a", "b")
    assert held.of(("a",)) is pair  # a finer tally answers a coarser question
    assert held.of(("c",)).by == ("c",)
    assert pool(held.of(("c",)), ("c",)).detractors.tolist() == [0, 1]


def test_a_tally_at_hand_is_taken() -> None:
    counted = tally(ROWS, by=["a"])
    assert Tallies(counted, ("a",)).of(("a",)) is counted
