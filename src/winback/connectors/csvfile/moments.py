"""The date column: how its values become an instant and a day in the workspace's zone, and which are refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from winback.connectors.csvfile.cells import blank_sql, trimmed_sql
from winback.connectors.csvfile.dates import (
    EARLIEST,
    ISO,
    NUMERIC,
    OFFSET,
    ORDERS,
    DateFormat,
    all_patterns,
    patterns_of,
)
from winback.connectors.csvfile.engine import AWARE, literal, within_calendar
from winback.connectors.csvfile.staged import Staged
from winback.errors import UserError
from winback.surfaces import option

_PLAIN = ("DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")
SHAPES = 300  # ways of writing looked at; a column of dates has a handful


@dataclass(frozen=True)
class Moments:
    """A date column understood, as expressions for the engine over `raw`.

    `helper`, where there is one, is to be selected as `moment` beneath the others. `reasons` are conditions that
    hold for the rows to be rejected, by reason.
    """

    occurred_at: str
    local_date: str
    helper: str | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def check_zone(zone: str) -> str:
    """The name of a time zone, if Python and the engine know it. Raises UserError otherwise."""
    import duckdb

    try:
        ZoneInfo(zone)
        if zone != "UTC":
            duckdb.connect().execute(f"SELECT CAST(timezone({literal(zone)}, TIMESTAMP '2026-01-01') AS VARCHAR)")
    except (ZoneInfoNotFoundError, ValueError, OSError, duckdb.Error):
        raise UserError(f'{option("--tz")} "{zone}" is no time zone; give a name like Europe/Berlin or UTC.') from None
    return zone


def understand(
    staged: Staged, column: str, *, zone: str, order: str | None, today: dt.date | None = None, alone: bool = False
) -> Moments:
    """Tell how a column writes its dates, from every row. With `alone` there is no helper.

    Raises UserError where day and month cannot be told apart and no order is given, or the column is no date.
    """
    if order not in (None, *ORDERS):
        ways = f"{option('--date-format', 'dmy')} or {option('--date-format', 'mdy')}"
        raise UserError(f'{option("--date-format")} "{order}" is not known; write {ways}.')
    last = (today or dt.datetime.now(ZoneInfo(zone)).date()) + dt.timedelta(days=1)
    type_ = staged.type_of(column)
    if staged.is_text(column):
        return _of_text(staged, column, zone, order, last, alone=alone)
    if type_ in (*_PLAIN, *AWARE):
        return _of_times(staged, column, zone, last)
    raise UserError(
        f'"{column}" of {staged.facts.name} is no date (it holds {type_.lower()}); give another column with {option("--date")}.'
    )


def instant(zone: str) -> str:
    """An expression, with {} for a time without offset: the instant it was in the zone.

    A time that the clocks skipped is read as if they had not yet been put forward; one that came twice, as the later.
    """
    # In UTC both are arithmetic, ten times cheaper than asking the calendar.
    return "make_timestamptz(epoch_us({}))" if zone == "UTC" else f"timezone({literal(zone)}, {{}})"


def day(zone: str, moment: str) -> str:
    """An expression: the day of an instant in the zone."""
    local = f"make_timestamp(epoch_us({moment}))" if zone == "UTC" else f"timezone({literal(zone)}, {moment})"
    return f"CAST({local} AS DATE)"


def _of_text(staged: Staged, column: str, zone: str, order: str | None, last: dt.date, *, alone: bool) -> Moments:
    found, warnings = _format(staged, column, order)
    read = found.sql(trimmed_sql(staged, column), instant(zone))
    moment = f"({read})" if alone else "moment"
    blank, day_ = blank_sql(staged, column), day(zone, moment)
    return Moments(
        occurred_at=moment,
        local_date=day_,
        helper=None if alone else read,
        reasons={
            "date_unreadable": f"CASE WHEN {moment} IS NULL THEN NOT ({blank}) ELSE false END",
            "date_implausible": f"{day_} < DATE '{EARLIEST}'",
            "date_in_future": f"{day_} > DATE '{last}'",
        },
        warnings=warnings,
    )


def _format(staged: Staged, column: str, order: str | None) -> tuple[DateFormat, tuple[str, ...]]:
    text, blank = trimmed_sql(staged, column), blank_sql(staged, column)
    filled = f"SELECT {text} AS t FROM raw WHERE NOT ({blank})"
    total, iso, offsets = staged.one(
        f"SELECT count(*), count(*) FILTER (regexp_full_match(t, {literal(ISO)})), "
        f"count(*) FILTER (regexp_matches(t, {literal(OFFSET)})) FROM ({filled})"
    )
    if iso == total:
        return DateFormat(offsets=offsets > 0, others=False), ()
    other = f"SELECT t FROM ({filled}) WHERE NOT regexp_full_match(t, {literal(ISO)})"
    shape = "regexp_replace(translate(t, '012345678', '999999999'), '[A-Za-z]+', 'a', 'g')"
    shapes = staged.all(f"SELECT min(t) FROM ({other}) GROUP BY {shape} ORDER BY count(*) DESC, 1 LIMIT {SHAPES}")
    examples = [row[0] for row in shapes]
    order, warnings = _order(staged, column, other, examples, order)
    patterns = all_patterns(examples, order)
    return DateFormat(patterns, order if patterns else "iso", iso=iso > 0, offsets=offsets > 0), warnings


def _order(
    staged: Staged, column: str, other: str, examples: list[str], order: str | None
) -> tuple[str, tuple[str, ...]]:
    """Day first or month first: as given, else as more of the rows need it."""
    if all(patterns_of(example, "dmy") == patterns_of(example, "mdy") for example in examples):
        return "dmy", ()
    pattern = literal(f"^{NUMERIC}$")
    first, second = (f"TRY_CAST(regexp_extract(t, {pattern}, {group}) AS INTEGER)" for group in (1, 3))
    day_first, month_first, either, example = staged.one(
        "SELECT count(*) FILTER (a BETWEEN 13 AND 31 AND b BETWEEN 1 AND 12), "
        "count(*) FILTER (b BETWEEN 13 AND 31 AND a BETWEEN 1 AND 12), count(*) FILTER (a <= 12 AND b <= 12 AND a != b), "
        f"min(t) FILTER (a <= 12 AND b <= 12 AND a != b) FROM (SELECT t, {first} AS a, {second} AS b FROM ({other}))"
    )
    if order is None and day_first == month_first and either:
        raise UserError(
            f'The dates in "{column}" of {staged.facts.name}, such as {example}, can be read day first or month first; '
            f"say which with {option('--date-format', 'dmy')} or {option('--date-format', 'mdy')}."
        )
    chosen = order or ("dmy" if day_first >= month_first else "mdy")
    against = month_first if chosen == "dmy" else day_first
    if not against:
        return chosen, ()
    first = "day" if chosen == "dmy" else "month"
    told = option("--date-format", chosen) if order else f"detected: {chosen}"
    return chosen, (f'{against:,} dates in "{column}" cannot be read {first} first, as the others are ({told}).',)


def _of_times(staged: Staged, column: str, zone: str, last: dt.date) -> Moments:
    """A column of dates or times: its extremes tell whether any row need be looked at, and are known without a scan."""
    engine, type_ = staged.column(column), staged.type_of(column)
    aware = type_ in AWARE
    floor, ceiling = (_bound(when, zone, aware=aware) for when in (EARLIEST, last + dt.timedelta(days=1)))
    as_time = "DATE" if type_ == "DATE" else "TIMESTAMPTZ" if aware else "TIMESTAMP"
    least, most = f"CAST(min({engine}) AS {as_time})", f"CAST(max({engine}) AS {as_time})"
    too_early, too_late = staged.one(f"SELECT {least} < {floor}, {most} >= {ceiling} FROM raw")
    if too_early is None:
        raise UserError(
            f'"{column}" of {staged.facts.name} holds no date at all; give another column with {option("--date")}.'
        )
    time = engine if type_ in ("DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE") else f"CAST({engine} AS {as_time})"
    inside = f"TRY_CAST({time} AS TIMESTAMP)" if type_ == "DATE" else time
    if too_early or too_late:  # and then perhaps beyond the calendar
        inside = within_calendar(inside, aware=aware)
    if aware:
        occurred_at, local_date = inside, day(zone, inside)
    else:
        occurred_at, local_date = instant(zone).format(inside), time if type_ == "DATE" else f"CAST({inside} AS DATE)"
    reasons = {}
    if too_early:
        reasons["date_implausible"] = f"{time} < {floor}"
    if too_late:
        reasons["date_in_future"] = f"{time} >= {ceiling}"
    return Moments(occurred_at, local_date, reasons=reasons)


def _bound(day_: dt.date, zone: str, *, aware: bool) -> str:
    """The first moment of a day, as a literal of the column's sort."""
    if not aware:
        return f"TIMESTAMP '{day_} 00:00:00'"
    moment = dt.datetime.combine(day_, dt.time(), tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
    return f"TIMESTAMPTZ '{moment:%Y-%m-%d %H:%M:%S}+00'"
