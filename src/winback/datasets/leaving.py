"""Who leaves, when and how: the true monthly rates, the draw of a month, and the chance over the next twelve.

A customer leaves by own choice at a rate that depends on the band of the latest answer, on the plan and on how long
the customer has been one. While nobody of the account has answered yet, the band is that of the answer they would have
given when last asked. Other endings (moved abroad, closed, unpaid) come at the same rate for everybody.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winback.datasets import world
from winback.datasets.people import Accounts, Flags, Floats, Ints

# Kinds by which a customer leaves by own choice, other endings, and the one by which the customer stays.
KINDS = ("cancelled", "not_renewed", "lapsed", "ended_by_us", "unavoidable", "migrated", "downgraded")
OWN_CHOICE = ("cancelled", "not_renewed", "lapsed")
CANCELLED, NOT_RENEWED, LAPSED, ENDED_BY_US, UNAVOIDABLE, MIGRATED, DOWNGRADED = range(7)
NEVER = 10**6  # a day after every calendar


@dataclass
class Endings:
    """What has happened to each account so far: days from the calendar's start, `NEVER` where nothing has.

    `notice`: the day the decision was made known (or taken, where nobody was told); `end`: the last day as a customer;
    `kind`: a place in `KINDS`, -1 for a customer.
    """

    notice: Ints
    end: Ints
    kind: Ints

    @classmethod
    def none_yet(cls, size: int) -> Endings:
        return cls(np.full(size, NEVER), np.full(size, NEVER), np.full(size, -1))


def monthly_rate(plan: Ints, tenure: Ints, band: NDArray[np.integer]) -> Floats:
    """The rate of leaving by own choice in a month, by plan, days as a customer and band (0, 1 or 2)."""
    years = np.searchsorted(np.asarray(world.TENURE_LIMITS), tenure, side="right")
    return np.asarray(
        world.LEAVING_RATE
        * np.asarray(world.LEAVING_BY_BAND)[band]
        * np.asarray(world.LEAVING_BY_PLAN)[plan]
        * np.asarray(world.LEAVING_BY_TENURE)[years],
        np.float64,
    )


def chance_of_leaving(plan: Ints, tenure: Ints, band: NDArray[np.integer], months: int = 12) -> Floats:
    """The probability to leave by own choice within `months`, if the band stayed what it is.

    Other endings compete: who has moved abroad can't leave any more. Time moves on, so that a customer passes from one
    class of tenure to the next on the way.
    """
    still, left = np.ones(len(plan)), np.zeros(len(plan))
    for month in range(months):
        own = monthly_rate(plan, tenure + round(month * 30.4375), band)
        every = own + world.OTHER_LEAVING_RATE
        ends = still * (1 - np.exp(-every))
        left += ends * own / every
        still -= ends
    return left


def leave(
    rng: np.random.Generator, accounts: Accounts, endings: Endings, band: NDArray[np.integer], month: range
) -> None:
    """Draw who makes it known on one of the month's days; writes into `endings`."""
    first = month.start
    size = len(accounts)
    luck = rng.random((4, size))
    at_risk = (accounts.since < first) & (endings.notice == NEVER)
    own = monthly_rate(accounts.plan, first - accounts.since, band)
    every = own + world.OTHER_LEAVING_RATE
    who = np.flatnonzero(at_risk & (luck[0] < 1 - np.exp(-every)))
    chosen = luck[1, who] < (own / every)[who]
    notice = first + (luck[2, who] * len(month)).astype(np.int64)
    kind, end = _how(accounts, who, chosen, notice, luck[3, who])
    endings.notice[who], endings.end[who], endings.kind[who] = notice, end, kind


def days_to_renewal(since: Ints, day: Ints | int) -> Ints:
    """Days from `day` to the next anniversary, on which yearly contracts are renewed."""
    return np.asarray((since - day) % 365, np.int64)


def _how(accounts: Accounts, who: Ints, chosen: Flags, notice: Ints, luck: Floats) -> tuple[Ints, Ints]:
    """The kind of each ending and its last day."""
    company = accounts.plan[who] >= world.BUSINESS
    to_renewal = days_to_renewal(accounts.since[who], notice)
    lapses = ~company & (luck < 0.08)
    own = np.where(company & (to_renewal < 120), NOT_RENEWED, np.where(lapses, LAPSED, CANCELLED))
    other = np.where(luck < 0.45, UNAVOIDABLE, np.where(luck < 0.80, ENDED_BY_US, MIGRATED))
    kind = np.where(chosen, own, other)
    wait = np.select(
        [kind == NOT_RENEWED, kind == LAPSED, (kind == CANCELLED) & company, kind == CANCELLED],
        [to_renewal, 1, 90, 30],
        default=14,
    )
    return kind, notice + wait
