"""Dates and times written as text: which ways of writing a column uses, and how the engine reads them.

A day-month-year and a month-day-year reading are never mixed in one column: the one that reads more values wins, and
where both read all of them the user is asked. Other ways of writing may stand side by side.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from winback.errors import UserError

EARLIEST = dt.date(1990, 1, 1)  # before it: a clock that was never set, or a spreadsheet's day 0

_ISO = re.compile(
    r"^\d{4}-\d{1,2}-\d{1,2}([T ]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?$"
)
_COULD_BE = re.compile(r"^(?=.*\d)(?=(?:\D*\d){3})[\w ,./:-]{6,30}$")  # spares hopeless values sixty tries
_LONG_AGO = re.compile(r"\b1(?:[0-8]\d\d|9[0-8]\d)\b")  # day 0 of a spreadsheet, behind a time of day
_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
_YEAR_FIRST = ("%Y/%m/%d", "%Y.%m.%d", "%Y%m%d")
_NAMED = ("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d %Y")
_DAY_FIRST = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%y", "%d-%m-%y")
_MONTH_FIRST = ("%m/%d/%Y", "%m.%d.%Y", "%m-%d-%Y", "%m/%d/%y", "%m.%d.%y", "%m-%d-%y")
ORDERS = {"dmy": _DAY_FIRST, "mdy": _MONTH_FIRST}


@dataclass(frozen=True)
class DateFormat:
    """The ways a text column writes its dates, as strptime patterns, beside ISO 8601 which is always read."""

    patterns: tuple[str, ...] = ()
    order: str = "iso"  # iso, dmy or mdy: for the mapping that is printed

    def sql(self, column: str, zone: str) -> str:
        """An expression of type TIMESTAMPTZ; NULL where the text is no date. Times without offset are the zone's."""
        text = f"trim({column})"
        local = f"timezone('{zone}', TRY_CAST({text} AS TIMESTAMP))"
        offset = f"regexp_matches({text}, ':[0-9.]+ ?(Z|UTC|[+-][0-9]{{2}}(:?[0-9]{{2}})?)$')"
        iso = f"CASE WHEN {offset} THEN TRY_CAST({text} AS TIMESTAMPTZ) ELSE {local} END"
        looks_iso = f"regexp_matches({text}, '^[0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}}([T ]|$)')"
        others = "NULL"
        if self.patterns:
            listed = ", ".join(f"'{pattern}'" for pattern in self.patterns)
            others = f"timezone('{zone}', TRY_STRPTIME({text}, [{listed}]))"
        return f"CASE WHEN {looks_iso} THEN {iso} ELSE {others} END"


def _reads(pattern: str, text: str) -> bool:
    try:
        dt.datetime.strptime(text, pattern)
    except ValueError:
        return False
    return True


def _patterns_reading(families: Sequence[str], text: str) -> list[str]:
    """The patterns of the families, with any time of day, that read the text."""
    if not _COULD_BE.match(text):
        return []
    with_time = ":" in text
    return [f + t for f in families for t in _TIMES if bool(t) == with_time and _reads(f + t, text)]


def share_of_dates(values: Sequence[str]) -> float:
    """Share of the values that some way of writing reads as a date since 1990; 0 for no values."""
    if not values:
        return 0.0
    every = (*_YEAR_FIRST, *_NAMED, *_DAY_FIRST, *_MONTH_FIRST)
    # Eight bare digits are as likely an id: only a plausible year makes them a date.
    return sum(
        not _LONG_AGO.search(v)
        and (
            bool(_ISO.match(v))
            or (not re.fullmatch(r"\d+", v) or v[:2] in ("19", "20"))
            and bool(_patterns_reading(every, v))
        )
        for v in (value.strip() for value in values)
    ) / len(values)


def date_format(values: Sequence[str], *, column: str, order: str | None = None) -> DateFormat:
    """The format of a column from its distinct values. `order` ("dmy" or "mdy") settles what cannot be told.

    Raises UserError where day and month cannot be told apart and no order is given.
    """
    neutral: dict[str, int] = {}
    counts = {name: 0 for name in ORDERS}
    used: dict[str, dict[str, int]] = {name: {} for name in ORDERS}
    for value in (v.strip() for v in values):
        if _ISO.match(value):
            continue
        for pattern in _patterns_reading((*_YEAR_FIRST, *_NAMED), value):
            neutral[pattern] = neutral.get(pattern, 0) + 1
        for name, families in ORDERS.items():
            reading = _patterns_reading(families, value)
            counts[name] += bool(reading)
            for pattern in reading:
                used[name][pattern] = used[name].get(pattern, 0) + 1
    patterns = list(neutral)
    chosen = "iso"
    if any(counts.values()):
        if order is None and counts["dmy"] == counts["mdy"]:
            example = next(v for v in values if not _ISO.match(v.strip()) and _patterns_reading(_DAY_FIRST, v.strip()))
            raise UserError(
                f'The dates in "{column}", such as {example.strip()}, can be read day first or month first; '
                "say which with --date-format dmy or --date-format mdy."
            )
        chosen = order or max(counts, key=lambda name: counts[name])
        # Four-digit years first: %y would read the first two digits of 2026 as 2020.
        patterns += sorted(used[chosen], key=lambda pattern: ("%y" in pattern, -used[chosen][pattern]))
    return DateFormat(patterns=tuple(patterns), order=chosen)
