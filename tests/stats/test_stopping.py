"""When to stop asking."""

from __future__ import annotations

import pytest

from winback.stats import stopping


def test_guest_stops_with_the_first_run_that_brings_little() -> None:
    new = [5, 3, 2, 1, 1, 0, 2, 1, 0, 0, 0, 0, 1, 1, 1]
    found = stopping.guest_rule(new)
    assert found.base_themes == 12
    assert [run[:2] for run in found.runs] == [(9, 3), (12, 0), (15, 3)]
    assert (found.stopped, found.themes) == (12, 15)
    assert stopping.guest_rule(new, threshold=0.25).stopped == 9
    assert stopping.guest_rule(new[:11]).stopped is None
    assert stopping.guest_rule([]).runs == ()
    assert stopping.guest_rule([0] * 9).stopped is None  # nothing to measure news by


def test_chance_of_missing_is_hypergeometric() -> None:
    # of 10 interviews 3 name it; a segment of 4 misses it by chance in C(7, 4) / C(10, 4) of cases
    assert stopping.never_by_chance([3], 4, 10)[0] == pytest.approx(35 / 210)
    assert stopping.never_by_chance([8], 4, 10)[0] == 0.0
    assert stopping.detectable([0.1, 0.02], 25) == pytest.approx([0.9282, 0.3965], abs=1e-4)
