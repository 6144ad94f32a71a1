"""A chart as a page of its own runs its own scripts only, whatever the data hold."""

from __future__ import annotations

import html
import json
import re

import pytest

from winback.charts import page
from winback.charts.spec import Chart


def test_json_block_cannot_leave_its_script() -> None:
    text = page.json_block({"a": "</script><!--\u2028&"})
    assert "<" not in text and "\u2028" not in text
    assert json.loads(text) == {"a": "</script><!--\u2028&"}


def test_json_block_has_no_number_that_json_does_not_know() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        page.json_block({"a": float("nan")})


def test_vendored_scripts_cannot_end_their_element() -> None:
    for name in page.LIBRARIES:
        text = page.library(name)
        assert (
            "</script" not in text.lower()
            and "<!--" not in text
            and "\r" not in text
            and "sourceMappingURL" not in text
        )


def test_policy_allows_these_texts_and_nothing_else() -> None:
    empty = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"  # SHA-256 of no bytes, as published
    assert page.digest("") == empty
    assert page.policy([""], ["", ""]) == (
        f"default-src 'none'; img-src data: blob:; style-src {empty} {empty}; script-src {empty}; "
        "base-uri 'none'; form-action 'none'"
    )


def test_standalone_page_says_its_words_as_words_and_allows_its_own_scripts() -> None:
    text = page.standalone(Chart({"title": "<b>&", "description": 'Of "a" </p><script>.', "data": {"values": []}}))
    assert "<title>&lt;b&gt;&amp;</title>" in text
    assert "<p>Of &quot;a&quot; &lt;/p&gt;&lt;script&gt;.</p>" in text
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    assert (len(scripts), len(styles)) == (len(page.LIBRARIES) + 1, 1)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy and html.unescape(policy[1]) == page.policy(scripts, styles)
    spec = re.search(r'id="spec">(.*?)</script>', text, re.DOTALL)
    assert spec and json.loads(spec[1])["title"] == "<b>&"
