"""Month by month: what came in, what serving cost, and the service asked for. All in whole cents, so sums are exact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from winback.datasets import world
from winback.datasets.cast import Cast
from winback.datasets.leaving import Endings
from winback.datasets.people import Flags, Ints, network_cost, service_rates
from winback.datasets.world import MONTHS, stream

_LETTERS = ((5, 1035), (17, 1040))  # the months of the price-rise letters, and the new price in thousandths
_NEW_DISCOUNT, _NEW_MONTHS = 20, 6  # per cent off, for so many months


@dataclass(frozen=True)
class Books:
    """Cents and counts by customer and month; shape (customers, 24), counts (5, customers, 24).

    `active` marks the months in which somebody was a customer; elsewhere everything is 0.
    `smaller_from` is the month from which a customer pays for less, 24 where never.
    """

    revenue: Ints
    cost: Ints
    discounts: Ints
    counts: Ints
    active: Flags
    smaller_from: Ints

    @property
    def margin(self) -> Ints:
        return self.revenue - self.cost - self.discounts


def keep_books(cast: Cast, endings: Endings) -> Books:
    """The 24 months of every customer."""
    rng, accounts, calendar = stream(cast.seed, "money"), cast.accounts, cast.calendar
    size = len(accounts)
    starts, ends = calendar.month_starts[:-1], calendar.month_starts[1:]
    active = (accounts.since[:, None] < ends) & (endings.end[:, None] >= starts)
    company = (accounts.plan >= world.BUSINESS)[:, None]

    price = np.repeat(accounts.price[:, None], MONTHS, axis=1)
    for month, thousandths in _LETTERS:
        # The letter goes to those who are customers already.
        told = accounts.since < starts[month]
        price[told, month:] = price[told, month:] * thousandths // 1000
    # Companies add a line now and then, and use differs a little from month to month.
    grows = rng.random((size, MONTHS)) < 0.012
    lines = 100 + 12 * np.minimum(np.cumsum(grows, axis=1), 5)
    usage = np.rint(1000 * (1 + 0.04 * rng.standard_normal((size, MONTHS)))).astype(np.int64)
    revenue = np.where(company, price * lines // 100 * usage // 1000, price)
    extra = (rng.random((size, MONTHS)) < 0.06) * (300 + 100 * (rng.random((size, MONTHS)) * 8).astype(np.int64))
    revenue = revenue + np.where(company, 0, extra)
    # The month in which somebody joined is 0; before the first of the 24 it is negative.
    months_in = np.arange(MONTHS) - (np.searchsorted(starts, accounts.since, side="right") - 1)[:, None]
    shrinks = (rng.random((size, MONTHS)) < world.DOWNGRADE_RATE) & active & (months_in >= 3)
    shrinks[:, :2] = False
    smaller_from = np.where(shrinks.any(axis=1), shrinks.argmax(axis=1), MONTHS)
    smaller = np.arange(MONTHS) >= smaller_from[:, None]
    revenue = np.where(smaller, revenue * 65 // 100, revenue)

    rates = service_rates()[accounts.plan] * accounts.service[:, None]
    counts = np.stack([rng.poisson(rates[:, kind][:, None], (size, MONTHS)) for kind in range(len(world.COUNTS))])
    counts *= active
    service = np.tensordot(np.asarray(world.UNIT_COSTS), counts, axes=1)
    cost = network_cost(accounts.plan[:, None], accounts.price[:, None]) + service

    new = (accounts.since >= 0)[:, None] & (months_in < _NEW_MONTHS)
    discounts = np.where(new, revenue * _NEW_DISCOUNT // 100, 0) + world.CREDIT_CENTS * counts[4]
    return Books(revenue * active, cost * active, discounts * active, counts, active, smaller_from)


def last_twelve(monthly: Ints) -> Ints:
    """The sum of the last 12 of 24 months; shape (customers,)."""
    return np.asarray(monthly[:, -12:].sum(axis=1), np.int64)


def before(monthly: Ints, month: Ints) -> Ints:
    """The sum of the 12 months up to and with `month`, for each customer; shape (customers,)."""
    places = np.arange(MONTHS)
    window = (places <= month[:, None]) & (places > month[:, None] - 12)
    return np.asarray((monthly * window).sum(axis=1), np.int64)
