from __future__ import annotations

import numpy as np
import pytest

from winback.datasets import world
from winback.datasets.leaving import (
    CANCELLED,
    KINDS,
    LAPSED,
    NEVER,
    NOT_RENEWED,
    Endings,
    chance_of_leaving,
    days_to_renewal,
    leave,
    monthly_rate,
)
from winback.datasets.people import make_accounts
from winback.datasets.world import Calendar
from winback.tables import DEPARTURE_KINDS


def rate(plan: int, tenure: int, band: int) -> float:
    return float(monthly_rate(np.array([plan]), np.array([tenure]), np.array([band]))[0])


def test_rates_multiply() -> None:
    assert rate(world.HOME, 500, 1) == pytest.approx(0.0095)
    assert rate(world.HOME, 500, 0) == pytest.approx(0.0095 * 2.3)
    assert rate(world.HOME, 500, 2) == pytest.approx(0.0095 * 0.6)
    assert rate(world.ENTERPRISE, 100, 0) == pytest.approx(0.0095 * 2.3 * 0.5 * 1.5)
    assert rate(world.BUSINESS, 1095, 1) == pytest.approx(0.0095 * 0.75 * 0.7)


def test_the_chance_over_twelve_months() -> None:
    """Within one class of tenure both rates are constant, so that the chance is in closed form."""
    own, other = 0.0095 * 2.3 * 0.7, world.OTHER_LEAVING_RATE
    expected = (1 - np.exp(-12 * (own + other))) * own / (own + other)
    assert chance_of_leaving(np.array([0]), np.array([2000]), np.array([0]))[0] == pytest.approx(expected, rel=1e-12)
    # Two months as a new customer, then ten in the next class.
    first, later = 0.0095 * 1.5, 0.0095
    still = np.exp(-2 * (first + other))
    expected = (1 - still) * first / (first + other)
    expected += still * (1 - np.exp(-10 * (later + other))) * later / (later + other)
    assert chance_of_leaving(np.array([0]), np.array([365 - 59]), np.array([1]))[0] == pytest.approx(
        expected, rel=1e-12
    )


def test_who_leaves_leaves_once_and_by_the_rates() -> None:
    calendar = Calendar()
    accounts = make_accounts(1, 60_000, calendar)
    endings = Endings.none_yet(len(accounts))
    band = np.arange(len(accounts)) % 3
    month = calendar.months[23]
    leave(np.random.default_rng(1), accounts, endings, band, month)
    gone = endings.notice < NEVER
    assert (accounts.since[gone] < month.start).all()
    assert ((endings.notice[gone] >= month.start) & (endings.notice[gone] < month.stop)).all()
    assert (endings.end[gone] >= endings.notice[gone]).all()
    own = np.isin(endings.kind, (CANCELLED, NOT_RENEWED, LAPSED))
    at_risk = accounts.since < month.start
    expected = monthly_rate(accounts.plan, month.start - accounts.since, band)[at_risk].sum()
    assert own.sum() == pytest.approx(expected, abs=4 * np.sqrt(expected))
    kept = endings.notice.copy()
    leave(np.random.default_rng(2), accounts, endings, band, range(month.stop, month.stop + 30))
    assert (endings.notice[gone] == kept[gone]).all()


def test_contracts_end_on_their_anniversary() -> None:
    assert days_to_renewal(np.array([-10, 5, 0]), 0).tolist() == [355, 5, 0]


def test_kinds_are_canonical() -> None:
    assert set(KINDS) == set(DEPARTURE_KINDS)
