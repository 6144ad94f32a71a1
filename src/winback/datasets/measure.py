"""The truths of one company, computed from the model that made it."""

from __future__ import annotations

from decimal import Decimal
from types import MappingProxyType

import numpy as np
import pyarrow as pa

from winback.datasets import world
from winback.datasets.answers import Answers
from winback.datasets.cast import Cast
from winback.datasets.columns import column, dates, money, numbered, plain_words
from winback.datasets.comments import THEMES
from winback.datasets.follow_up import FIX, OTHER_FIX
from winback.datasets.history import History
from winback.datasets.leaving import NEVER, OWN_CHOICE, chance_of_leaving
from winback.datasets.money import Books, last_twelve
from winback.datasets.moods import detractor_chance, expected_nps, odds_ratio
from winback.datasets.people import Flags, Floats, Ints
from winback.datasets.reasons import APPOINTMENTS, EVENINGS, FIRST_BILL
from winback.datasets.truths import (
    Fix,
    FlareUp,
    Leaving,
    MixChange,
    ProfitableDetractors,
    Silent,
    SilentSegment,
    Truths,
)
from winback.tables import FLAG, FLOAT


class Measure:
    """Takes the measure of one company. Answers whose score was skipped count nowhere but in `answered`."""

    def __init__(self, cast: Cast, history: History, books: Books, answers: Answers) -> None:
        self.cast, self.calendar, self.accounts, self.moods = cast, cast.calendar, cast.accounts, cast.moods
        self.history, self.books, self.answers = history, books, answers
        asked = answers.asked
        self.scored: Flags = ~asked.skipped
        self.mood: Floats = asked.mood
        self.day: Ints = asked.day
        self.channel: Ints = cast.persons.channel[asked.person]

    def truths(self) -> Truths:
        places = np.arange(1, len(self.answers) + 1)
        named = self.answers.theme >= 0
        return Truths(
            seed=self.cast.seed,
            size=len(self.accounts),
            start=self.calendar.start,
            until=self.calendar.until,
            flare=self._flare(),
            fixes=(
                self._fix("CHG-1", FIX, EVENINGS, where=self.accounts.region == world.WEST, segments="region=West"),
                self._fix(
                    "CHG-2", OTHER_FIX, FIRST_BILL, where=self.accounts.plan == world.HOME_PLUS, segments="plan=Home Plus"
                ),
            ),
            profitable=self._profitable(),
            leaving=self._leaving(),
            mix=self._mix(),
            silent_segment=self._silent_segment(),
            silent=self._silent(),
            retest=self._retest(),
            unit_costs=MappingProxyType(
                {kind: Decimal(cents) / 100 for kind, cents in zip(world.COUNTS, world.UNIT_COSTS, strict=True)}
            ),
            themes=pa.table(
                {
                    "external_id": numbered("F-", places[named], 7),
                    "theme": plain_words(self.answers.theme[named], THEMES),
                }
            ),
        )  # fmt: skip

    def _flare(self) -> FlareUp:
        hit = self.scored & self.answers.asked.flare
        without = detractor_chance(self.mood[hit] - self.moods.flare_shift)
        return FlareUp(
            segments=MappingProxyType({"region": "North", "plan": "Business", "channel": "partner"}),
            start=self.calendar.date(self.calendar.flare),
            end=self.calendar.until,
            odds_ratio=world.FLARE_ODDS,
            answers=int(hit.sum()),
            expected_share=_mean(without),
            share=_mean(detractor_chance(self.mood[hit])),
            theme=THEMES[APPOINTMENTS],
            theme_share=world.FLARE_THEME_SHARE,
        )

    def _fix(self, change_id: str, title: str, theme: int, *, where: Flags, segments: str) -> Fix:
        worked = theme == EVENINGS
        effective = self.calendar.fix if worked else self.calendar.other_fix
        here, since = where[self.answers.customer], self.day >= effective
        mood = self.mood[self.scored & here & since]
        effect = expected_nps(mood) - expected_nps(mood + world.SLOW_EVENINGS) if worked and len(mood) else 0.0
        said = (self.answers.band == 0) & ~self.answers.blank
        shares = [
            _mean((self.answers.theme == theme)[said & place & time])
            for place in (here, ~here)
            for time in (~since, since)
        ]
        return Fix(change_id, title, THEMES[theme], segments, self.calendar.date(effective), effect, *shares)

    def _profitable(self) -> ProfitableDetractors:
        margin = last_twelve(self.books.margin)
        held = np.asarray(self.books.active[:, -12:].any(axis=1), np.bool_)
        top = held & (margin > np.quantile(margin[held], 0.8))
        of, plan = self.answers.customer, self.accounts.plan[self.answers.customer]
        recent = self.scored & (self.day >= self.calendar.month_starts[12])
        business = plan == world.BUSINESS
        chance = detractor_chance(self.mood)
        share, elsewhere = _mean(chance[recent & top[of] & business]), _mean(chance[recent & top[of] & ~business])
        return ProfitableDetractors(
            plan=world.PLANS[world.BUSINESS],
            share=share,
            share_elsewhere=elsewhere,
            share_below=_mean(chance[recent & held[of] & ~top[of] & business]),
            odds_ratio=odds_ratio(share, elsewhere),
            customers=int((top & (self.accounts.plan == world.BUSINESS)).sum()),
        )

    def _leaving(self) -> Leaving:
        history, accounts, last = self.history, self.accounts, self.calendar.days
        here = np.flatnonzero((history.endings.notice == NEVER) & (accounts.since < last))
        plan, tenure = accounts.plan[here], last - accounts.since[here]
        chances = [chance_of_leaving(plan, tenure, np.full(len(here), band)) for band in range(3)]
        band, spoken, day = history.band[here], history.spoken[here], history.last_day[here]
        revenue, margin = last_twelve(self.books.revenue)[here], last_twelve(self.books.margin)[here]
        low = spoken & (band == 0) & (day >= self.calendar.month_starts[12])
        extra = (chances[0] - chances[1])[low]
        customers = pa.table(
            {
                "customer": numbered("C-", here + 1, 6),
                "band": column(band.astype(np.int8), pa.int8()),
                "spoken": column(spoken, FLAG),
                "last_answer": dates(day, self.calendar.start, blank=~spoken),
                "leave": column(np.choose(band, chances), FLOAT),
                "leave_if_detractor": column(chances[0], FLOAT),
                "leave_if_passive": column(chances[1], FLOAT),
                "leave_if_promoter": column(chances[2], FLOAT),
                "revenue": money(revenue),
                "margin": money(margin),
            }
        )
        return Leaving(
            ratio=world.LEAVING_BY_BAND[0],
            promoter_ratio=world.LEAVING_BY_BAND[2],
            kinds=OWN_CHOICE,
            customers=customers,
            detractors=int(low.sum()),
            revenue_at_risk=_cents(float(revenue[low] @ extra)),
            margin_at_risk=_cents(float(margin[low] @ extra)),
            revenue_of_detractors=_cents(int(revenue[low].sum())),
            margin_of_detractors=_cents(int(margin[low].sum())),
        )

    def _mix(self) -> MixChange:
        since = self.day >= self.calendar.mix
        rates = np.zeros(len(world.CHANNELS))
        shares = np.zeros((2, len(world.CHANNELS)))
        for code in range(len(world.CHANNELS)):
            here = self.scored & (self.channel == code)
            rates[code] = expected_nps(self.mood[here]) if here.any() else 0.0
            shares[:, code] = _mean(here[self.scored & ~since]), _mean(here[self.scored & since])
        web = self.scored & (self.channel == world.WEB)
        return MixChange(
            channel=world.CHANNELS[world.WEB],
            start=self.calendar.date(self.calendar.mix),
            share_before=float(shares[0, world.WEB]),
            share_since=float(shares[1, world.WEB]),
            gap=expected_nps(self.mood[web]) - expected_nps(self.mood[self.scored & ~web]),
            effect=float((shares[1] - shares[0]) @ rates),
        )

    def _silent_segment(self) -> SilentSegment:
        asked, start = self.history.asked, self.calendar.silence
        mine = self.moods.in_silent_cell[asked.person]
        since = mine & (asked.sent >= start)
        before = mine & (asked.sent < start) & (asked.sent >= start - 91)
        chance = self.moods.reply_chance(asked.person, asked.sent)
        return SilentSegment(
            segments=MappingProxyType({"region": "South", "plan": "Enterprise"}),
            start=self.calendar.date(start),
            answered_before=_mean(chance[before & asked.delivered]),
            answered_since=_mean(chance[since & asked.delivered]),
            answers_before=int((before & asked.answered).sum()),
            answers_since=int((since & asked.answered).sum()),
        )

    def _silent(self) -> Silent:
        asked = self.history.asked
        sent = asked.why_not < 0
        quiet = sent & ~asked.answered
        return Silent(
            answered=_mean(asked.answered[sent]),
            nps_of_answers=expected_nps(self.mood[self.scored]),
            nps_of_asked=expected_nps(asked.mood[sent]),
            detractors_of_answers=_mean(detractor_chance(self.mood[self.scored])),
            detractors_of_silent=_mean(detractor_chance(asked.mood[quiet])),
        )

    def _retest(self) -> float:
        """Each answer against the same person's next one."""
        person, score = self.answers.asked.person[self.scored], self.answers.asked.score[self.scored]
        order = np.argsort(person, kind="stable")
        person, score = person[order], score[order]
        again = person[1:] == person[:-1]
        return float(np.corrcoef(score[:-1][again], score[1:][again])[0, 1])


def _mean(values: Floats | Flags) -> float:
    """The mean, or 0 of nothing: in a very small company a segment may be empty."""
    return float(values.mean()) if len(values) else 0.0


def _cents(cents: float) -> Decimal:
    return Decimal(round(cents)) / 100
