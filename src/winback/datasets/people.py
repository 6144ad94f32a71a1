"""Who the customers are and who speaks for them: accounts with several contacts, and households."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winback.datasets import world
from winback.datasets.comments import VOICE_SHARES
from winback.datasets.world import Calendar, stream

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Accounts:
    """Customers, one entry a customer; codes are places in `world`'s tuples.

    `partner`: the line was booked through the partner. `since`: days from the calendar's first day, negative before
    it. `price` and `expected_margin`: cents a month; `top`: the margin lies in the top fifth. `service`: how much
    service is needed, 1 is usual. `mood`: what all people of the account share. `base`: mood and segments together.
    """

    region: Ints
    plan: Ints
    industry: Ints
    partner: Flags
    since: Ints
    price: Ints
    service: Floats
    expected_margin: Ints
    top: Flags
    mood: Floats
    base: Floats

    def __len__(self) -> int:
        return len(self.region)


@dataclass(frozen=True)
class Persons:
    """The people of the accounts, one entry a person, in the accounts' order.

    `phase`: the day of each `world.WAVE` on which the person is asked. `reply`: log odds of answering. `base`: the person's
    mood on an ordinary day, with the account, the segments and the channel in it.
    """

    customer: Ints
    channel: Ints
    phase: Ints
    reply: Floats
    german: Flags
    voice: Ints
    sloppy: Flags
    role: Ints
    opted_out: Flags
    base: Floats

    def __len__(self) -> int:
        return len(self.customer)


def draw(rng: np.random.Generator, shares: NDArray[np.float64] | tuple[float, ...], size: int) -> Ints:
    """Places drawn by shares that add up to 1."""
    edges = np.cumsum(np.asarray(shares, np.float64))[:-1]
    return np.searchsorted(edges, rng.random(size), side="right").astype(np.int64)


def make_accounts(seed: int, size: int, calendar: Calendar) -> Accounts:
    """The `size` customers of a seed."""
    rng = stream(seed, "customers")
    region = draw(rng, world.REGION_SHARES, size)
    plan = draw(rng, world.PLAN_SHARES, size)
    industry = np.where(plan >= world.BUSINESS, 1 + draw(rng, (0.20, 0.15, 0.19, 0.16, 0.16, 0.06, 0.08), size), 0)
    shares = np.array([world.PARTNER_SHARES, world.PARTNER_SHARES_NORTH])
    partner = rng.random(size) < shares[(region == world.NORTH).astype(np.int64), plan]

    # Seven in ten were customers before the first day; the others joined on a day within.
    before = -(1 + 1800 * rng.random(size) ** 1.3).astype(np.int64)
    joined = (rng.random(size) * (calendar.days - 30)).astype(np.int64)
    since = np.where(rng.random(size) < 0.72, before, joined)

    price = _prices(rng, plan)
    mood = world.SPREAD_ACCOUNT * rng.standard_normal(size)
    # Some need a lot of service and most need little; who is cross rings more.
    service = rng.gamma(0.9, 1 / 0.9, size) * np.exp(-0.5 * mood)
    margin = price - network_cost(plan, price) - np.rint(service_cost(plan) * service).astype(np.int64)
    top = margin > np.quantile(margin, 0.8)
    business = plan == world.BUSINESS
    base = (
        np.asarray(world.REGION_EFFECTS)[region]
        + np.asarray(world.PLAN_EFFECTS)[plan]
        + np.asarray(world.INDUSTRY_EFFECTS)[industry]
        + np.where(business & top, world.TOP_BUSINESS, np.where(business, world.OTHER_BUSINESS, 0.0))
        + mood
    )
    return Accounts(region, plan, industry, partner, since, price, service, margin, top, mood, base)


def make_persons(seed: int, accounts: Accounts) -> Persons:
    """The people of the accounts, about 1.9 an account."""
    rng = stream(seed, "people")
    size = len(accounts)
    luck = rng.random(size)
    number = np.zeros(size, np.int64)
    for code, shares in enumerate(world.CONTACT_SHARES):
        here = accounts.plan == code
        number[here] = 1 + np.searchsorted(np.cumsum(shares)[:-1], luck[here], side="right")
    customer = np.repeat(np.arange(size), number)
    persons = len(customer)
    plan = accounts.plan[customer]

    channel = np.zeros(persons, np.int64)
    luck = rng.random(persons)
    for code, shares in enumerate(world.CHANNEL_SHARES):
        here = plan == code
        channel[here] = np.searchsorted(np.cumsum(shares)[:-1], luck[here], side="right")
    channel[accounts.partner[customer]] = world.PARTNER

    trait = world.SPREAD_PERSON * rng.standard_normal(persons)
    personal = np.hypot(world.SPREAD_PERSON, world.SPREAD_ACCOUNT)
    reply = (
        world.REPLY_BASE
        + np.asarray(world.REPLY_BY_CHANNEL)[channel]
        + np.asarray(world.REPLY_BY_PLAN)[plan]
        + world.REPLY_MOOD * (trait + accounts.mood[customer]) / personal
        + world.REPLY_SPREAD * rng.standard_normal(persons)
    )
    first = np.r_[True, customer[1:] != customer[:-1]]
    decides = first | ((plan < world.BUSINESS) & (rng.random(persons) < 0.5))
    return Persons(
        customer=customer,
        channel=channel,
        phase=(rng.random(persons) * world.WAVE).astype(np.int64),
        reply=reply,
        german=(accounts.region[customer] == world.EAST) & (rng.random(persons) < 0.75),
        voice=draw(rng, VOICE_SHARES, persons),
        sloppy=rng.random(persons) < 0.13,
        role=np.where(decides, 0, 1 + (rng.random(persons) < 0.6).astype(np.int64)),
        opted_out=rng.random(persons) < 0.03,
        base=world.CENTRE + accounts.base[customer] + np.asarray(world.CHANNEL_EFFECTS)[channel] + trait,
    )


def network_cost(plan: Ints, price: Ints) -> Ints:
    """What the line itself costs a month, in cents: fixed for households, a share of the price for companies."""
    share = np.where(plan == world.ENTERPRISE, 46, 35)
    return np.where(plan >= world.BUSINESS, price * share // 100, np.where(plan == world.HOME, 1450, 2100))


def service_rates() -> Floats:
    """Calls, tickets, visits, returns and credits a month of a usual customer; shape (plans, 5)."""
    return np.array(
        [
            [0.16, 0.05, 0.012, 0.008, 0.02],
            [0.19, 0.07, 0.016, 0.010, 0.03],
            [0.45, 0.30, 0.050, 0.012, 0.05],
            [1.60, 1.80, 0.250, 0.020, 0.12],
        ]
    )


def service_cost(plan: Ints) -> Floats:
    """Cents a month a usual customer's service costs."""
    costs = service_rates() @ np.asarray(world.UNIT_COSTS, np.float64)
    return np.asarray(costs[plan], np.float64)


def _prices(rng: np.random.Generator, plan: Ints) -> Ints:
    """Cents a month: a tariff for households, an offer for companies."""
    size = len(plan)
    home = 3200 + 300 * (rng.random(size) * 6).astype(np.int64)
    plus = 5400 + 500 * (rng.random(size) * 8).astype(np.int64)
    spread = rng.standard_normal(size)
    business = 100 * np.rint(155 * np.exp(0.45 * spread)).astype(np.int64)
    enterprise = 1000 * np.rint(88 * np.exp(0.5 * spread)).astype(np.int64)
    return np.choose(plan, [home, plus, business, enterprise])
