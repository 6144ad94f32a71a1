"""How figures read, on pages as in the report: one set of words (winback.report.words)."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from winback.charts.labels import signed
from winback.report import words

register = template.Library()
register.filter("signed", signed)
register.filter("percent", words.percent)
register.filter("chance", words.chance)
register.filter("number", words.number)
register.filter("short_day", words.short_day)
register.filter("full_day", words.full_day)
register.filter("given", words.given)
register.filter("reason", words.reason)
register.filter("money", words.money)


@register.filter(name="words")
def in_words(name: str) -> str:
    """A name in the code as a person says it: not_renewed, "not renewed"."""
    return name.replace("_", " ")


@register.simple_tag
def plural(count: int, singular: str, many: str | None = None) -> str:
    """`1 answer`, `2 answers`."""
    return words.plural(count, singular, many)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; hidden from those who do not see it unless it has a label."""
    told = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html('<svg class="ti" {}><use href="/static/winback/icons.svg#{}"/></svg>', SafeString(told), name)


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
