"""Small marks in rows, the same as in the report (winback.report.marks)."""

from __future__ import annotations

from django import template

from winback.report import marks

register = template.Library()
for _name in ("scale", "split", "whisker", "whisker_head", "diverging", "meter", "chip"):
    register.simple_tag(getattr(marks, _name), name=f"mark_{_name}")
