"""Dates and times written as text: the ways there are, and how the engine reads them.

A day-month-year and a month-day-year reading are never mixed in one column: the one that reads more values wins, and
where both read all of them the user is asked. Other ways of writing may stand side by side.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from winback.connectors.csvfile.engine import literal, literals

EARLIEST = dt.date(1990, 1, 1)  # before it: a clock that was never set, or a spreadsheet's day 0

# These are read by Python and by the engine, which knows no references back.
ISO = (
    "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
    "(?:[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?: ?(?:Z|UTC|[+-][0-9]{2}(?::?[0-9]{2})?))?)?"
)
OFFSET = "^[^:]+:.*[0-9] ?(?:Z|UTC|[+-][0-9]{2}(?::?[0-9]{2})?)$"
_TIME = "(?P<gap>,? |T)[0-9]{1,2}:[0-9]{2}(?P<s>:[0-9]{2}(?P<f>[.][0-9]{1,6})?)?(?P<p> ?[AaPp][Mm])?"
NUMERIC = f"(?P<a>[0-9]{{1,2}})(?P<x>[/.-])(?P<b>[0-9]{{1,2}})(?P<z>[/.-])(?P<y>[0-9]{{4}}|[0-9]{{2}})(?:{_TIME})?"
_YEAR_FIRST = f"(?P<y>[0-9]{{4}})(?P<x>[/.])(?P<b>[0-9]{{1,2}})(?P<z>[/.])(?P<a>[0-9]{{1,2}})(?:{_TIME})?"
_COMPACT = "(?P<y>(?:19|20)[0-9]{2})(?P<b>[0-9]{2})(?P<a>[0-9]{2})"
_DAY_NAME = (
    f"(?P<a>[0-9]{{1,2}})(?P<x>[ -]|[.] )(?P<n>[A-Za-z]{{3,9}})(?P<z>[ -]|, )(?P<y>[0-9]{{4}}|[0-9]{{2}})(?:{_TIME})?"
)
_NAME_DAY = f"(?P<n>[A-Za-z]{{3,9}})(?P<x> )(?P<a>[0-9]{{1,2}})(?P<z>,? )(?P<y>[0-9]{{4}})(?:{_TIME})?"
_MONTHS = frozenset(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
ORDERS = ("dmy", "mdy")


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


_NUMERIC = _compiled(NUMERIC)
_OTHERS = tuple((_compiled(p), form) for p, form in (
    (_YEAR_FIRST, "%Y{x}%m{z}%d"), (_COMPACT, "%Y%m%d"),
    (_DAY_NAME, "%d{x}{n}{z}{y}"), (_NAME_DAY, "{n}{x}%d{z}{y}"),
))  # fmt: skip
_ISO = _compiled(ISO)


@dataclass(frozen=True)
class DateFormat:
    """The ways a text column writes its dates: ISO 8601, with offsets or not, and strptime patterns."""

    patterns: tuple[str, ...] = ()
    order: str = "iso"  # iso, dmy or mdy
    iso: bool = True
    offsets: bool = True
    others: bool = True  # whether some text is no ISO date

    def sql(self, text: str, local: str) -> str:
        """An expression of type TIMESTAMPTZ over a trimmed text; NULL where that is no date.

        `local` is an expression with {} for a time without offset: what instant that is in the workspace's zone.
        """
        others = "NULL::TIMESTAMPTZ"
        if self.patterns:
            long = [pattern for pattern in self.patterns if "%Y" in pattern]
            short = [pattern for pattern in self.patterns if "%y" in pattern]
            parts = [f"TRY_STRPTIME({text}, [{literals(some)}])" for some in (long, short) if some]
            # %Y would read the year 26 out of 1/11/26, so each gets the texts it is meant for.
            four = f"regexp_matches({text}, '(^|[^0-9])[0-9]{{4}}([^0-9]|$)|^[0-9]{{8}}$')"
            either = f"CASE WHEN {four} THEN {parts[0]} ELSE {parts[-1]} END" if len(parts) == 2 else parts[0]
            if not short:
                either = f"CASE WHEN {four} THEN {either} END"
            others = local.format(either)
        if not self.iso:
            return others
        point = f"replace({text}, ',', '.')"
        iso = local.format(f"TRY_CAST({point} AS TIMESTAMP)")
        if self.offsets:
            close = f"regexp_replace(regexp_replace({point}, ' ?UTC$', 'Z'), ' ([Z+-][0-9:]*)$', '\\1')"
            iso = f"CASE WHEN regexp_matches({text}, {literal(OFFSET)}) THEN TRY_CAST({close} AS TIMESTAMPTZ) ELSE {iso} END"
        if not self.others:
            return iso
        return f"CASE WHEN regexp_full_match({text}, {literal(ISO)}) THEN {iso} ELSE {others} END"


def patterns_of(text: str, order: str) -> list[str]:
    """The strptime patterns of a date that is not ISO 8601, day first ("dmy") or month first; none for other texts."""
    if found := _NUMERIC.fullmatch(text):
        if found["x"] != found["z"]:
            return []
        first, second = ("%d", "%m") if order == "dmy" else ("%m", "%d")
        return [f"{first}{found['x']}{second}{found['z']}{_year(found)}{_time(found)}"]
    for pattern, form in _OTHERS:
        if found := pattern.fullmatch(text):
            parts = found.groupdict()
            if parts.get("n") and parts["n"][:3].lower() not in _MONTHS:
                return []
            # May is short for itself: either name of the month is tried.
            return [
                form.format(x=parts.get("x"), z=parts.get("z"), y=_year(found), n=name) + _time(found)
                for name in (("%b", "%B") if parts.get("n") else ("",))
            ]
    return []


def _year(found: re.Match[str]) -> str:
    return "%Y" if len(found["y"]) == 4 else "%y"


def _time(found: re.Match[str]) -> str:
    part = found.groupdict()
    if not part.get("gap"):
        return ""
    hour, meridiem = ("%I", part["p"][:-2] + "%p") if part["p"] else ("%H", "")
    return f"{part['gap']}{hour}:%M{':%S' if part['s'] else ''}{'.%f' if part['f'] else ''}{meridiem}"


def share_of_dates(values: Sequence[str]) -> float:
    """Share of the values that some way of writing reads as a date; 0 for none, and where most lie before 1990.

    A few days in 1970 are mistakes in a column of dates; a column full of 1899 is a time of day from a spreadsheet.
    """
    years = [year for value in values if (year := _year_of(value.strip())) is not None]
    if not years or 2 * sum(year < EARLIEST.year for year in years) > len(years):
        return 0.0
    return len(years) / len(values)


def _year_of(text: str) -> int | None:
    """The year of a text that looks like a date, None where it does not. Two digits are of this century."""
    if len(text) < 6 or not text.isascii():
        return None
    if _ISO.fullmatch(text):
        return int(text[:4])
    for pattern in (_NUMERIC, *(pattern for pattern, _ in _OTHERS)):
        if found := pattern.fullmatch(text):
            part = found.groupdict()
            numbers = [int(part["a"]), int(part["b"] if part.get("b") else 1)]
            alike = pattern is not _NUMERIC or part["x"] == part["z"]
            named = not part.get("n") or part["n"][:3].lower() in _MONTHS
            year = int(part["y"]) + (2000 if len(part["y"]) == 2 else 0)
            return year if alike and named and 1 <= min(numbers) <= 12 and 1 <= max(numbers) <= 31 else None
    return None


def all_patterns(texts: Iterable[str], order: str) -> tuple[str, ...]:
    """The patterns of all these texts, each once, in order of appearance."""
    return tuple(dict.fromkeys(pattern for text in texts for pattern in patterns_of(text, order)))
