"""The document of themes and what is shown of it."""

from __future__ import annotations

from tests.spec.test_themes import BOOK, table
from winback.analysis.codebook import assign
from winback.analysis.themes import themes
from winback.report.themes import SCHEMA, document, view


def test_with_a_score_contributions_are_shown_and_sum() -> None:
    found = themes(table(), BOOK, by=["region"], minimum=1)
    doc = document(BOOK, found.codings, file="f.csv", comments=6, found=found)
    shown = view(doc)
    assert doc["schema"] == SCHEMA and doc["states"] == {"assigned": 4, "blank": 2}
    assert shown.parts[0].table is not None
    assert [row[0] for row in shown.parts[0].table.rows] == ["Late delivery", "Friendly staff", "No theme"]
    assert [row[-2] for row in shown.parts[0].table.rows] == ["−25.0", "+25.0", "+16.7"]
    assert [part.title for part in shown.parts] == ["Themes", "By region"]


def test_without_a_score_comments_are_counted() -> None:
    doc = document(BOOK, assign(["came late"], BOOK), file="f.csv", comments=1)
    assert doc["score"] is None and doc["sentences"] == ["1 comment, 2 themes, most of them “Late delivery” (1)."]
    assert view(doc).parts[0].chart is None
