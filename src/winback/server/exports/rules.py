"""Which file a day belongs to, which of them are to be written again, and what mixes in one figure. No database, no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from winback.errors import UserError
from winback.scales import Bands
from winback.tables import SURVEY_KINDS

UNDATED = "undated"
WHOLE = "all"
BY_DAY = ("feedback",)
BY_MONTH = ("customer_periods",)
BY_MONTH_SAID = ("codings",)  # by the day of the feedback they are of
TABLES = ("feedback", "customers", "contacts", "customer_periods", "departures", "invitations", "codings")


def key_of(table: str, day: dt.date | None, today: dt.date) -> str:
    """The key of the file that holds this day of a table: closed months of feedback lie in one file each."""
    if table in BY_MONTH:
        return WHOLE if day is None else f"{day:%Y-%m}"
    if table in BY_MONTH_SAID:
        return UNDATED if day is None else f"{day:%Y-%m}"
    if table not in BY_DAY:
        return WHOLE
    if day is None:
        return UNDATED
    return f"{day:%Y-%m}" if (day.year, day.month) < (today.year, today.month) else day.isoformat()


def days_of(key: str) -> tuple[dt.date, dt.date] | None:
    """First and last day of a file's key; None for one that is not by days."""
    if key in (UNDATED, WHOLE):
        return None
    if len(key) == len("2026-11-21"):
        day = dt.date.fromisoformat(key)
        return day, day
    year, month = map(int, key.split("-"))
    first = dt.date(year, month, 1)
    return first, dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)


def spans(counted: Mapping[dt.date, int], most: int) -> list[tuple[dt.date, dt.date]]:
    """Days in a row that hold no more than so many rows together (a day that holds more stands alone)."""
    found: list[tuple[dt.date, dt.date]] = []
    rows = 0
    for day in sorted(counted):
        if found and rows + counted[day] <= most:
            found[-1] = (found[-1][0], day)
            rows += counted[day]
        else:
            found.append((day, day))
            rows = counted[day]
    return found


def to_merge(keys: Iterable[str], today: dt.date) -> dict[str, str]:
    """Files of days whose month has closed since, with the key of the month's file that takes them in."""
    found = {}
    for key in keys:
        span = days_of(key)
        if span and (month := key_of("feedback", span[0], today)) != key:
            found[key] = month
    return found


@dataclass(frozen=True)
class Sort:
    """Answers that may stand in one figure: one sort of survey on one scale.

    `key` names it in an address. `survey` is None where the answers do not say what sort of survey they are of.
    """

    key: str
    survey: str | None
    scale: str
    detractors: str
    promoters: str
    answers: int
    sources: tuple[str, ...]
    alone: bool = False  # everything of these sources is of this sort: nothing has to be filtered

    @property
    def bands(self) -> Bands:
        return Bands.of(self.scale, detractors=self.detractors or None, promoters=self.promoters or None)

    @property
    def title(self) -> str:
        survey = self.survey.capitalize() if self.survey else "All answers" if self.alone else "Sort of survey unknown"
        return f"{survey}, {self.scale}"


def sorts_of(counted: Mapping[str, Mapping[str, int]], scales: Mapping[str, tuple[str, str, str]]) -> tuple[Sort, ...]:
    """The sorts there are, the most frequent first. `counted`: answers by source, then by survey ("" where unknown).

    As in a report: where one sort of survey is named at most, answers without a word on it belong to it; where several
    are, what names none stays apart. Sources with different scales never mix.
    """
    groups: dict[tuple[str, str, str], list[str]] = {}
    for source in sorted(set(counted) & set(scales)):
        groups.setdefault(_in_full(*scales[source]), []).append(source)
    found: list[Sort] = []
    for (scale, detractors, promoters), sources in groups.items():
        by_survey: dict[str, int] = {}
        for source in sources:
            for survey, answers in counted[source].items():
                by_survey[survey] = by_survey.get(survey, 0) + answers
        known = [name for name in SURVEY_KINDS if by_survey.get(name)]
        place = scale if _are_usual(scale, detractors, promoters) else f"{scale}.{detractors}.{promoters}"
        if len(known) < 2:
            answers = sum(by_survey.values())
            only = known[0] if known else None
            found.append(
                Sort(f"{only or 'all'}.{place}", only, scale, detractors, promoters, answers, tuple(sources), True)
            )
            continue
        several: list[str] = [*known, *([""] if by_survey.get("") else [])]
        for name in several:
            found.append(
                Sort(
                    f"{name or 'unknown'}.{place}",
                    name or None,
                    scale,
                    detractors,
                    promoters,
                    by_survey[name],
                    tuple(sources),
                )
            )
    return _most_first(found)


def recounted(sorts: Iterable[Sort], counted: Mapping[str, Mapping[str, int]]) -> tuple[Sort, ...]:
    """The sorts of a whole workspace as a part of it has them: with the part's answers, without those that have none.

    What belongs to a sort stays what it is in the whole, so that a part's figure is that of the whole filtered to it.
    """
    found = []
    for sort in sorts:
        mine = [(survey, n) for source in sort.sources for survey, n in counted.get(source, {}).items()]
        answers = sum(n for survey, n in mine if sort.alone or survey == (sort.survey or ""))
        if answers:
            found.append(replace(sort, answers=answers))
    return _most_first(found)


def _most_first(sorts: Iterable[Sort]) -> tuple[Sort, ...]:
    return tuple(sorted(sorts, key=lambda sort: (sort.survey is None and not sort.alone, -sort.answers, sort.key)))


def _in_full(scale: str, detractors: str, promoters: str) -> tuple[str, str, str]:
    bands = Bands.of(scale, detractors=detractors or None, promoters=promoters or None).describe()
    return bands["scale"], bands["detractors"], bands["promoters"]


def _are_usual(scale: str, detractors: str, promoters: str) -> bool:
    try:
        return _in_full(scale, "", "") == (scale, detractors, promoters)
    except UserError:
        return False


def pooled(files: Iterable[Mapping[str, Any]]) -> tuple[dict[str, dict[str, int]], dict[str, dict[str, int]]]:
    """The stats of files added up: answers by source and survey; values by source and column."""
    answers: dict[str, dict[str, int]] = {}
    filled: dict[str, dict[str, int]] = {}
    for stats in files:
        for source, of in stats.items():
            mine, have = answers.setdefault(source, {}), filled.setdefault(source, {})
            for survey, count in of["answers"].items():
                mine[survey] = mine.get(survey, 0) + count
            for name, count in of["filled"].items():
                have[name] = have.get(name, 0) + count
    return answers, filled
