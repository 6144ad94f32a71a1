"""The answers that came, with the theme behind each: what the feedback table, the cases and the truths are made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from winback.datasets import world
from winback.datasets.cast import Cast
from winback.datasets.columns import column, dates, numbered, offsets, plain_words, times
from winback.datasets.comments import LANGUAGES, Occasion, compose
from winback.datasets.history import Asked, History
from winback.datasets.leaving import days_to_renewal
from winback.datasets.moods import band_of
from winback.datasets.people import Accounts, Flags, Ints
from winback.datasets.reasons import Setting, draw_themes, setting_month
from winback.datasets.world import stream
from winback.tables import FEEDBACK, FLOAT, INTEGER, SURVEY_KINDS, check

SOURCE = "sample"


@dataclass(frozen=True)
class Answers:
    """The answers in order of time. `theme` is a place in `THEMES`, -1 where the comment is blank."""

    asked: Asked
    customer: Ints
    band: Ints
    theme: Ints
    blank: Flags

    def __len__(self) -> int:
        return len(self.asked)


def collect(cast: Cast, history: History) -> Answers:
    """The answered invitations, by time, with their themes."""
    accounts, persons, calendar = cast.accounts, cast.persons, cast.calendar
    came = np.flatnonzero(history.asked.answered)
    order = np.lexsort((came, history.asked.second[came], history.asked.day[came]))
    asked = history.asked.only(came[order])
    customer = persons.customer[asked.person]
    band = band_of(asked.score)
    setting = Setting(
        band=band,
        plan=accounts.plan[customer],
        channel=persons.channel[asked.person],
        touchpoint=asked.touchpoint,
        tenure=asked.day - accounts.since[customer],
        month=setting_month(calendar, asked.day),
        in_west=accounts.region[customer] == world.WEST,
        flare=asked.flare,
        slow=asked.slow,
    )
    theme, blank = draw_themes(stream(cast.seed, "themes"), setting)
    blank |= asked.skipped
    return Answers(asked, customer, band, np.where(blank, -1, theme), blank)


def feedback_table(cast: Cast, answers: Answers) -> pa.Table:
    """The feedback table, comments included."""
    accounts, persons, calendar = cast.accounts, cast.persons, cast.calendar
    asked, customer, rows = answers.asked, answers.customer, len(answers)
    ahead = offsets(calendar.start, calendar.days, world.ZONE)
    ids = np.arange(1, rows + 1)
    german = persons.german[asked.person]
    columns = {
        "source": pa.repeat(SOURCE, rows),
        "external_id": numbered("F-", ids, 7),
        "row_number": column(ids, INTEGER),
        "occurred_at": times(asked.day, asked.second, calendar.start, ahead),
        "local_date": dates(asked.day, calendar.start),
        "customer": numbered("C-", customer + 1, 6),
        "respondent": numbered("P-", asked.person + 1, 6),
        "score": column(asked.score.astype(np.float64), FLOAT, blank=asked.skipped),
        "kind": pa.repeat("survey", rows),
        "survey": plain_words(asked.survey, SURVEY_KINDS),
        "channel": plain_words(persons.channel[asked.person], world.CHANNELS),
        "touchpoint": plain_words(asked.touchpoint, world.TOUCHPOINTS),
        "journey_stage": plain_words(stages(answers, accounts), world.JOURNEY),
        "product": plain_words(products(accounts)[customer], world.PRODUCTS),
        "language": plain_words(np.where(answers.blank, -1, german), LANGUAGES),
        "comment": comments(cast, answers),
        **segments(customer, accounts),
    }
    return check(FEEDBACK, pa.table(columns))


def segments(customer: Ints, accounts: Accounts) -> dict[str, pa.Array]:
    """The attributes region, plan and industry of customers, as they stand in feedback and in customers."""
    return {
        "region": plain_words(accounts.region[customer], world.REGIONS),
        "plan": plain_words(accounts.plan[customer], world.PLANS),
        "industry": plain_words(accounts.industry[customer], world.INDUSTRIES),
    }


def comments(cast: Cast, answers: Answers) -> pa.Array:
    """A comment for each answer that has one, blank for the others."""
    accounts, persons, calendar = cast.accounts, cast.persons, cast.calendar
    person, written = answers.asked.person, np.flatnonzero(~answers.blank)
    who = person[written]
    months = np.array([first.month for first in calendar.firsts])
    month = months[setting_month(calendar, answers.asked.day[written])]
    # A sloppy writer slips often, not always.
    slips = persons.sloppy[who] & (stream(cast.seed, "slips").random(len(written)) < 0.6)
    occasions = [
        Occasion(theme, band, LANGUAGES[german], voice, work, score, at, sloppy)
        for theme, band, german, voice, work, score, at, sloppy in zip(
            answers.theme[written].tolist(),
            answers.band[written].tolist(),
            persons.german[who].tolist(),
            persons.voice[who].tolist(),
            (accounts.plan[answers.customer[written]] >= world.BUSINESS).tolist(),
            answers.asked.score[written].tolist(),
            month.tolist(),
            slips.tolist(),
            strict=True,
        )
    ]
    places = np.full(len(answers), -1)
    places[written] = np.arange(len(written))
    texts = pa.array(compose(stream(cast.seed, "comments"), occasions), pa.string())
    return pc.take(texts, column(places, INTEGER, blank=places < 0))


def stages(answers: Answers, accounts: Accounts) -> Ints:
    """Where in the journey each answer was given, as places in `world.JOURNEY`."""
    touchpoint, day = answers.asked.touchpoint, answers.asked.day
    since, plan = accounts.since[answers.customer], accounts.plan[answers.customer]
    renewing = (plan >= world.BUSINESS) & (days_to_renewal(since, day) < 45)
    return np.select(
        [touchpoint == 0, (touchpoint == 1) | ((touchpoint < 0) & (day - since < 90)), (touchpoint < 0) & renewing],
        [0, 1, 3],
        default=2,
    )


def products(accounts: Accounts) -> Ints:
    """What each customer has, as places in `world.PRODUCTS`."""
    plan, price = accounts.plan, accounts.price
    home = np.where(price < 4100, 0, 1)
    plus = np.where(price < 7000, 1, 2)
    return np.choose(plan, [home, plus, np.full(len(plan), 3), np.full(len(plan), 4)])
