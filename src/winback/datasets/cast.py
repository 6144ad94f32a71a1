"""Everybody in one company, before anything has happened to them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from winback.datasets.moods import Moods
from winback.datasets.people import Accounts, Persons, make_accounts, make_persons
from winback.datasets.world import Calendar


@dataclass(frozen=True)
class Cast:
    """The customers and people of a seed, their moods, and the two years they are to live through."""

    seed: int
    calendar: Calendar
    accounts: Accounts
    persons: Persons
    moods: Moods

    @classmethod
    def gather(cls, seed: int, size: int, calendar: Calendar) -> Cast:
        """The cast of a seed with `size` customers."""
        accounts = make_accounts(seed, size, calendar)
        persons = make_persons(seed, accounts)
        return cls(seed, calendar, accounts, persons, Moods(accounts, persons, calendar))

    def with_flare_shift(self, shift: float) -> Cast:
        """The same people, with another fall in mood in the flare-up."""
        moods = Moods(self.accounts, self.persons, self.calendar)
        moods.flare_shift = shift
        return replace(self, moods=moods)
