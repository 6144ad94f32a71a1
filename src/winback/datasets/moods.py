"""From a mood to a score: what the time and the planted effects add to a person's mood, and what is given then."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, ndtr

from winback.datasets import world
from winback.datasets.people import Accounts, Flags, Floats, Ints, Persons
from winback.datasets.world import Calendar


class Moods:
    """The moods of a company's people on any day.

    `flare_shift` is the fall in mood, within the flare-up, that multiplies the odds of a detractor among the cell's
    people by `world.FLARE_ODDS`: solved for these people, weighted by how likely they answer, since the same shift
    means other odds among calmer people.
    """

    def __init__(self, accounts: Accounts, persons: Persons, calendar: Calendar) -> None:
        self._accounts, self._persons, self._calendar = accounts, persons, calendar
        cell = (accounts.region == world.NORTH) & (accounts.plan == world.BUSINESS) & accounts.partner
        silent = (accounts.region == world.SOUTH) & (accounts.plan == world.ENTERPRISE)
        self.in_flare_cell: Flags = cell[persons.customer]
        self.in_silent_cell: Flags = silent[persons.customer]
        self.in_west: Flags = (accounts.region == world.WEST)[persons.customer]
        self.flare_shift = shift_for_odds(
            persons.base[self.in_flare_cell], expit(persons.reply[self.in_flare_cell]), world.FLARE_ODDS
        )

    def on(self, person: Ints, day: Ints) -> tuple[Floats, Flags, Flags]:
        """Moods of people on days, and whether the flare-up and the slow evenings are in them; shapes (n,)."""
        flare = self.in_flare_cell[person] & (day >= self._calendar.flare)
        slow = self.in_west[person] & (day < self._calendar.fix)
        season = self._calendar.season[np.clip(day, 0, self._calendar.days - 1)]
        mood = self._persons.base[person] + season + self.flare_shift * flare + world.SLOW_EVENINGS * slow
        return mood, flare, slow

    def reply_chance(self, person: Ints, day: Ints) -> Floats:
        """The probability that people answer an invitation sent on a day."""
        chance = expit(self._persons.reply[person])
        quiet = self.in_silent_cell[person] & (day >= self._calendar.silence)
        return np.asarray(np.where(quiet, world.SILENCE * chance, chance), np.float64)


def give(rng: np.random.Generator, mood: Floats) -> Ints:
    """Scores 0 to 10 for moods, with the chance of the occasion."""
    felt = rng.standard_normal(len(mood))
    felt *= world.SPREAD_OCCASION
    felt += mood
    return np.searchsorted(world.SCORE_CUTS, felt, side="right").astype(np.int64)


def band_of(score: NDArray[np.integer]) -> Ints:
    """0 for 0-6, 1 for 7-8, 2 for 9-10."""
    return (score >= 7).astype(np.int64) + (score >= 9)


def detractor_chance(mood: Floats) -> Floats:
    """The probability of a score of 0 to 6."""
    return np.asarray(ndtr((world.DETRACTOR_CUT - mood) / world.SPREAD_OCCASION), np.float64)


def expected_nps(mood: Floats) -> float:
    """The Net Promoter Score people with these moods give on average, from -100 to 100."""
    promoters = ndtr((mood - world.PROMOTER_CUT) / world.SPREAD_OCCASION)
    return float(100 * (promoters - detractor_chance(mood)).mean())


def odds_ratio(share: float, other: float) -> float:
    """The odds of one share over the odds of another."""
    return share / (1 - share) / (other / (1 - other))


def shift_for_odds(mood: Floats, weight: Floats, ratio: float) -> float:
    """The shift of these moods that multiplies the odds of a detractor by `ratio`; 0 where there is nobody."""
    if not len(mood):
        return 0.0
    usual = float(np.average(detractor_chance(mood), weights=weight))
    low, high = -5.0, 0.0
    for _ in range(50):  # halving: fifty steps are finer than a float
        middle = (low + high) / 2
        if odds_ratio(float(np.average(detractor_chance(mood + middle), weights=weight)), usual) > ratio:
            low = middle
        else:
            high = middle
    return (low + high) / 2
