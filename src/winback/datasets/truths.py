"""What is so in the sample company: the truths planted in it, with the numbers an analysis should find.

Numbers called expected come from the model, not from the draw: the average chance over the answers that were given.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa


@dataclass(frozen=True)
class FlareUp:
    """A segment in which, for five calendar weeks, the odds of a detractor are multiplied.

    `odds_ratio` was planted among all people of the segment; `expected_share` and `share` are the expected shares of
    detractors among those `answers` that came, without and with the flare-up. `theme_share` of these detractors name
    `theme` for sure, the rest as at other times.
    """

    segments: Mapping[str, str]
    start: dt.date
    end: dt.date
    odds_ratio: float
    answers: int
    expected_share: float
    share: float
    theme: str
    theme_share: float


@dataclass(frozen=True)
class Fix:
    """A change and what it did to the segment it was made for.

    `effect` is the rise of the expected score of the answers since, against the same answers without the change.
    The shares say how many detractors who commented named the theme before and since, as drawn, `*_elsewhere` among
    all other customers.
    """

    change_id: str
    title: str
    theme: str
    segments: str
    effective: dt.date
    effect: float
    share_before: float
    share_since: float
    share_before_elsewhere: float
    share_since_elsewhere: float

    @property
    def worked(self) -> bool:
        return self.effect > 0


@dataclass(frozen=True)
class ProfitableDetractors:
    """Detractors among the answers of the last 12 months of customers in the top margin tier.

    The tier is the fifth of the customers with the highest margin over the last 12 months. The shares are expected
    shares of detractors, in the plan and in the tier's other plans; `share_below` in the plan's customers under the
    tier.
    """

    plan: str
    share: float
    share_elsewhere: float
    share_below: float
    odds_ratio: float
    customers: int


@dataclass(frozen=True)
class Leaving:
    """How a low mark makes customers leave, and what that is worth over the next 12 months.

    `ratio` and `promoter_ratio` multiply the monthly rate of leaving by own choice (`kinds`) against a passive with the
    same plan and tenure; the band is that of the customer's latest answer. Other endings don't depend on the band.
    `customers` has a row for each customer on the last day who has not given notice: customer, band (0, 1, 2), spoken
    (false where the band is what they would have answered), last_answer, leave (the probability to leave by own choice
    within 12 months), leave_if_detractor, leave_if_passive, leave_if_promoter, revenue and margin of the last
    12 months. The probabilities hold the band for the 12 months.
    `margin_at_risk` is the contrast: over customers whose latest answer of the last 12 months was a detractor's, margin
    times (leave_if_detractor - leave_if_passive); `margin_of_detractors` is the plain sum over the same
    `detractors`. The same for revenue.
    """

    ratio: float
    promoter_ratio: float
    kinds: tuple[str, ...]
    customers: pa.Table
    detractors: int
    revenue_at_risk: Decimal
    margin_at_risk: Decimal
    revenue_of_detractors: Decimal
    margin_of_detractors: Decimal


@dataclass(frozen=True)
class MixChange:
    """From `start` on one channel's invitations grow; nobody feels different, and the score moves all the same.

    The shares are of the answers of the 12 months before and since. `effect` is what the change of mix does to the
    expected score: the sum of share changes times each channel's expected score over both years. `gap` is the expected
    score of the channel less that of all others.
    """

    channel: str
    start: dt.date
    share_before: float
    share_since: float
    gap: float
    effect: float


@dataclass(frozen=True)
class SilentSegment:
    """A segment whose people answer a fraction as often from `start` on.

    The shares are the expected shares answered of what was sent in the 13 weeks before and since, the counts what came.
    """

    segments: Mapping[str, str]
    start: dt.date
    answered_before: float
    answered_since: float
    answers_before: int
    answers_since: int


@dataclass(frozen=True)
class Silent:
    """Who answers is not chance: the expected score and detractors among answers, and among all who were asked."""

    answered: float
    nps_of_answers: float
    nps_of_asked: float
    detractors_of_answers: float
    detractors_of_silent: float


@dataclass(frozen=True)
class Truths:
    """Everything planted in one sample company. See docs/reference/sample-company.md.

    `retest` is the correlation of a person's answer with the same person's next one. `themes` says which theme stands
    behind each comment: external_id, theme. Cases change nothing about later answers: whatever better marks follow
    them would have come by themselves.
    """

    seed: int
    size: int
    start: dt.date
    until: dt.date
    flare: FlareUp
    fixes: tuple[Fix, Fix]
    profitable: ProfitableDetractors
    leaving: Leaving
    mix: MixChange
    silent_segment: SilentSegment
    silent: Silent
    retest: float
    unit_costs: Mapping[str, Decimal]
    themes: pa.Table
