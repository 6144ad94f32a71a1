"""Small marks in rows, the same as in the report (winback.report.marks)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from winback.charts.page import json_block
from winback.charts.tokens import CONFIG
from winback.report import marks

register = template.Library()
BAR_HEIGHT = 60
for _name in ("scale", "split", "whisker", "whisker_head", "diverging", "meter", "chip"):
    register.simple_tag(getattr(marks, _name), name=f"mark_{_name}")


@register.simple_tag
def mark_month(place: int, of: int, share: float) -> SafeString:
    """One bar of a row of months, growing from a line at the bottom; below it where the amount is negative."""
    width = 100 / of
    height = round(abs(share) * BAR_HEIGHT, 1)
    kind = "f-brand" if share >= 0 else "f-late"
    return format_html(
        '<rect x="{}%" width="{}%" y="{}" height="{}" class="{}"/>',
        round(place * width + width * 0.1, 2), round(width * 0.8, 2), round(62 - height, 1), height, kind,
    )  # fmt: skip


@register.filter
def chart_json(chart: Mapping[str, Any]) -> SafeString:
    """A chart for a script element of type application/json, with winback's config under its own."""
    return mark_safe(json_block({**chart, "config": {**CONFIG, **chart.get("config", {})}}))  # noqa: S308 - leaves no "<"
