"""The document of themes and what is shown of it."""

from __future__ import annotations

from tests.spec.test_themes import BOOK, table
from winback.analysis.codebook import FOUND, PERSON, Codebook, Theme, assign
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


def test_of_many_segments_the_largest_are_shown_with_their_three_most_named_themes() -> None:
    found = themes(table(), BOOK, by=["region"], minimum=1)
    doc = document(BOOK, found.codings, file="f.csv", comments=6, found=found)
    one = {**doc["segments"][0], "suppressed": False, "customers": 3, "low": 0.1, "high": 0.5}
    doc["segments"] = [
        {**one, "segment": f"Shop {shop}", "answers": 100 + shop, "name": f"Theme {theme}", "share": theme / 10}
        for shop in range(50)
        for theme in range(1, 5)
    ] + [{**one, "segment": "Small", "answers": 2, "suppressed": True}]
    part = view(doc).parts[1]
    assert part.table is not None and len(part.table.rows) == 40 * 3
    assert [row[:2] for row in part.table.rows[:3]] == [("Shop 49", "Theme 4"), ("Shop 49", "Theme 3"), ("Shop 49", "Theme 2")]  # fmt: skip
    assert part.says == (
        "The three themes most named in each, of the largest segments first; 10 further segments are in the JSON.",
        "1 segment has too few customers for a figure.",
    )


def test_it_is_said_into_what_comments_that_nobody_coded_are_sorted() -> None:
    themes = (Theme("late", "Late delivery", origin=PERSON), Theme("staff", "Staff", origin=FOUND))
    coded = Codebook(themes).with_learned([("came late", ["late"])])
    codings = assign(["came late"], coded)
    assert document(coded, codings, file="f.csv", comments=1)["notes"][-1] == (
        "1 comment coded by people taught the others, which are sorted into 1 theme that people named and 1 theme found."
    )
    named = Codebook(themes[:1]).with_learned([("came late", ["late"]), ("late again", ["late"])])
    assert document(named, codings, file="f.csv", comments=1)["notes"][-1] == (
        "2 comments coded by people taught the others, which are sorted into 1 theme that people named."
    )
    unread = Codebook(themes)
    assert len(document(unread, codings, file="f.csv", comments=1)["notes"]) == 3
