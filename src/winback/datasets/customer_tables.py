"""Customers, contacts, months and departures as canonical tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from winback.datasets import world
from winback.datasets.answers import Answers, segments
from winback.datasets.cast import Cast
from winback.datasets.columns import column, dates, money, numbered, plain_words
from winback.datasets.comments import LANGUAGES, TROUBLES, english, german
from winback.datasets.comments.slots import Dice, Slots
from winback.datasets.leaving import (
    DOWNGRADED,
    ENDED_BY_US,
    KINDS,
    MIGRATED,
    NEVER,
    UNAVOIDABLE,
    Endings,
    days_to_renewal,
)
from winback.datasets.money import Books, before
from winback.datasets.names import company_names, people_names
from winback.datasets.people import Accounts, Ints, draw
from winback.datasets.world import MONTHS, Calendar, stream
from winback.tables import CONTACTS, CUSTOMER_PERIODS, CUSTOMERS, DEPARTURES, FLAG, FLOAT, check

OWNERS = ("Amara Diallo", "Joost de Wit", "Siobhán Kelly", "Marek Novák", "Priya Raman", "Tess Byrne", "Kofi Mensah")


@dataclass(frozen=True)
class Ends:
    """Endings and downgrades, one entry each: whose, which kind, and the days of notice and end."""

    customer: Ints
    kind: Ints
    notice: Ints
    end: Ints


def customers_and_contacts(cast: Cast, books: Books) -> tuple[pa.Table, pa.Table]:
    """The customers table, with its attributes and the counts of the last 12 months, and the contacts table."""
    accounts, persons, calendar = cast.accounts, cast.persons, cast.calendar
    rng = stream(cast.seed, "names")
    size = len(accounts)
    every = np.arange(size)
    east = accounts.region == world.EAST
    company = accounts.plan >= world.BUSINESS
    people = people_names(rng, east[persons.customer])
    first_person = np.searchsorted(persons.customer, every)
    industries = [world.INDUSTRIES[code] for code in accounts.industry[company]]
    names = np.array([people[place] for place in first_person.tolist()], dtype=object)
    names[company] = company_names(rng, industries, east[company])

    came = draw(rng, (0.27, 0.28, 0.17, 0.28), size)
    came[accounts.partner] = world.ACQUIRED_BY.index("partner")
    owner = np.where(company, (rng.random(size) * len(OWNERS)).astype(np.int64), -1)
    parent = _parents(rng, accounts)
    renewal = calendar.days - 1 + days_to_renewal(accounts.since, calendar.days - 1)
    counts = {
        f"count_{kind}": column(books.counts[place, :, -12:].sum(axis=1).astype(np.float64), FLOAT)
        for place, kind in enumerate(world.COUNTS)
    }
    customers = {
        "customer": numbered("C-", every + 1, 6),
        "customer_name": pa.array(names.tolist(), pa.string()),
        "since_date": dates(accounts.since, calendar.start),
        "acquired_by": plain_words(came, world.ACQUIRED_BY),
        "parent": numbered("C-", parent + 1, 6, blank=parent < 0),
        "owner_name": plain_words(owner, OWNERS),
        "renewal_date": dates(renewal, calendar.start, blank=accounts.plan == world.HOME),
        **counts,
        **segments(every, accounts),
    }
    contacts = {
        "contact": numbered("P-", np.arange(1, len(persons) + 1), 6),
        "customer": numbered("C-", persons.customer + 1, 6),
        "contact_name": pa.array(people, pa.string()),
        "contact_role": plain_words(persons.role, world.ROLES),
        "language": plain_words(persons.german.astype(np.int64), LANGUAGES),
        "opted_out": column(persons.opted_out, FLAG),
    }
    return check(CUSTOMERS, pa.table(customers)), check(CONTACTS, pa.table(contacts))


def periods_table(books: Books, calendar: Calendar) -> pa.Table:
    """A row for each customer and month in which somebody was one."""
    customer, month = np.nonzero(books.active)
    firsts = calendar.month_starts[:-1]
    columns = {
        "customer": numbered("C-", customer + 1, 6),
        "month": dates(firsts[month], calendar.start),
        "revenue": money(books.revenue[customer, month]),
        "cost": money(books.cost[customer, month]),
        "discounts": money(books.discounts[customer, month]),
        "margin": money(books.margin[customer, month]),
    }
    return check(CUSTOMER_PERIODS, pa.table(columns))


def departures_table(cast: Cast, ends: Ends, answers: Answers, books: Books) -> pa.Table:
    """Endings and downgrades in the order they ended, with what was said on leaving."""
    calendar = cast.calendar
    last_month = np.clip(np.searchsorted(calendar.month_starts, ends.end, side="right") - 1, 0, MONTHS - 1)
    yearly = np.zeros(len(ends.customer), np.int64)
    for month in np.unique(last_month):
        here = last_month == month
        yearly[here] = before(books.revenue, np.full(len(cast.accounts), month))[ends.customer[here]]
    # A line that simply lapsed, or was moved to another contract, was never given notice of.
    untold = np.isin(ends.kind, (KINDS.index("lapsed"), MIGRATED))
    columns = {
        "customer": numbered("C-", ends.customer + 1, 6),
        "departure_kind": plain_words(ends.kind, KINDS),
        "notice_date": dates(ends.notice, calendar.start, blank=untold),
        "end_date": dates(ends.end, calendar.start),
        "stated_reason": pa.array(_reasons(cast, ends, answers), pa.string()),
        "annual_value": money(yearly),
        "derived": column(np.zeros(len(ends.customer), bool), FLAG),
    }
    return check(DEPARTURES, pa.table(columns))


def all_ends(endings: Endings, books: Books, calendar: Calendar) -> Ends:
    """Those who left and those who took less, by the day it ended."""
    left = np.flatnonzero(endings.notice < NEVER)
    fewer = np.flatnonzero(books.smaller_from < MONTHS)
    shrunk = calendar.month_starts[books.smaller_from[fewer]] - 1
    customer = np.concatenate([left, fewer])
    kinds = np.concatenate([endings.kind[left], np.full(len(fewer), DOWNGRADED)])
    notices = np.concatenate([endings.notice[left], shrunk - 20])
    last = np.concatenate([endings.end[left], shrunk])
    order = np.lexsort((customer, last))
    return Ends(customer[order], kinds[order], notices[order], last[order])


def _parents(rng: np.random.Generator, accounts: Accounts) -> Ints:
    """Some companies belong to a large account; -1 for those that stand alone."""
    large = np.flatnonzero(accounts.plan == world.ENTERPRISE)
    luck = rng.random((2, len(accounts)))
    if not len(large):
        return np.full(len(accounts), -1)
    belongs = (accounts.plan == world.BUSINESS) & (luck[0] < 0.05)
    return np.where(belongs, large[(luck[1] * len(large)).astype(np.int64)], -1)


def _reasons(cast: Cast, ends: Ends, answers: Answers) -> list[str | None]:
    """What was said on leaving: often a price, sometimes what they had been cross about, sometimes nothing."""
    accounts, persons, calendar = cast.accounts, cast.persons, cast.calendar
    dice = Dice(stream(cast.seed, "endings"))
    months = np.array([first.month for first in calendar.firsts])
    cross = np.full(len(accounts), -1)
    named = (answers.theme >= 0) & (answers.theme < len(TROUBLES)) & (answers.band == 0)
    cross[answers.customer[named]] = answers.theme[named]  # in the order of time: the last one stays
    in_german = persons.german[np.searchsorted(persons.customer, np.arange(len(accounts)))]
    said: list[str | None] = []
    for customer, kind, notice in zip(ends.customer.tolist(), ends.kind.tolist(), ends.notice.tolist(), strict=True):
        words = german if in_german[customer] else english
        month = int(months[np.clip(np.searchsorted(calendar.month_starts, notice, side="right") - 1, 0, MONTHS - 1)])
        slots = Slots(
            dice,
            language=LANGUAGES[int(in_german[customer])],
            work=bool(accounts.plan[customer] >= world.BUSINESS),
            score=None,
            month=month,
        )
        luck = dice.throw()
        if kind in (ENDED_BY_US, MIGRATED):
            said.append(None)
        elif kind == UNAVOIDABLE:
            said.append(slots.fill(dice.pick(words.FRAME.life_reasons)))
        elif luck < 0.22:
            said.append(None)
        elif cross[customer] >= 0 and luck < 0.68:
            said.append(slots.fill(dice.pick(words.TROUBLES[cross[customer]].reasons)))
        elif luck < 0.85:
            said.append(slots.fill(dice.pick(words.FRAME.price_reasons)))
        else:
            some = words.TROUBLES[dice.below(7)]
            said.append(slots.fill(dice.pick(some.reasons)))
    return said
