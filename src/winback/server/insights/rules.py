"""What a page of figures was asked for, and the windows that can be asked for next. No database, no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from winback.errors import UserError

OWN = (
    "since", "until", "last", "survey", "by", "rank", "all", "month", "money", "view", "page", "band", "format",
    "driver", "who", "order", "reason",
)  # fmt: skip
"""Parts of an address that are ours; an attribute of the same name cannot be filtered by."""
LASTS = (1, 3, 12)  # whole months that one click asks for
RANKS = {
    "steadied": "Score, steadied",
    "score": "Score",
    "worse": "Worse than the rest",
    "share": "Share of detractors",
    "change": "Change",
    "money": "Money from detractors",
    "answers": "Answers",
}
MOST_BY = 2  # attributes that segments are made of
PROFIT_TIER = "profit_tier"  # what themes can be split by beside attributes, where money is known
OF_THEMES = {"who": "detractor", "order": "points", "reason": ""}  # what the Themes page shows unless asked otherwise


@dataclass(frozen=True)
class Asked:
    """The choices in a page's address.

    `last`: so many whole months before the running one; `whole`: all answers; `filters`: a value by attribute;
    `beside`: what was chosen on the Themes page alone, as far as it is not usual.
    """

    since: dt.date | None = None
    until: dt.date | None = None
    last: int | None = None
    whole: bool = False
    sort: str | None = None
    filters: tuple[tuple[str, str], ...] = ()
    by: tuple[str, ...] = ()
    rank: str = "steadied"
    everything: bool = False
    beside: tuple[tuple[str, str], ...] = ()

    def query(self, **changes: Any) -> str:
        """These choices as a query string, with changes; what is not chosen does not stand in it."""
        asked = replace(self, **changes)
        parts: list[tuple[str, str]] = []
        if asked.last or asked.whole:
            parts.append(("last", str(asked.last or "all")))
        else:
            parts += [(n, day.isoformat()) for n, day in (("since", asked.since), ("until", asked.until)) if day]
        parts += [("survey", asked.sort)] if asked.sort else []
        parts += list(asked.filters)
        parts += [("by", name) for name in asked.by]
        parts += [("rank", asked.rank)] if asked.rank != "steadied" else []
        parts += [("all", "1")] if asked.everything else []
        parts += list(asked.beside)
        return "?" + urlencode(parts)

    def without(self, attribute: str) -> tuple[tuple[str, str], ...]:
        return tuple(pair for pair in self.filters if pair[0] != attribute)


def asked(query: Mapping[str, Sequence[str]], attributes: Iterable[str] = (), *, splits: Sequence[str] = ()) -> Asked:
    """Read the choices from an address (name to values).

    `attributes` are those that may be filtered and split by; by `splits` one may split only.

    Raises UserError, with what to do, for a day that is none, an end before its beginning, or an unknown attribute.
    """
    known = tuple(attributes)

    def one(name: str) -> str:
        values = query.get(name) or [""]
        return values[-1].strip()

    since, until = _day("since", one("since")), _day("until", one("until"))
    if since and until and until < since:
        raise UserError(f"The window ends ({until}) before it begins ({since}); swap the two days.")
    last = one("last")
    whole = last == "all"
    if last and not whole and (not last.isascii() or not last.isdigit() or not 1 <= int(last) <= 120):
        raise UserError(f'last is "{last}"; it should be a number of months from 1 to 120, or all.')
    by = tuple(dict.fromkeys(name for name in query.get("by", ()) if name))
    for name in by:
        if name not in known and name not in splits:
            raise UserError(f'There is no attribute "{name}" here; there {_are(known)}.')
    rank = one("rank") or "steadied"
    if rank not in RANKS:
        raise UserError(f'Segments cannot be ranked by "{rank}"; they can by {", ".join(RANKS)}.')
    filters = tuple((name, query[name][-1]) for name in known if name not in OWN and query.get(name))
    return Asked(
        since=None if last else since,
        until=None if last else until,
        last=int(last) if last and not whole else None,
        whole=whole,
        sort=one("survey") or None,
        filters=filters,
        by=by[:MOST_BY],
        rank=rank,
        everything=bool(one("all")),
        beside=tuple((name, one(name)) for name, usual in OF_THEMES.items() if one(name) and one(name) != usual),
    )


def _are(known: Sequence[str]) -> str:
    return f"are {', '.join(known)}" if len(known) > 1 else f"is {known[0]}" if known else "is none"


def _day(name: str, text: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UserError(f'{name} is "{text}", which is no day; write it like 2026-08-22.') from None


@dataclass(frozen=True)
class Window:
    """First and last day counted, both included; None where there is no bound."""

    since: dt.date | None = None
    until: dt.date | None = None

    @property
    def bounded(self) -> bool:
        return self.since is not None and self.until is not None

    @property
    def whole_months(self) -> bool:
        """Whether it begins and ends with a month, as far as it is bounded."""
        return (self.since is None or self.since.day == 1) and (
            self.until is None or self.until == month_end(self.until)
        )


def month_start(day: dt.date, by: int = 0) -> dt.date:
    """The first day of the month that many months after (before, if negative) that of `day`."""
    index = day.year * 12 + day.month - 1 + by
    return dt.date(index // 12, index % 12 + 1, 1)


def month_asked(text: str) -> dt.date | None:
    """The first day of a month written like 2026-11; None for "". Raises UserError for anything else."""
    if not text:
        return None
    try:
        return dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        raise UserError(f'month is "{text}"; write it like 2026-11.') from None


def month_end(day: dt.date) -> dt.date:
    return month_start(day, 1) - dt.timedelta(days=1)


def whole_months(last: int, anchor: dt.date) -> Window:
    """So many whole months: those that end with the anchor's month if it is over on that day, else with the one before."""
    end = anchor if anchor == month_end(anchor) else month_start(anchor) - dt.timedelta(days=1)
    return Window(month_start(end, 1 - last), end)


def window_of(
    choice: Asked, first: dt.date | None, last: dt.date | None, today: dt.date, usual: int | None = None
) -> Window:
    """The days asked for. `first` and `last` are the days of the first and last answer: months count back from there.

    Where nothing was asked for, the last `usual` whole months if there are twice as many, else all answers.
    """
    if choice.whole or choice.since or choice.until or first is None or last is None:
        return Window() if choice.whole else Window(choice.since, choice.until)
    running = month_start(last) >= month_start(today)
    anchor = today if running else month_end(last)
    if choice.last is not None:
        return whole_months(choice.last, anchor)
    if usual is None or whole_months(2 * usual, anchor).since < month_start(first):  # type: ignore[operator]  # never None
        return Window()
    return whole_months(usual, anchor)


def shifted(window: Window, steps: int) -> Window | None:
    """The window of the same length before (−1) or after (+1); whole months stay whole. None where it has no bounds."""
    since, until = window.since, window.until
    if since is None or until is None:
        return None
    if window.whole_months:
        months = (until.year - since.year) * 12 + until.month - since.month + 1
        begin = month_start(since, steps * months)
        return Window(begin, month_end(month_start(begin, months - 1)))
    length = (until - since) + dt.timedelta(days=1)
    return Window(since + steps * length, until + steps * length)


def answers_query(
    choice: Asked, window: Window, segment: Mapping[str, str | None] | None = None, *, band: str = "",
    survey: str | None = None,
) -> str:  # fmt: skip
    """The query string of the feedback page that shows the answers behind a figure; a blank `survey` is one not named."""
    values = {**dict(choice.filters), **{name: value or "" for name, value in (segment or {}).items()}}
    parts = list(values.items())
    parts += [(n, d.isoformat()) for n, d in (("since", window.since), ("until", window.until)) if d]
    parts += [] if survey is None else [("survey", survey)]
    parts += [("band", band)] if band else []
    return "?" + urlencode(parts)


def ranked(rows: Sequence[Mapping[str, Any]], rank: str) -> list[Mapping[str, Any]]:
    """Segments with the one to look at first on top; those too small to show come last, the larger first."""

    def key(row: Mapping[str, Any]) -> tuple[bool, float, float]:
        if row["suppressed"] or row["nps"] is None:
            return True, -row["answers"], 0.0
        steadied = row["shrunk_nps"] if row["shrunk_nps"] is not None else row["nps"]
        values: dict[str, Any] = {
            "steadied": steadied,
            "score": row["nps"],
            "worse": -(row["p_worse"] or 0.0),
            "share": -(row["share_of_detractors"] or 0.0),
            "change": row.get("change"),
            "money": -float(row["revenue_from_detractors"] or 0),
            "answers": -row["answers"],
        }
        value = values[rank]
        return False, float("inf") if value is None else float(value), steadied

    return sorted(rows, key=key)
