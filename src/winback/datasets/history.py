"""Two years of asking and answering, month by month: who is asked, who answers, what they give, who leaves."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from winback.datasets import world
from winback.datasets.cast import Cast
from winback.datasets.leaving import NEVER, Endings, leave
from winback.datasets.moods import band_of, give
from winback.datasets.people import Flags, Floats, Ints, Persons
from winback.datasets.world import WAVE, stream

RELATIONSHIP, TRANSACTIONAL = 0, 1
NOT_SENT = ("opt-out", "rest period", "quota", "stop reason")
OPTED_OUT, REST, QUOTA, STOP = range(4)
_ORDER, _INSTALLATION = 0, 1


@dataclass(frozen=True)
class Asked:
    """Invitations as arrays, in the order they were planned; days count from the calendar's start.

    `why_not` is -1 for an invitation that was sent, else a place in `NOT_SENT`. `day` and `second` say when the answer
    came or would have come; `score` is what was or would have been given; `mood` is the latent mood of that day
    without the chance of the occasion; `flare` and `slow` say whether those effects are in it.
    """

    person: Ints
    survey: Ints
    touchpoint: Ints
    sent: Ints
    why_not: Ints
    delivered: Flags
    answered: Flags
    skipped: Flags
    day: Ints
    second: Ints
    score: Ints
    mood: Floats
    flare: Flags
    slow: Flags

    def __len__(self) -> int:
        return len(self.person)

    def only(self, rows: NDArray[np.generic]) -> Asked:
        """The rows chosen by a mask or by places."""
        return Asked(*(getattr(self, item.name)[rows] for item in fields(self)))


@dataclass
class History:
    """What two years brought: every invitation, how each account ended, and the band its latest state was in.

    `band` is what the rate of leaving goes by at the end: the latest answer's, or the one they would have given;
    `spoken` says which. `last_day` is the day of that answer, -1 without one.
    """

    asked: Asked
    endings: Endings
    band: Ints
    spoken: Flags
    last_day: Ints


@dataclass(frozen=True)
class _Planned:
    """The invitations of a month, sent or not."""

    person: Ints
    survey: Ints
    touchpoint: Ints
    sent: Ints
    why_not: Ints


@dataclass
class _State:
    """The band each account is in, and answers that arrive after the month they were asked in."""

    band: Ints
    spoken: Flags
    last_day: Ints
    last_second: Ints
    waiting: list[tuple[Ints, Ints, Ints, Ints]] = field(default_factory=list)


def live(cast: Cast) -> History:
    """Run the 24 months. Who leaves in a month depends on the answers before it, who is asked on who has left."""
    asking, answering, leaving = (stream(cast.seed, name) for name in ("invitations", "answers", "leaving"))
    endings = Endings.none_yet(len(cast.accounts))
    state = _first_state(answering, cast)
    last_transactional = np.full(len(cast.persons), -NEVER)
    months = []
    for month in cast.calendar.months:
        leave(leaving, cast.accounts, endings, state.band, month)
        asked = _ask(answering, cast, _plan(asking, cast, endings, last_transactional, month))
        months.append(asked)
        _hear(state, cast.persons, asked, month.stop)
    asked = Asked(*(np.concatenate([getattr(m, item.name) for m in months]) for item in fields(Asked)))
    # Who has given notice is not heard any more: the state a customer left in stays the last one.
    asked.answered[asked.day >= endings.notice[cast.persons.customer[asked.person]]] = False
    return History(asked, endings, state.band, state.spoken, state.last_day)


def _first_state(rng: np.random.Generator, cast: Cast) -> _State:
    """Before the first asking everybody is in the band of an ordinary day."""
    accounts = cast.accounts
    spread = np.hypot(world.SPREAD_PERSON, world.SPREAD_OCCASION)
    slow = world.SLOW_EVENINGS * (accounts.region == world.WEST)
    mood = world.CENTRE + accounts.base + slow + cast.calendar.season[0]
    score = np.searchsorted(world.SCORE_CUTS, mood + spread * rng.standard_normal(len(accounts)), side="right")
    nobody = np.full(len(accounts), -1)
    return _State(band_of(score), np.zeros(len(accounts), bool), nobody, nobody.copy())


def _plan(rng: np.random.Generator, cast: Cast, endings: Endings, last_transactional: Ints, month: range) -> _Planned:
    """The month's invitations; keeps each person's last transactional one."""
    accounts, persons, calendar = cast.accounts, cast.persons, cast.calendar
    customer, size = persons.customer, len(persons)
    since, notice, end = accounts.since[customer], endings.notice[customer], endings.end[customer]
    web = persons.channel == world.WEB
    luck = rng.random((3, size))

    # Nobody is asked on a Sunday: 182 days are 26 weeks, so that the weekday stays.
    phase = persons.phase + ((calendar.start.weekday() + persons.phase) % 7 == 6)
    day = month.start + (phase - month.start) % WAVE
    due = np.flatnonzero((day < month.stop) & (since + 60 <= day) & (day <= end))
    wave = (day - phase) // WAVE + customer
    on_trial = web & (day < calendar.mix) & (wave % world.WEB_TRIAL != 0)
    why = np.select([day >= notice, persons.opted_out, on_trial], [STOP, OPTED_OUT, QUOTA], default=-1)

    contact_day = month.start + (luck[0] * len(month)).astype(np.int64)
    new = contact_day - since < 60
    chance = np.where(new, 0.55, np.asarray(world.CONTACT_CHANCES)[accounts.plan[customer]])
    chance *= np.where(web & (contact_day < calendar.mix), 1 / world.WEB_TRIAL, 1.0)
    met = np.flatnonzero((luck[1] < chance) & (since <= contact_day) & (contact_day < notice))
    usual = np.searchsorted([0.12, 0.24, 0.55], luck[2], side="right")
    touchpoint = np.where(new, np.where(luck[2] < 0.25, _ORDER, _INSTALLATION), usual)
    to_wave = np.minimum((contact_day - phase) % WAVE, (phase - contact_day) % WAVE)
    resting = (contact_day - last_transactional < 30) | (to_wave < 14)
    why_met = np.select([persons.opted_out, resting], [OPTED_OUT, REST], default=-1)
    sent = met[why_met[met] < 0]
    last_transactional[sent] = contact_day[sent]
    return _Planned(
        person=np.concatenate([due, met]),
        survey=np.concatenate([np.full(len(due), RELATIONSHIP), np.full(len(met), TRANSACTIONAL)]),
        touchpoint=np.concatenate([np.full(len(due), -1), touchpoint[met]]),
        sent=np.concatenate([day[due], contact_day[met]]),
        why_not=np.concatenate([why[due], why_met[met]]),
    )


def _ask(rng: np.random.Generator, cast: Cast, planned: _Planned) -> Asked:
    """What comes back, or would have come back, from the month's invitations."""
    person, touchpoint, sent = planned.person, planned.touchpoint, planned.sent
    luck = rng.random((5, len(person)))
    # Half of the answers come on the day itself; the reminder after five days brings some more.
    lag = np.floor(-1.5 * np.log1p(-luck[0])).astype(np.int64)
    lag = np.where((lag >= 2) & (luck[1] < 0.3), lag + 4, lag)
    day = sent + np.minimum(lag, 25)
    opens = np.where(lag == 0, 11.5, 7.0)
    second = ((opens + (22.5 - opens) * luck[2] ** 0.8) * 3600).astype(np.int64)

    mood, flare, slow = cast.moods.on(person, day)
    mood += np.where(touchpoint >= 0, np.asarray(world.TOUCHPOINT_EFFECTS)[touchpoint], 0.0)
    by_mail = cast.persons.channel[person] <= world.WEB
    delivered = (planned.why_not < 0) & ~(by_mail & (luck[3] < 0.02))
    return Asked(
        person=person,
        survey=planned.survey,
        touchpoint=touchpoint,
        sent=sent,
        why_not=planned.why_not,
        delivered=delivered,
        answered=delivered & (luck[4] < cast.moods.reply_chance(person, sent)) & (day < cast.calendar.days),
        skipped=luck[3] > 0.985,
        day=day,
        second=second,
        score=give(rng, mood),
        mood=mood,
        flare=flare,
        slow=slow,
    )


def _hear(state: _State, persons: Persons, asked: Asked, after: int) -> None:
    """Bring the accounts' bands up to the end of the month."""
    # What those feel who have never spoken: as they would have answered when last asked.
    silent = np.flatnonzero((asked.why_not < 0) & ~state.spoken[persons.customer[asked.person]])
    order = silent[np.lexsort((asked.second[silent], asked.day[silent]))]
    state.band[persons.customer[asked.person[order]]] = band_of(asked.score[order])

    told = asked.answered & ~asked.skipped
    new = (persons.customer[asked.person[told]], asked.day[told], asked.second[told], band_of(asked.score[told]))
    waiting = [np.concatenate(parts) for parts in zip(*state.waiting, new, strict=True)]
    now = waiting[1] < after
    customer, day, second, band = (part[now] for part in waiting)
    state.waiting = [(waiting[0][~now], waiting[1][~now], waiting[2][~now], waiting[3][~now])]
    later = (day > state.last_day[customer]) | (
        (day == state.last_day[customer]) & (second > state.last_second[customer])
    )
    order = np.flatnonzero(later)[np.lexsort((second[later], day[later]))]
    # Written in the order of time, the last of several answers stays.
    state.band[customer[order]] = band[order]
    state.last_day[customer[order]], state.last_second[customer[order]] = day[order], second[order]
    state.spoken[customer[order]] = True
