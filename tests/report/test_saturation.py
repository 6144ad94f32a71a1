"""The document of `winback saturation`, and what is shown of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from winback.analysis.saturation import saturation
from winback.connectors.csvfile.codings import read_codings
from winback.report.saturation import document, view
from winback.report.single import to_html, to_markdown

ROWS = [
    ("A", "price", "North"), ("A", "line", "North"), ("B", "price", "North"), ("C", "line", "South"), ("C", "bill", "South"),
    ("D", "", "South"), ("E", "price", "North"), ("E", "visit", "North"), ("F", "bill", "South"), ("F", "price", "South"),
    ("G", "app", "North"), ("H", "line", ""), ("I", "price", "South"), ("J", "line", "North"), ("J", "contract", "North"),
]  # fmt: skip


def made(folder: Path, rows: list[tuple[str, str, str]] = ROWS, **options: int) -> dict[str, object]:
    path = folder / "codings.csv"
    path.write_text("interview,theme,Region\n" + "\n".join(",".join(row) for row in rows) + "\n")
    file = read_codings(path, by=["region"])
    return document(saturation(file.frame, by=tuple(file.by), replicates=50, **options), file)


def test_the_document_holds_every_figure(tmp_path: Path) -> None:
    doc = json.loads(json.dumps(made(tmp_path, minimum=3), allow_nan=False))
    assert (doc["schema"], doc["file"], doc["rows"]) == ("winback.saturation/1", "codings.csv", 15)
    assert doc["mapping"] == {"interview": "interview", "theme": "theme", "by": ["Region"]}
    assert doc["whole"]["interviews"] == 10
    assert doc["whole"]["coverage"] == pytest.approx(1 - 3 / 14 * (9 * 3) / (9 * 3 + 2), abs=1e-12)
    assert [one["more"] for one in doc["outlook"]] == [1, 5, 10, 20, 50]
    assert {(one["by"], one["segment"]) for one in doc["segments"]} == {
        ("Region", "North"),
        ("Region", "South"),
        ("Region", None),
    }
    south = next(one for one in doc["segments"] if one["segment"] == "South")
    assert [one["theme"] for one in south["elsewhere"]] == ["visit", "app", "contract"]
    assert doc["guest"]["base_themes"] == 4
    assert set(doc["equal_coverage"]) == {"Region"}


def test_page_and_markdown_say_it(tmp_path: Path) -> None:
    shown = view(made(tmp_path, minimum=3))
    text, page = to_markdown(shown), to_html(shown)
    assert "You have heard about" in text
    assert "## By Region" in text
    assert "| (no Region) | 1 | too few |" in text
    assert "Heard elsewhere, not yet from South: 3 themes" in text
    assert "Guest’s rule" in text
    assert page.count("<table") >= 3


def test_few_interviews_and_no_theme(tmp_path: Path) -> None:
    few = view(made(tmp_path, ROWS[:5]))
    assert few.sentences == ("3 interviews: too few to say how much has been heard.",)
    assert to_html(few)
    silent = view(made(tmp_path, [(str(number), "", "North") for number in range(7)]))
    assert silent.sentences == ("No theme in 7 interviews.",)
    assert to_markdown(silent)
