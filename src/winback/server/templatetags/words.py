"""How figures read, on pages as in the report: one set of words (winback.report.words)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from winback.charts.labels import signed
from winback.report import words

register = template.Library()
register.filter("signed", signed)
register.filter("percent", words.percent)
register.filter("chance", words.chance)
register.filter("number", words.number)
register.filter("full_day", words.full_day)
register.filter("given", words.given)
register.filter("reason", words.reason)
register.filter("money", words.money)
register.filter("mix", words.mix)
register.filter("part", words.part)
register.filter("too_few", words.too_few)
register.filter("weighted", words.weighted)
register.filter("period", words.period)
register.filter("day_span", words.span)
register.filter("cell_score", words.score)
register.filter("named_segment", words.segment)


@register.filter
def short_day(day: dt.date | str | None) -> str:
    """A day without its year where that is the year we are in: 19 Nov, 19 Nov 2025."""
    return words.short_day(day, timezone.now().year)


@register.filter(name="words")
def in_words(name: str) -> str:
    """A name in the code as a person says it: not_renewed, "not renewed"."""
    return name.replace("_", " ")


@register.filter
def cell_interval(cell: Mapping[str, Any], decimals: int = 0) -> str:
    """The interval of a cell of figures: [+18, +25]."""
    return words.interval(cell["low"], cell["high"], decimals)


@register.filter
def cell_likely(cell: Mapping[str, Any]) -> str:
    """likely between +18 and +25."""
    return words.likely(cell["low"], cell["high"])


@register.filter
def say(sentence: str) -> SafeString:
    """A sentence in which a figure and its sign never part at the end of a line."""
    text = conditional_escape(sentence)
    return mark_safe(text.replace(" %", "\u00a0%").replace(", +", ",\u00a0+").replace(", −", ",\u00a0−"))  # noqa: S308 - escaped above


@register.filter
def two(value: float) -> str:
    """Two decimals, with a true minus."""
    return f"{value:.2f}".replace("-", "−")


@register.filter
def plain(value: float | None) -> str:
    """A figure as it is, for whoever copies it: ASCII, at most four decimals; "" for none."""
    return "" if value is None else f"{value:.4f}".rstrip("0").rstrip(".")


@register.simple_tag
def plural(count: int, singular: str, many: str | None = None) -> str:
    """`1 answer`, `2 answers`."""
    return words.plural(count, singular, many)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; hidden from those who do not see it unless it has a label."""
    told = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    sprite = static("winback/icons.svg")  # with its hash: browsers keep it for a year
    return format_html('<svg class="ti" {}><use href="{}#{}"/></svg>', SafeString(told), sprite, name)


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The query string of the page with changes; a value of None or "" takes a part away."""
    asked = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            asked.pop(name, None)
        else:
            asked[name] = value
    return f"?{asked.urlencode()}" if asked else "?"


@register.simple_tag(takes_context=True)
def drop(context: dict[str, Any], name: str) -> str:
    """The query string of the page without one part, and from its beginning."""
    asked = context["request"].GET.copy()
    for part in (name, "before", "after"):
        asked.pop(part, None)
    return f"?{asked.urlencode()}"
