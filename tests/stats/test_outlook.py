"""What further interviews would bring: intervals that hold what happens, and sane at the edges."""

from __future__ import annotations

import numpy as np
import pytest

from tests.stats.incidences import ANTS_1070, ANTS_1500
from tests.stats.worlds import zipf
from winback.stats import outlook, richness
from winback.stats.richness import Heard


def test_the_outlook_holds_what_happens() -> None:
    shares, rng = zipf(40, 1.0, 2.0), np.random.default_rng(11)
    held = held_coverage = 0
    foretold, happened = [], []
    for _ in range(150):
        calls = rng.random((45, 40)) < shares
        before, after = calls[:25].any(axis=0), calls.any(axis=0)
        found = outlook.outlook(Heard.of(25, calls[:25].sum(axis=0)), [20], replicates=150)
        new, reached = (after & ~before).sum(), shares[after].sum() / shares.sum()
        held += bool(found.new_low[0] <= new <= found.new_high[0])
        held_coverage += bool(found.coverage_low[0] <= reached <= found.coverage_high[0])
        foretold.append(found.coverage[0])
        happened.append(reached)
    assert held >= 0.9 * 150
    assert held_coverage >= 0.9 * 150
    assert abs(np.mean(foretold) - np.mean(happened)) < 0.03


def test_the_assemblage_adds_up_to_what_is_unheard() -> None:
    chances = outlook.assemblage(ANTS_1070)
    missed = (chances[:122] * (1 - np.array(ANTS_1070.counts) / 150) ** 150).sum()
    assert chances[122:].sum() == pytest.approx(ANTS_1070.mentions / 150 * (1 - richness.coverage(ANTS_1070)))
    assert missed < chances[122:].sum()
    assert chances[:122].max() <= 99 / 150


def test_same_seed_same_outlook() -> None:
    first, again = (outlook.outlook(ANTS_1500, [1, 20], replicates=50, seed=4) for _ in range(2))
    assert first.new_low.tolist() == again.new_low.tolist()
    assert first.coverage_low.tolist() == again.coverage_low.tolist()


def test_nothing_heard_everything_heard_and_one_interview() -> None:
    assert np.isnan(outlook.outlook(Heard.of(12, []), [1, 20]).new).all()
    assert str(outlook.outlook(Heard.of(20, [20, 18, 15, 11]), [20]).new[0]) == "0.0"  # and not -0.0
    assert np.isfinite(outlook.outlook(Heard.of(1, [1, 1, 1]), [1, 20]).new).all()
