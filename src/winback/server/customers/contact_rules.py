"""Whom we may contact: the pure rule. What is known of a person goes in, a yes or a no with its reason comes out.

The order of the questions is the order in which a person would want them answered: is there anybody to speak to, did
they say no, have we a basis, is this the moment, and only then, is it too often.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

DEFAULT_BASES: Mapping[str, str] = {
    "service": "contract",
    "complaint": "legal duty",
    "research": "legitimate interest",
    "marketing": "none",  # nobody is offered anything without a basis on record
}
SURVEY_TOUCHES = ("survey",)  # a reminder belongs to its survey and has no clock of its own
CAP_DAYS = 30

REASONS: Mapping[str, str] = {
    "deceased": "The person has died.",
    "stop reason": "There is a reason not to approach this customer.",
    "no address": "No address for this channel is known.",
    "opt-out": "The person asked not to be contacted for this, or this way.",
    "no basis": "There is no legal basis on record for this purpose.",
    "suppressed": "The address stands on a suppression list.",
    "list out of date": "A suppression list for this channel was not screened lately.",
    "open complaint": "A complaint is open; nobody is asked or offered anything until it is closed.",
    "rest period": "The person was asked a short while ago.",
    "cap": "The person has heard from us often enough in 30 days.",
}

# What a reason to stop leaves open; a person who has died is never approached.
LEFT_OPEN: Mapping[str, tuple[str, ...]] = {
    "deceased": (),
    "insolvent": ("service", "complaint"),
    "in collections": ("service", "complaint"),
    "fraud": ("complaint",),
    "legal dispute": ("complaint",),
    "minor": ("service", "complaint"),
    "employee": ("service", "complaint"),
    "needs care": ("service", "complaint"),
}


@dataclass(frozen=True)
class PastTouch:
    """A touch that went out."""

    at: dt.datetime
    touch: str
    purpose: str
    survey: str = ""


@dataclass(frozen=True)
class ScreenedList:
    """A suppression list: the channel it is for (blank: every), until when its screening holds, whether it names the person."""

    name: str
    channel: str
    holds_until: dt.date
    hit: bool


@dataclass(frozen=True)
class Known:
    """What is known of a person when somebody asks."""

    addresses: frozenset[str] = frozenset()  # channels for which there is an address
    stop_reasons: Sequence[str] = ()
    opt_outs: Sequence[tuple[str, str]] = ()  # (purpose, channel); blank is every
    bases: Mapping[str, str] = field(default_factory=dict)
    lists: Sequence[ScreenedList] = ()
    open_complaint: bool = False
    past: Sequence[PastTouch] = ()
    rest_days: Mapping[str, int] = field(default_factory=lambda: {"relationship": 90, "transactional": 30})
    cap: int = 4


@dataclass(frozen=True)
class Decision:
    """Whether we may, else why not: a key of REASONS and a sentence."""

    allowed: bool
    reason: str = ""
    detail: str = ""

    def __bool__(self) -> bool:
        return self.allowed


YES = Decision(True)


def no(reason: str, detail: str = "") -> Decision:
    return Decision(False, reason, detail or REASONS[reason])


def decide(
    known: Known, *, touch: str, purpose: str, channel: str, at: dt.datetime, survey: str = "", owed: bool = False
) -> Decision:
    """Whether this person may be contacted. `owed`: a complaint, a promise or "please call me", which we owe.

    What is owed is never held back by a rest period, a cap, an open complaint or a plain "leave me alone"; it is by a
    person's no to the very channel, and by death.
    """
    if "deceased" in known.stop_reasons:
        return no("deceased")
    for reason in known.stop_reasons:
        if purpose not in LEFT_OPEN[reason] and not (owed and purpose == "complaint"):
            return no("stop reason", f"There is a reason not to approach this customer: {reason}.")
    if channel not in known.addresses:
        return no("no address")
    for about, way in known.opt_outs:
        if about in ("", purpose) and way in ("", channel) and not (owed and not about and not way):
            return no("opt-out")
    if known.bases.get(purpose, DEFAULT_BASES[purpose]) == "none":
        return no("no basis")
    if purpose in ("research", "marketing"):
        barred = _listed(known, channel, at)
        if barred is not None:
            return barred
        if known.open_complaint and not owed:
            return no("open complaint")
    if owed:
        return YES
    held_back = _too_often(known, touch, survey, at)
    return YES if held_back is None else held_back


def _listed(known: Known, channel: str, at: dt.datetime) -> Decision | None:
    for screened in known.lists:
        if screened.channel in ("", channel):
            if screened.hit:
                return no("suppressed", f"The address stands on the list {screened.name}.")
            if screened.holds_until < at.date():
                return no("list out of date", f"The list {screened.name} was last screened too long ago.")
    return None


def _too_often(known: Known, touch: str, survey: str, at: dt.datetime) -> Decision | None:
    """The rest periods (a clock for each sort of survey and one over all), then the cap over all purposes.

    A touch that is later than `at` counts too: it went out, and the clock was set back since, or another's is ahead.
    """
    if touch in SURVEY_TOUCHES:
        shortest = min(known.rest_days.values(), default=0)
        for past in known.past:
            if past.touch not in SURVEY_TOUCHES:
                continue
            days = known.rest_days.get(past.survey, shortest) if past.survey == survey else shortest
            if at < past.at + dt.timedelta(days=days):
                free = (past.at + dt.timedelta(days=days)).date()
                return no("rest period", f"The person was asked on {past.at:%Y-%m-%d} and rests until {free}.")
    since = at - dt.timedelta(days=CAP_DAYS)
    lately = sum(since < past.at for past in known.past)
    if lately >= known.cap:
        return no("cap", f"The person has heard from us {lately} times in {CAP_DAYS} days; {known.cap} is the most.")
    return None
