"""The bar above every page of figures: which answers these are, and the pills that choose others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from winback.charts.labels import period
from winback.report.words import short_day, span
from winback.server.insights.rules import LASTS, Asked, Window, month_end, month_start, shifted, window_of


def bar(
    choice: Asked, *, window: Window, first: dt.date | None, last: dt.date | None, today: dt.date, sorts: Sequence[Any],
    sort: Any, values: Mapping[str, Sequence[tuple[str, int]]], attributes: Sequence[str],
) -> dict[str, Any]:  # fmt: skip
    """What the pills say, and where each choice leads. `values` are the attributes' frequent values with their answers."""
    named = len({one.survey for one in sorts}) == len(sorts)
    return {
        "survey": {
            "label": sort_name(sort, named=named),
            "choices": [
                {"label": sort_name(one, named=named), "answers": one.answers, "on": one.key == sort.key,
                 "href": choice.query(sort=one.key)}
                for one in sorts
            ],
        },
        "period": _period(choice, window, first, last, today) if first and last else None,
        "filters": [
            {"name": name, "value": value or f"(no {name})", "href": choice.query(filters=choice.without(name))}
            for name, value in choice.filters
        ],
        "attributes": [
            {"name": name, "more": len(values.get(name, ())) > 12, "choices": [
                {"label": value or f"(no {name})", "answers": answers,
                 "href": choice.query(filters=(*choice.without(name), (name, value)))}
                for value, answers in list(values.get(name, ()))[:12]
            ]}
            for name in attributes
            if name not in dict(choice.filters) and len(values.get(name, ())) > 1
        ],
        "kept": _hidden(choice),
    }  # fmt: skip


def sort_name(sort: Any, *, named: bool) -> str:
    """Relationship survey; with its scale where that is what tells two of them apart."""
    name = f"{sort.survey.capitalize()} survey" if sort.survey else "All answers" if sort.alone else "Survey not named"
    return name if named else f"{name}, {sort.scale}"


def window_name(window: Window, first: dt.date | None, last: dt.date | None) -> str:
    """October 2026, or the days: 1 Aug – 31 Oct 2026."""
    since, until = window.since, window.until
    if since and until and since.day == 1 and until == month_end(since):
        return period("month", since)
    days = (since or first, until or last)
    return span(*(day.isoformat() if day else None for day in days))


def _period(choice: Asked, window: Window, first: dt.date, last: dt.date, today: dt.date) -> dict[str, Any]:
    everything = window.since is None and window.until is None
    shown = window_name(window, first, last)
    presets = [{"label": "All answers", "days": window_name(Window(), first, last), "on": everything,
                "href": choice.query(since=None, until=None, last=None, whole=True)}]  # fmt: skip
    for months in LASTS:
        days = window_of(Asked(last=months), first, last, today)
        if days.since and days.since >= first.replace(day=1):
            name = "Last whole month" if months == 1 else f"Last {months} whole months"
            presets.append({"label": name, "days": window_name(days, first, last), "on": choice.last == months,
                            "href": choice.query(since=None, until=None, last=months)})  # fmt: skip
    earlier, later = shifted(window, -1), shifted(window, 1)
    named = next((one["label"] for one in presets if one["on"]), None)
    return {
        "label": f"{named}, {shown}" if named and (everything or (choice.last or 0) > 1) else shown,
        "choices": presets,
        "earlier": _step(choice, earlier) if earlier and earlier.until and earlier.until >= first else None,
        "later": _step(choice, later) if later and later.since and later.since <= last else None,
        "since": (window.since or first).isoformat(),
        "until": (window.until or last).isoformat(),
    }


def _step(choice: Asked, window: Window) -> dict[str, str]:
    return {
        "href": choice.query(last=None, since=window.since, until=window.until),
        "label": window_name(window, None, None),
    }


def _hidden(choice: Asked) -> list[tuple[str, str]]:
    """The choices that the form of days carries along."""
    return list(
        parse_qsl(choice.query(since=None, until=None, last=None, whole=False).lstrip("?"), keep_blank_values=True)
    )


def month_steps(document: Mapping[str, Any], choice: Asked) -> dict[str, Any]:
    """Links to the months before and after, as far as there are answers."""
    begin = dt.date.fromisoformat(document["month"])
    today = dt.date.fromisoformat(document["today"])
    before, after = month_start(begin, -1), month_start(begin, 1)
    first = document["first_month"]

    def step(month: dt.date) -> dict[str, str]:
        query = choice.query(since=None, until=None, last=None, whole=False)
        joint = "&" if len(query) > 1 else ""
        return {"href": f"{query}{joint}month={month:%Y-%m}", "label": period("month", month)}

    return {
        "label": period("month", begin),
        "earlier": step(before) if first and before.isoformat() >= first else None,
        "later": step(after) if after <= today else None,
        "until": short_day(min(today, month_end(begin)), begin.year),
    }
