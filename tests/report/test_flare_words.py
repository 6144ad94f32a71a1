"""Flare-ups as a document and a page: every finding has its sentence, and JSON holds no figure that is none."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from tests.analysis.fires import END, answers
from winback.analysis.flareups import Flareups, flareups
from winback.report.flare_words import SCHEMA, document, flares_of, sentence, view
from winback.report.single import to_html, to_json, to_markdown


@pytest.fixture(scope="module")
def found() -> Flareups:
    return flareups(answers(1), by=["region", "plan"])


def test_the_document_and_its_three_forms(found: Flareups) -> None:
    doc = document(found, "answers.csv")
    assert doc["schema"] == SCHEMA
    assert json.loads(to_json(doc))["findings"][0]["segment"] == ["North", "Business"]
    assert doc["findings"][0]["sentence"].startswith("North · Business, since ")
    page = view(doc)
    assert "North · Business" in to_markdown(page)
    assert "What could have been seen" in to_markdown(page)
    assert to_html(page).count(" data-chart=") == len(doc["findings"])
    course = next(part.table for part in page.parts if part.id == "flare-0")
    latest = doc["findings"][0]["history"][-1]
    assert course is not None and course.rows[0][:2] == (str(latest["period"]), f"{latest['answers']:,}")
    assert course.rows[0][2] == f"{100 * latest['share']:.0f} %" and course.rows[0][5] == "yes"


def test_a_page_of_nothing() -> None:
    doc = document(flareups(answers(2, weeks=6), by=["region"]), "short.csv", "My title")
    text = to_markdown(view(doc))
    assert text.startswith("# My title")
    assert "nine periods" in text


def test_each_measure_has_its_words(found: Flareups) -> None:
    row = {**found.rows()[0], "odds_ratio": -21.0, "low": -30.0, "high": -12.0}
    assert "the score fell by 21 points (95 % interval 12 to 30)" in sentence(row, "score")
    assert "answers where" in sentence(row, "silence")
    assert "may still be coming in" in sentence({**row, "provisional": True}, "silence")
    assert sentence({**row, "by": [], "segment": []}, "silence").startswith("Everybody")


def test_what_the_report_says_of_the_last_two_weeks() -> None:
    said = flares_of(answers(1), ["region", "plan"], {}, today=END + dt.timedelta(days=1))
    assert said is not None
    assert len(said["judged"]) == 2
    assert [row["segment"] for row in said["findings"]] == [["North", "Business"]]
    assert flares_of(answers(2, weeks=6), ["region"], {}, today=END) is None
