"""Which finding is which fire, when a fire is over, who may see it and whom it concerns. No database, no clock."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from winback.server.workspaces.rules import Scope

LENGTH = {"day": 1, "week": 7, "month": 31}  # days of a period, at most
GAP = 2  # periods between two windows of one fire
DISMISSED_GAP = 8  # what people said is nothing stays nothing for so long
OVER = 4.0  # an alarm is over when what came after it is so many times likelier without it
SILENT = 8  # periods without an answer after which nothing can be said of it any more
SUFFIXES = (" (customers)", " (column)")

Part = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Fire:
    """A finding or an alarm as far as it takes to tell which is which."""

    part: Part
    since: dt.date
    until: dt.date
    score: float = 0.0
    gap: int = GAP  # periods
    theme: str = ""  # its key; "" where it is of no theme


def part_of(by: Sequence[str], segment: Sequence[str]) -> Part:
    """A segment as pairs of attribute and value; empty for everybody."""
    return frozenset(zip(by, segment, strict=True))


def nested(one: Part, other: Part) -> bool:
    """Whether one segment lies in the other. Everybody holds all segments, which says nothing, so it is nested with none."""
    return bool(one) and bool(other) and (one <= other or other <= one)


def kin(one: Fire, other: Fire) -> bool:
    """Whether the place of one is the other's: nested segments; of one theme all that anybody can be in both of.

    What makes people name a theme shows in every segment they belong to; another theme beside it would be news.
    """
    if one.theme and one.theme == other.theme:
        told = dict(one.part)
        return all(told.get(name, value) == value for name, value in other.part)
    return nested(one.part, other.part)


def near(one: Fire, other: Fire, every: str) -> bool:
    """Whether their windows overlap, or lie no further apart than one fire's may; two themes are never one fire."""
    if one.theme and other.theme and one.theme != other.theme:
        return False
    days = dt.timedelta(days=LENGTH[every] * max(one.gap, other.gap))
    return one.since <= other.until + days and other.since <= one.until + days


def matched(findings: Sequence[Fire], alarms: Sequence[Fire], every: str) -> dict[int, int]:
    """For a finding (its place) the alarm it is the same fire as; findings that are new stand not in it.

    The very segment comes first; then one that lies in the other, the strongest finding first and the latest alarm.
    Each alarm is one finding's: two that burn beside each other were told apart by the analysis.
    """
    found: dict[int, int] = {}
    for same in (True, False):
        for i in sorted(range(len(findings)), key=lambda i: -findings[i].score):
            if i in found:
                continue
            fits = [
                j
                for j, alarm in enumerate(alarms)
                if j not in found.values()
                and near(findings[i], alarm, every)
                and (findings[i].part == alarm.part if same else kin(findings[i], alarm))
            ]
            if fits:
                found[i] = max(fits, key=lambda j: (alarms[j].until, len(alarms[j].part & findings[i].part)))
    return found


def is_over(
    measure: str, *, bad: float, answers: float, expected: float | None, burning: float | None, quiet: int
) -> str:
    """Why an alarm is over, by what came after its window in whole periods: "cooled", "silent", or "" while it is not.

    A share: how many times likelier `bad` of `answers` are with the `expected` share than with the `burning` one (a
    sequential test, Wald 1945). Other measures: two quiet periods, since the analysis judges each of them anew.
    `quiet` is how many whole periods came after.
    """
    if measure not in ("detractors", "themes") or expected is None or burning is None:
        return "cooled" if quiet >= GAP else ""
    if answers <= 0:
        return "silent" if quiet >= SILENT else ""
    calm, hot = (min(max(share, 0.001), 0.999) for share in (expected, burning))
    if hot <= calm:
        return "cooled" if quiet >= GAP else ""
    likelier = bad * math.log(calm / hot) + (answers - bad) * math.log((1 - calm) / (1 - hot))
    return "cooled" if likelier >= math.log(OVER) else ""


def bare(attribute: str) -> str:
    """An attribute without the word that tells it from another of its name: "region (customers)" is region."""
    for suffix in SUFFIXES:
        attribute = attribute.removesuffix(suffix)
    return attribute


def within_scope(scope: Scope, by: Sequence[str], segment: Sequence[str]) -> bool:
    """Whether all of a segment lies in the scope: a wider one counts customers that one may not see."""
    if scope.own or scope.teams:
        return False
    told: dict[str, set[str]] = {}
    for name, value in zip(by, segment, strict=True):
        told.setdefault(bare(name).lower(), set()).add(value)
    mine = {name: told.get(bare(name).lower(), set()) for name in scope.segments}
    return all(mine[name] and mine[name] <= set(values) for name, values in scope.segments.items())


def owners_of(by: Sequence[str], segment: Sequence[str], said: Iterable[tuple[str, str, int]]) -> list[int]:
    """The owners (attribute, value, user) of a segment, in the order of its attributes, each once."""
    told = {(bare(name).lower(), value) for name, value in zip(by, segment, strict=True)}
    order = [bare(name).lower() for name in by]
    mine = sorted(
        (order.index(bare(name).lower()), user) for name, value, user in said if (bare(name).lower(), value) in told
    )
    return list(dict.fromkeys(user for _, user in mine))


def points(share: float, odds_ratio: float) -> float:
    """By how many points of share the odds of a share are so many times higher."""
    odds = odds_ratio * share / max(1.0 - share, 1e-9)
    return 100.0 * (odds / (1.0 + odds) - share)


def course_with(course: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A course with the counts there are now (period, answers, bad), and the periods that came after it.

    Those have the band of the period of the course that had as many answers, or nearly.
    """
    rows = [dict(row) for row in course]
    if not rows:
        return rows
    like = [row for row in course if row["answers"]] or list(course)
    places = {row["period"]: row for row in rows}
    for one in now:
        counts = {name: one[name] for name in ("period", "answers", "bad")}
        counts["share"] = one["bad"] / one["answers"] if one["answers"] else None
        if one["period"] in places:
            places[one["period"]] |= counts
        elif one["period"] > rows[-1]["period"]:
            near_to = min(like, key=lambda row: abs(row["answers"] - one["answers"]))
            band = {name: near_to[name] for name in ("expected", "low", "high")}
            rows.append({**counts, **band, "burning": False})
    return rows
