"""Words and figures on pages."""

from __future__ import annotations

import datetime as dt

import pytest
from django.template import Context, Template
from django.test import RequestFactory


def shown(template: str, path: str = "/", **context: object) -> str:
    return Template(template).render(Context({"request": RequestFactory().get(path), **context}))


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ 21.4|signed }}", "+21"),
        ("{{ -3|signed }}", "−3"),
        ("{{ 1234567|number }}", "1,234,567"),
        ("{{ 'not_renewed'|words }}", "not renewed"),
        ("{{ amount|money:'EUR' }}", "€1,234"),
        ("{% plural 1 'answer' %}, {% plural 2 'answer' %}", "1 answer, 2 answers"),
    ],
)
def test_figures(template: str, expected: str) -> None:
    from decimal import Decimal

    assert shown(template, amount=Decimal("1234.00")) == expected


def test_a_day_has_its_year_where_it_is_another() -> None:
    year = dt.datetime.now(dt.UTC).year
    assert shown("{{ day|short_day }}", day=dt.date(year, 11, 19)) == "19 Nov"
    assert shown("{{ day|short_day }}", day=dt.date(year - 1, 11, 19)) == f"19 Nov {year - 1}"


def test_links_that_change_one_part_of_the_page() -> None:
    assert shown("{% query band='passive' %}", "/?q=a%20b&band=detractor") == "?q=a+b&amp;band=passive"
    assert shown("{% query band=None %}", "/?band=detractor") == "?"
    assert shown("{% drop 'band' %}", "/?q=x&band=detractor&before=1") == "?q=x"


def test_an_icon_is_hidden_unless_it_says_something() -> None:
    assert 'aria-hidden="true"' in shown("{% icon 'flame' %}")
    assert 'role="img" aria-label="take &lt;it&gt; away"' in shown("{% icon 'x' label %}", label="take <it> away")
