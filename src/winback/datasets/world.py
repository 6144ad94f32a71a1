"""The invented company's fixed facts: its segments, its calendar, and the size of every effect that is planted.

Everything random is drawn elsewhere; here stands what is so. Effects on the score are in units of the latent scale on
which `SCORE_CUTS` stand (one unit is a little more than the spread of all answers); the words "mood" and "latent" mean
a place on it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from winback.errors import UserError

COMPANY = "Larkspur Broadband"
ZONE = "Europe/Dublin"
CURRENCY = "EUR"
UNTIL = dt.date(2026, 10, 31)
MONTHS = 24

REGIONS = ("North", "South", "East", "West", "Midlands")
REGION_SHARES = (0.42, 0.17, 0.17, 0.14, 0.10)
PLANS = ("Home", "Home Plus", "Business", "Enterprise")
PLAN_SHARES = (0.36, 0.22, 0.36, 0.06)
INDUSTRIES = (
    "Household", "Retail", "Health", "Hospitality", "Trades", "Professional services", "Education", "Manufacturing",
)  # fmt: skip
CHANNELS = ("email", "web", "phone", "shop", "partner")
TOUCHPOINTS = ("order", "installation", "bill", "support")
JOURNEY = ("buying", "starting", "using", "renewing")
ACQUIRED_BY = ("referral", "advert", "shop", "web search", "partner")
PRODUCTS = ("Fibre 150", "Fibre 500", "Fibre 1000", "Business Line", "Leased Line")
ROLES = ("decision maker", "influencer", "user")
NORTH, SOUTH, EAST, WEST, MIDLANDS = range(5)
HOME, HOME_PLUS, BUSINESS, ENTERPRISE = range(4)
EMAIL, WEB, PHONE, SHOP, PARTNER = range(5)

# How many people a customer has: the shares of 1, 2, 3, … contacts, by plan.
CONTACT_SHARES = (
    (0.86, 0.14),
    (0.66, 0.34),
    (0.06, 0.22, 0.32, 0.24, 0.16),
    (0.0, 0.05, 0.20, 0.30, 0.25, 0.15, 0.05),
)
# How people are asked, by plan, where the line was not booked through a partner: email, web, phone, shop.
CHANNEL_SHARES = ((0.34, 0.45, 0.07, 0.14), (0.36, 0.45, 0.07, 0.12), (0.42, 0.37, 0.17, 0.04), (0.43, 0.15, 0.42, 0.0))
PARTNER_SHARES = (0.15, 0.15, 0.30, 0.0)
PARTNER_SHARES_NORTH = (0.62, 0.62, 0.66, 0.0)  # the partner's own ground

# The latent scale. A score is the number of cuts its mood lies above.
SPREAD_PERSON, SPREAD_ACCOUNT, SPREAD_OCCASION = 0.60, 0.46, 0.54
CENTRE = -0.15
SCORE_CUTS = 0.97 * np.array(
    [-1.80, -1.66, -1.53, -1.39, -1.24, -0.93, -0.715, -0.36, 0.145, 0.74]
)  # fmt: skip
DETRACTOR_CUT, PROMOTER_CUT = float(SCORE_CUTS[6]), float(SCORE_CUTS[8])

REGION_EFFECTS = (0.03, 0.05, 0.02, 0.05, -0.04)
PLAN_EFFECTS = (0.0, -0.05, 0.0, 0.05)
INDUSTRY_EFFECTS = (0.0, 0.0, 0.05, -0.07, 0.0, 0.04, 0.03, -0.03)
CHANNEL_EFFECTS = (0.08, -0.40, 0.12, 0.12, 0.0)
TOUCHPOINT_EFFECTS = (0.08, 0.04, -0.10, -0.12)  # of transactional surveys; a relationship survey has none
SEASON = 0.04  # mood is lowest in mid January and highest in mid July

# (1) The flare-up: North x Business x partner, the last five calendar weeks. A
# detractor's odds there are multiplied by 3.
FLARE_ODDS = 3.0
FLARE_THEME_SHARE = 0.80
# (3) Evenings in West are slow until the exchange is upgraded; the leaflet about the first bill changes nothing.
SLOW_EVENINGS = -0.26
# (4) Business customers with a margin in the top fifth, and the other Business customers.
TOP_BUSINESS, OTHER_BUSINESS = -0.36, 0.24
WAVE = 182  # days between two relationship surveys to one person, well over the rest period of 90
# (6) Until half way only every third web invitation is sent.
WEB_TRIAL = 3
# (7) South x Enterprise answers a quarter as often in the last thirteen weeks.
SILENCE = 0.25

# How likely something happens in a month that a person is asked about (beyond the first 60 days), by plan.
CONTACT_CHANCES = (0.22, 0.25, 0.95, 0.60)

# Answering. A person in a good mood answers more: the silent differ from those who speak.
REPLY_BASE = -1.10
REPLY_MOOD = 0.36
REPLY_SPREAD = 0.60
REPLY_BY_CHANNEL = (-0.05, -0.20, 0.65, 0.30, 0.90)
REPLY_BY_PLAN = (-0.10, -0.05, 0.25, 0.25)

# (5) Leaving by one's own choice: the monthly rate of a passive Home customer in the second or third year, and what
# multiplies it.
LEAVING_RATE = 0.0095
LEAVING_BY_BAND = (2.3, 1.0, 0.6)
LEAVING_BY_PLAN = (1.0, 0.85, 0.75, 0.5)
LEAVING_BY_TENURE = (1.5, 1.0, 0.7)  # under a year, one to three years, longer
TENURE_LIMITS = (365, 1095)  # days
OTHER_LEAVING_RATE = 0.0013  # moved abroad, closed, unpaid: the same for everybody
DOWNGRADE_RATE = 0.0016

# What serving costs, in cents: the counts of the last 12 months stand in customers, so that the costs can be checked.
COUNTS = ("calls", "tickets", "visits", "returns", "credits")
UNIT_COSTS = (650, 900, 7800, 2200, 0)
CREDIT_CENTS = 1500  # a credit is a discount, not a cost


@dataclass(frozen=True)
class Calendar:
    """The 24 whole months up to `until`, and the days on which something planted begins, counted from the first day."""

    until: dt.date = UNTIL

    def __post_init__(self) -> None:
        if (self.until + dt.timedelta(days=1)).day != 1:
            raise UserError(
                f"The sample company's last day is {self.until}; it ends with a whole month, like 2026-10-31: "
                "give the last day of a month."
            )

    @cached_property
    def firsts(self) -> tuple[dt.date, ...]:
        """The first day of each of the 24 months."""
        last = self.until.year * 12 + self.until.month - 1
        return tuple(dt.date(m // 12, m % 12 + 1, 1) for m in range(last - MONTHS + 1, last + 1))

    @property
    def start(self) -> dt.date:
        return self.firsts[0]

    @property
    def days(self) -> int:
        return (self.until - self.start).days + 1

    def day(self, date: dt.date) -> int:
        """The date counted from the first day."""
        return (date - self.start).days

    def date(self, day: int) -> dt.date:
        return self.start + dt.timedelta(days=int(day))

    @cached_property
    def month_starts(self) -> NDArray[np.int64]:
        """The day each month begins and, last, the day after the end; shape (25,)."""
        return np.array([self.day(first) for first in self.firsts] + [self.days], np.int64)

    @property
    def months(self) -> tuple[range, ...]:
        """The days of each of the 24 months."""
        starts = self.month_starts.tolist()
        return tuple(range(first, after) for first, after in pairwise(starts))

    @cached_property
    def season(self) -> NDArray[np.float64]:
        """What the time of the year adds to the mood; shape (days,)."""
        of_year = np.array([self.date(d).timetuple().tm_yday for d in range(self.days)])
        return np.asarray(-SEASON * np.cos(2 * np.pi * (of_year - 15) / 365.25), np.float64)

    @cached_property
    def flare(self) -> int:
        """Monday four weeks before the week of the last day: the flare-up covers five calendar weeks."""
        return self._monday(self.days - 1) - 28

    @cached_property
    def fix(self) -> int:
        """The fix that worked: a Monday in the 16th month."""
        return self._monday(int(self.month_starts[15]) + 13)

    @cached_property
    def other_fix(self) -> int:
        """The fix that did not: a Monday in the 18th month."""
        return self._monday(int(self.month_starts[17]) + 13)

    @cached_property
    def mix(self) -> int:
        """Half way: the 13th month begins."""
        return int(self.month_starts[12])

    @cached_property
    def silence(self) -> int:
        """Monday thirteen weeks before the end."""
        return self._monday(self.days - 1) - 84

    def _monday(self, day: int) -> int:
        return day - self.date(day).weekday()


def stream(seed: int, name: str) -> np.random.Generator:
    """The generator of one part of the company; a part that draws more does not move the others."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_STREAMS.index(name),)))


# New streams go to the end: their place is part of what makes a seed's company.
_STREAMS = (
    "customers", "people", "names", "invitations", "answers", "leaving", "themes", "comments", "money", "cases", "bulk",
    "endings", "slips",
)  # fmt: skip
