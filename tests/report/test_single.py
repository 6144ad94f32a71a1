"""One analysis as a page, Markdown or JSON: self-contained, nothing of a user's runs, every table in each."""

from __future__ import annotations

import re

from winback.charts.drivers import importance_chart
from winback.report.single import Part, Table, View, to_html, to_json, to_markdown

EVIL = "<script>alert(1)</script> | *x*"
VIEW = View(
    title=f"What goes {EVIL}",
    sentences=("A sentence.", f"About {EVIL}."),
    made_of=("file.csv", EVIL),
    warnings=(f"Careful {EVIL}",),
    parts=(
        Part("one", "Part", ("It says so.",), importance_chart([]), "A caption.", Table("rows", (EVIL, "N"), ((EVIL, "1.5"),))),
        Part("two", "Only words", ("Nothing else.",)),
        Part("three", "Table alone", table=Table("more", ("A", "B", "C"), (("x", "y", "2"),), left=2)),
    ),
    notes=("By this method.",),
    schema="winback.test/1",
)  # fmt: skip


def test_the_page_is_one_file_and_runs_only_its_own() -> None:
    page = to_html(VIEW)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert page.count(" data-chart=") == 1
    assert re.search(r"default-src 'none'", page)
    assert not re.search(r"<[^>]*\sstyle\s*=", page.partition("</style>")[2].partition('<script type="application/json" id="config">')[0])  # fmt: skip
    for words in ("It says so.", "Nothing else.", "A caption.", "By this method.", "winback.test/1"):
        assert words in page
    assert page.count('<table class="t') == 2


def test_markdown_says_the_same() -> None:
    text = to_markdown(VIEW)
    assert text.startswith("# What goes &lt;script")
    assert "| 1.5 |" in text
    assert "<script>" not in text
    assert "| x | y | 2 |\n" in text
    assert "| --- | --- | --: |" in text
    assert "> Careful &lt;script" in text
    for words in ("It says so.", "## Only words", "A caption.", "* By this method."):
        assert words in text


def test_json_is_the_document() -> None:
    assert to_json({"a": None, "b": "ü"}) == '{\n  "a": null,\n  "b": "ü"\n}\n'
