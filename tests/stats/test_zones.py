"""Zones of a tiny cube, counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from winback.stats.zones import make_zones

CODES = np.array([[0, 0], [0, 1], [1, 0], [1, 1], [-1, 0]])


def test_zones_of_two_attributes_by_hand() -> None:
    zones = make_zones(CODES, depth=2)
    assert [len(cuboid) for cuboid in zones.cuboids] == [0, 1, 1, 2]
    assert len(zones) == 1 + 2 + 2 + 4
    sums = zones.sums(np.array([[1.0], [2.0], [4.0], [8.0], [16.0]]))[:, 0]
    named = {tuple(zones.named(z).items()): sums[z] for z in range(len(zones))}
    assert named == {
        (): 31, ((0, 0),): 3, ((0, 1),): 12, ((1, 0),): 21, ((1, 1),): 10,
        ((0, 0), (1, 0)): 1, ((0, 0), (1, 1)): 2, ((0, 1), (1, 0)): 4, ((0, 1), (1, 1)): 8,
    }  # fmt: skip
    assert zones.members(1).tolist() == [True, True, False, False, False]


def test_all_descriptions_together_cost_one_nat_of_chance() -> None:
    assert np.exp(-make_zones(CODES[:4], depth=2).cost).sum() < 1


def test_a_longer_description_costs_more() -> None:
    zones = make_zones(CODES[:4], depth=2)
    assert zones.cost[1] < zones.cost[-1]


def test_zones_too_small_to_name_are_none() -> None:
    zones = make_zones(CODES, depth=2, weight=np.array([1.0, 2.0, 4.0, 8.0, 16.0]), minimum=5)
    named = [tuple(zones.named(z).items()) for z in range(len(zones))]
    assert ((0, 0),) not in named
    assert ((0, 1), (1, 1)) in named
    assert zones.cost[named.index(((0, 1), (1, 1)))] == pytest.approx(3 * np.log(2))
