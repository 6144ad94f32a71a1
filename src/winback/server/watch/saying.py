"""An alarm in words: the same on the page, in a mail and by the API."""

from __future__ import annotations

from winback.charts.labels import money, signed
from winback.charts.labels import segment as name_of
from winback.report.words import full_day, listed, number, percent, plural
from winback.server.watch.models import Alarm
from winback.server.watch.rules import points

PERIODS = {"day": "day", "week": "week", "month": "month"}
ENDINGS = {
    "cooled": "What came after it is as it always was",
    "silent": "Nobody there has answered since, so nothing can be said of it any more",
    "withdrawn": "The answers it rested on were taken back, or others came late: it is no longer so",
    "unwatched": "This is no longer watched",
}
MEASURES = {
    "detractors": "a rise of the share of detractors", "score": "a fall of the score",
    "volume": "a rise of the number of answers", "silence": "answers that stay out",
    "themes": "a rise of a theme’s share, once a codebook is accepted",
}  # fmt: skip
REASONS = {
    "chance": "Chance: there is nothing behind it", "known cause": "We know the cause, and it passes",
    "wrong data": "The data are wrong", "too small": "True, but too small to act on",
}  # fmt: skip


def name(alarm: Alarm) -> str:
    """North · Business; everybody where it is the whole."""
    return name_of(alarm.segment, alarm.by) or "everybody"


def theme(alarm: Alarm) -> str:
    """The theme's name, as the codebook has it now."""
    return alarm.theme.name if alarm.theme else "A theme"


def headline(alarm: Alarm) -> str:
    """Twice as many detractors in North · Business."""
    where = f"in {name(alarm)}" if alarm.by else "everywhere"
    if alarm.measure == "score":
        return f"The score fell by {abs(alarm.effect):.0f} points {where}"
    if alarm.measure == "volume":
        return f"{alarm.effect:.1f} times as many answers as usual {where}"
    if alarm.measure == "silence":
        return f"Answers stay out {where}"
    times = _times(alarm.share / alarm.expected_share) if alarm.share and alarm.expected_share else ""
    if alarm.measure == "themes":
        much = f"{times[0].lower()}{times[1:]} as often" if times else "more often than usual"
        return f"{theme(alarm)} is named {much} {where}"
    return f"{times} as many detractors {where}" if times else f"More detractors than usual {where}"


def _times(ratio: float) -> str:
    """About how many times as many; "" where it is not worth a number."""
    if ratio >= 2.5:
        return f"{ratio:.0f} times"
    return "Twice" if ratio >= 1.75 else "One and a half times" if ratio >= 1.35 else ""


def sentence(alarm: Alarm) -> str:
    """Since when, how many where how many were expected, the effect with its interval, and how sure."""
    since = f"Since {full_day(alarm.since)}"
    if alarm.measure == "score":
        what = f"the score is {-alarm.effect:.0f} points lower than expected, likely between {-alarm.high:.0f} and {-alarm.low:.0f}"
    elif alarm.measure in ("volume", "silence"):
        what = f"{plural(alarm.answers, 'answer')} where {alarm.expected:,.0f} were expected"
    elif alarm.measure == "themes":
        what = (
            f"{number(alarm.bad)} of {plural(alarm.answers, 'answer')} that say why name it where {alarm.expected:,.0f} were expected: "
            f"{effect(alarm)}"
        )
    else:
        what = (
            f"{number(alarm.bad)} of {plural(alarm.answers, 'answer')} are detractors’ where {alarm.expected:,.0f} were expected: "
            f"{effect(alarm)}"
        )
    return f"{since}, {what}. {sure(alarm)}"


def effect(alarm: Alarm) -> str:
    """The effect with its interval: +22 points of share [+10, +35]."""
    if alarm.is_share and alarm.expected_share is not None:
        low, middle, high = (
            signed(points(alarm.expected_share, odds)) for odds in (alarm.low, alarm.effect, alarm.high)
        )
        return f"{middle} points of share [{low}, {high}]"
    if alarm.measure == "score":
        return f"{signed(alarm.effect)} points [{signed(alarm.low)}, {signed(alarm.high)}]"
    return f"{alarm.effect:.1f} times as many [{alarm.low:.1f}, {alarm.high:.1f}]"


def sure(alarm: Alarm) -> str:
    """How often an alarm this strong is false."""
    rate = 100 * alarm.q
    told = "fewer than 1" if rate < 0.5 else f"about {rate:.0f}"
    return f"Of 100 alarms this strong {told} would be false."


def seen(alarm: Alarm) -> str:
    """27 of 58 (47 %)."""
    share = "" if alarm.share is None or alarm.measure == "score" else f" ({percent(alarm.share)})"
    return f"{number(alarm.bad)} of {number(alarm.answers)}{share}"


def where(alarm: Alarm) -> str:
    """Its localisation in words."""
    found = alarm.causes
    if not found:
        return ""
    names = [name_of(row["segment"], row["by"]) for row in found["rows"]]
    own = name(alarm)
    if found["everywhere"]:
        return "It rose in all segments alike: nothing in these attributes explains it."
    if not names:
        return f"It is {own} as a whole: nothing narrower within it stands out."
    if names == [own]:
        return f"It is exactly {own}: nothing narrower, and nothing around it."
    segment = set(zip(alarm.by, alarm.segment, strict=True))
    others = [set(zip(row["by"], row["segment"], strict=True)) for row in found["rows"]]
    nested = all(segment <= other or other <= segment for other in others)
    told = f"It is {listed(names)}." if nested else f"Most of it burns in {listed(names)}."
    rest = found["rest"]
    if rest is None:
        return told
    calm = rest["bad"] <= rest["expected"] + 2 * max(rest["expected"], 1.0) ** 0.5
    return f"{told} " + (f"Without them {own} is about as always." if calm else f"The rest of {own} is raised too.")


def concerned(alarm: Alarm) -> str:
    """Whom it touches and what they bring: 34 customers answered, with €12,400 of revenue a year. "" where nobody is known."""
    if alarm.customers is None:
        return ""
    did = "name it" if alarm.measure == "themes" else "answered"
    bring = (
        ""
        if alarm.revenue is None
        else f", with {money(alarm.revenue, alarm.workspace.currency)} of {alarm.money_kind} a year"
    )
    return f"{plural(alarm.customers, 'customer')} {did}{bring}."
