"""Small marks in rows."""

from __future__ import annotations

from django.template import Context, Template


def shown(template: str, **context: object) -> str:
    return Template(template).render(Context(context))


def test_bars_of_months_share_the_width() -> None:
    assert shown("{% mark_month 1 4 0.5 %}") == '<rect x="27.5%" width="20.0%" y="32.0" height="30.0" class="f-brand"/>'
    assert 'class="f-late"' in shown("{% mark_month 0 4 -0.5 %}")


def test_the_reports_marks_stand_on_pages() -> None:
    assert 'class="sc d"' in shown("{% mark_chip 3 'detractor' %}")
