from __future__ import annotations

import numpy as np
import pytest

from winback.datasets import world
from winback.datasets.people import draw, make_accounts, make_persons, network_cost, service_cost
from winback.datasets.world import Calendar


def test_accounts_and_their_people() -> None:
    accounts = make_accounts(1, 4000, Calendar())
    persons = make_persons(1, accounts)
    assert len(accounts) == 4000
    assert (np.unique(persons.customer) == np.arange(4000)).all()
    assert (np.diff(persons.customer) >= 0).all()
    numbers = np.bincount(persons.customer)
    assert [numbers[accounts.plan == plan].mean() for plan in range(4)] == pytest.approx(
        [1.14, 1.34, 3.24, 4.4], abs=0.15
    )
    company = accounts.plan >= world.BUSINESS
    assert ((accounts.industry > 0) == company).all()
    assert accounts.top.mean() == pytest.approx(0.2, abs=0.002)
    assert (persons.channel[accounts.partner[persons.customer]] == world.PARTNER).all()
    assert (accounts.region[persons.customer[persons.german]] == world.EAST).all()
    # Everybody has somebody who decides: the first of each account.
    assert (persons.role[np.searchsorted(persons.customer, np.arange(4000))] == 0).all()


def test_the_partner_is_strong_in_the_north_only() -> None:
    accounts = make_accounts(3, 20_000, Calendar())
    business = accounts.plan == world.BUSINESS
    north = accounts.region == world.NORTH
    assert accounts.partner[business & north].mean() == pytest.approx(0.66, abs=0.04)
    assert accounts.partner[business & ~north].mean() == pytest.approx(0.30, abs=0.03)


def test_the_same_seed_makes_the_same_people() -> None:
    one, same, other = (make_accounts(seed, 200, Calendar()) for seed in (1, 1, 2))
    assert (one.mood == same.mood).all()
    assert (one.mood != other.mood).any()


def test_costs_before_anybody_rings() -> None:
    plans = np.array([world.HOME, world.HOME_PLUS, world.BUSINESS, world.ENTERPRISE])
    assert network_cost(plans, np.array([3500, 6000, 20_000, 100_000])).tolist() == [1450, 2100, 7000, 46_000]
    # 0.16 calls at 6.50, 0.05 tickets at 9, 0.012 visits at 78, 0.008 returns at 22
    assert service_cost(plans)[0] == pytest.approx(104 + 45 + 93.6 + 17.6)


def test_draw_follows_the_shares() -> None:
    rng = np.random.default_rng(1)
    assert np.bincount(draw(rng, (0.5, 0.0, 0.5), 10_000)).tolist() == pytest.approx([5000, 0, 5000], abs=200)
