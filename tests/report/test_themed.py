"""The report's part on themes: made or given, too few or too many, and where a theme is named most."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.analysis.themed import ALL, PARCEL
from tests.report.files import document, write
from winback.analysis.codebook import Codebook, Theme
from winback.report import as_html, as_json, as_markdown, themed
from winback.report.build import Options

BOOK = Codebook((Theme("late", "Late delivery"), Theme("staff", "Friendly staff"))).with_learned(
    [("came late", ["late"]), ("kind staff", ["staff"]), ("hm", [])]
)


def said(folder: Path, comments: list[str], header: str = "Score,Comment,Stadt,Datum,Person") -> Path:
    rows = [
        [2 if text in PARCEL or "late" in text else 9, text, ("Nord", "Süd")[text in PARCEL], f"2026-{place % 3 + 1:02}-05", f"p{place}"]
        for place, text in enumerate(comments)
    ]  # fmt: skip
    return write(folder / "said.csv", header, rows)


def test_themes_are_found_and_add_up_to_the_score(tmp_path: Path) -> None:
    doc = document(said(tmp_path, ALL), Options(), text=("Comment",), by=("Stadt",), respondent="Person", date="Datum")
    assert list(jsonschema.Draft202012Validator(as_json.schema()).iter_errors(doc)) == []
    found = doc["themes"]
    assert (found["codebook"], found["made_from"], found["answers"], found["commented"]) == ("made", 72, 72, 72)
    total = sum(row["contribution"] for row in found["themes"]) + found["no_theme"]["contribution"]
    assert total == pytest.approx(found["score"]) == pytest.approx(doc["overall"]["nps"])
    worst = found["themes"][0]
    assert worst["contribution"] < 0 and all(one["band"] == "detractor" for one in worst["quotations"])
    assert all(one["said"] in PARCEL for one in worst["quotations"])
    # only the South had parcels, and it is called what the file calls it
    assert (worst["most_in"]["by"], worst["most_in"]["segment"]) == ("Stadt", "Süd")
    html, markdown = as_html.render(doc), as_markdown.render(doc)
    for page in (html, markdown):
        assert worst["name"] in page and worst["quotations"][0]["said"] in page
    assert '<section class="box c12" id="themes"' in html and "## Why" in markdown


def test_a_codebook_gives_the_same_themes_every_month(tmp_path: Path) -> None:
    file = said(tmp_path, ["came late", "kind staff", "came late", "kind staff"])
    doc = document(file, Options(codebook=BOOK), text=("Comment",), respondent="-")
    rows = {row["theme"]: row for row in doc["themes"]["themes"]}
    assert {key: row["customers"] for key, row in rows.items()} == {"late": 2, "staff": 2}
    assert rows["late"]["contribution"] == pytest.approx(-50) and rows["staff"]["contribution"] == pytest.approx(50)
    assert (doc["themes"]["codebook"], doc["themes"]["made_from"]) == ("given", None)


@pytest.mark.parametrize(
    ("comments", "options", "says"),
    [
        (ALL[:29], {}, "here are 29: read them"),
        (ALL, {"themes": False}, None),
        ([""] * 40, {}, None),
    ],
)
def test_nothing_to_count(tmp_path: Path, comments: list[str], options: dict[str, Any], says: str | None) -> None:
    doc = document(said(tmp_path, comments), Options(**options), text=("Comment",), respondent="-")
    assert doc["themes"] is None
    assert any(says in note for note in doc["notes"]) if says else not any("heme" in note for note in doc["notes"])
    assert 'id="themes"' not in as_html.render(doc)


def test_very_many_are_counted_where_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(themed, "LIMIT", 60)
    file = said(tmp_path, ALL)
    doc = document(file, Options(), text=("Comment",), respondent="-")
    assert doc["themes"] is None and any("72 comments take a while" in note for note in doc["notes"])
    assert document(file, Options(themes=True), text=("Comment",), respondent="-")["themes"]["answers"] == 72


def test_drawn_comments_and_most_themes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(themed, "DRAWN", 40)
    monkeypatch.setattr(themed, "MOST", 2)
    found = document(said(tmp_path, ALL), Options(), text=("Comment",), respondent="-")["themes"]
    assert found["made_from"] == 40 and len(found["themes"]) <= 2


def test_a_window_and_a_language_not_understood(tmp_path: Path) -> None:
    dutch = [f"De monteur kwam niet opdagen en niemand heeft mij daarover gebeld, nummer {n}" for n in range(4)]
    file = said(tmp_path, [*ALL, *dutch])
    doc = document(file, Options(), text=("Comment",), respondent="-")
    assert doc["themes"]["not_understood"] == [{"language": "nl", "name": "Dutch", "comments": 4}]
    assert "Not understood, and in no theme: comments in Dutch (4)." in as_markdown.render(doc)


def test_where_a_theme_is_named_most() -> None:
    themes = {"a": {"share": 0.2}, "b": {"share": 0.2}}
    row = {"by": "region", "answers": 100, "low": 0.31, "high": 0.50, "customers": 40, "share": 0.40}
    segments = [
        {**row, "theme": "a", "segment": "North"},
        {**row, "theme": "a", "segment": "South", "share": 0.13, "low": 0.1, "high": 0.2},
        {**row, "theme": "b", "segment": "North", "share": 0.25, "low": 0.17, "high": 0.34},  # within what luck does
        {**row, "theme": "b", "by": "language", "segment": "de"},
    ]
    found = themed.most_in(segments, themes, 1000, 20, 0.95)
    assert {key: one["segment"] for key, one in found.items()} == {"a": "North"}
