"""Templates keep to the content security policy: nothing in a page styles or runs itself.

With `style-src 'self'; script-src 'self'` a browser ignores a style attribute and an event handler in the markup, and
the page looks right on its author's machine only.
"""

from __future__ import annotations

import re

import pytest

from tests.repo.tracked import tracked_texts

FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "an event handler": re.compile(r"<[^>]*\son[a-z]+\s*=(?!=)", re.IGNORECASE),
    "a javascript: address": re.compile(r"[\"']\s*javascript:", re.IGNORECASE),
    "something fetched from elsewhere": re.compile(
        r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)\s*=\s*[\"']?(?:https?:)?//", re.I
    ),
}


def test_templates_style_and_run_nothing_by_themselves() -> None:
    templates = {
        name: text for name, text in tracked_texts().items() if name.startswith("src/") and "/templates/" in name
    }
    assert templates
    assert [
        f"{name} has {what}: {found.group()}"
        for name, text in templates.items()
        for what, pattern in FORBIDDEN.items()
        for found in pattern.finditer(text)
    ] == []


@pytest.mark.parametrize(
    ("markup", "what"),
    [
        ('<p class="a" style="color: red">', "a style attribute"),
        ("<p\n STYLE = 'x'>", "a style attribute"),
        ('<button onclick="go()">', "an event handler"),
        ('<a href="javascript:go()">', "a javascript: address"),
        ('<script src="//cdn.example.org/x.js">', "something fetched from elsewhere"),
    ],
)
def test_what_is_forbidden_is_found(markup: str, what: str) -> None:
    assert FORBIDDEN[what].search(markup)


def test_what_is_allowed_is_let_through() -> None:
    markup = (
        '<p class="style" data-one="1"><a href="https://example.org/">style="x" once = 1</a><link rel="x" href="a.css">'
    )
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(markup)] == []
