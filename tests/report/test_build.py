"""The document of a report: what it says about small files whose truth is known."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import jsonschema
import pytest

from tests.report.files import document, write, year
from winback.errors import UserError
from winback.report import as_html, as_json, as_markdown
from winback.report.build import Options

VALIDATOR = jsonschema.Draft202012Validator(as_json.schema())


def test_every_part_is_there_and_keeps_the_schema(tmp_path: Path) -> None:
    doc = document(year(tmp_path))
    assert list(VALIDATOR.iter_errors(doc)) == []
    assert doc["mapping"] == {
        "score": "NPS", "date": "Answered at", "customer": "Customer ID", "respondent": "Contact ID", "id": "Response ID",
        "weight": None, "value": None, "text": ["Why?"], "by": ["Region", "Plan"],
    }  # fmt: skip
    # thirty persons, each counted once by December's answer: North's unhappy ones are 10 of 15
    assert {k: doc["overall"][k] for k in ("answers", "promoters", "passives", "detractors")} == {
        "answers": 30, "promoters": 16, "passives": 4, "detractors": 10,
    }  # fmt: skip
    assert doc["rows"] == {
        "read": 360, "answers": 30, "blank": 0, "rejected": 0, "superseded": 330, "outside_window": 0, "without_date": 0, "other_surveys": 0,
    }  # fmt: skip
    assert [row["by"] for row in doc["segments"] if row["segment"] == ["North"]] == [["Region"]]
    assert len(doc["trend"]) == 12
    assert doc["trend"][-1]["trailing_quarter"]["answers"] == 30
    assert (doc["decompose"]["before"]["since"], doc["decompose"]["after"]["until"]) == ("2025-07-01", "2025-12-31")
    assert doc["heat"]["by"] == ["Region"]
    assert doc["people"][0]["comment"] == "The fitter did not come, again."
    assert doc["voices"]["detractor"][0]["score"] == 2


def test_html_markdown_and_json_say_the_same(tmp_path: Path) -> None:
    doc = document(year(tmp_path))
    html, markdown, text = as_html.render(doc), as_markdown.render(doc), as_json.render(doc)
    for shown in (html, markdown):
        assert "+20" in shown
        assert "North" in shown
    assert '"nps": 20.0' in text


def test_a_window(tmp_path: Path) -> None:
    doc = document(year(tmp_path), Options(since=dt.date(2025, 2, 1), until=dt.date(2025, 2, 28)))
    assert (doc["window"]["since"], doc["window"]["first"]) == ("2025-02-01", "2025-02-01")
    assert doc["overall"]["detractors"] == 0
    assert doc["rows"]["outside_window"] == 330
    assert doc["decompose"] is None
    with pytest.raises(UserError, match="has no answer with a score in 2031-01-01"):
        document(year(tmp_path), Options(since=dt.date(2031, 1, 1)))


def test_every_answer_counts_when_nobody_is_named(tmp_path: Path) -> None:
    doc = document(year(tmp_path), respondent="-")
    assert (doc["overall"]["answers"], doc["overall"]["respondents"]) == (360, None)


def test_a_bare_file(tmp_path: Path) -> None:
    doc = document(write(tmp_path / "bare.csv", "score", [[score] for score in [9, 10, 3, 0, 8] * 8]))
    assert list(VALIDATOR.iter_errors(doc)) == []
    assert (doc["trend"], doc["heat"], doc["decompose"], doc["segments"], doc["people"]) == ([], None, None, [], [])
    assert as_html.render(doc).startswith("<!doctype html>")
    assert "--date COL" in as_markdown.render(doc)


def test_a_small_programme_leads_with_names_and_words(tmp_path: Path) -> None:
    rows = [
        ["Acme", 3, "2026-11-01", "Nobody came, twice."],
        ["Beta", 9, "2026-11-02", ""],
        ["Gamma", 6, "2026-10-02", "slow"],
    ]
    money = write(
        tmp_path / "customers.csv",
        "customer,name,margin",
        [["Acme", "Acme Ltd", 50], ["Beta", "", 10], ["Gamma", "Gamma & Co", 900]],
    )
    doc = document(write(tmp_path / "few.csv", "customer,score,date,comment", rows), customers=money, currency="EUR")
    assert doc["headline"]["small"] is True
    assert doc["headline"]["sentences"][0] == (
        "3 customers answered: 2 gave a low score, 1 would recommend you. That is few enough to read every one and to call every one."
    )
    assert [(person["who"], person["worth"]) for person in doc["people"]] == [
        ("Gamma & Co", "900.00"),
        ("Acme Ltd", "50.00"),
    ]
    assert doc["overall"]["nps"] is None
    html = as_html.render(doc)
    assert html.index("Gamma &amp; Co") < html.index("too few")


def test_sorts_of_survey_never_mix(tmp_path: Path) -> None:
    rows = [[9, "relationship"]] * 20 + [[0, "transactional"]] * 12
    file = write(tmp_path / "mixed.csv", "score,survey", rows)
    doc = document(file)
    assert (doc["overall"]["answers"], doc["overall"]["nps"], doc["rows"]["other_surveys"]) == (20, 100.0, 12)
    assert doc["warnings"] == ["Only relationship answers are counted; 12 transactional stay apart (--survey)."]
    assert document(file, survey="transactional")["overall"]["nps"] == -100.0


def test_attributes_of_the_customers_file(tmp_path: Path) -> None:
    answers = write(tmp_path / "a.csv", "customer,score", [[f"c{i % 4}", 9 if i % 2 else 0] for i in range(40)])
    customers = write(
        tmp_path / "c.csv",
        "customer,Size,Postcode",
        [[f"c{i}", "big" if i % 2 else "small", f"100{i}"] for i in range(4)],
    )
    doc = document(answers, customers=customers, by=("Size",))
    assert [(row["segment"], row["nps"]) for row in doc["segments"]] == [(["small"], -100.0), (["big"], 100.0)]
    with pytest.raises(UserError, match='has no column "Colour"'):
        document(answers, customers=customers, by=("Colour",))
    assert document(answers, customers=customers)["mapping"]["by"] == ["Size"]


def test_revenue_from_detractors_by_segment(tmp_path: Path) -> None:
    answers = write(
        tmp_path / "a.csv",
        "customer,score,date,region",
        [["a", 0, "2026-01-01", "N"], ["a", 1, "2026-01-02", "N"], ["b", 9, "2026-01-02", "S"]],
    )
    customers = write(tmp_path / "c.csv", "customer,revenue", [["a", "1,200.50"], ["b", "77"]])
    doc = document(answers, Options(minimum=1), customers=customers, by=("region",))
    assert {row["segment"][0]: row["revenue_from_detractors"] for row in doc["segments"]} == {
        "N": "1200.50",
        "S": "0.00",
    }
    assert doc["profit"]["from_detractors"]["money"] == "1200.50"


def test_the_same_input_gives_the_same_document(tmp_path: Path) -> None:
    file = year(tmp_path)
    assert document(file) == document(file)


def test_the_response_rate_stands_beside_the_score(tmp_path: Path) -> None:
    rows = [[f"i{i}", "2025-03-01", "2025-03-02" if i < 9 else "", "rest period" if i == 29 else ""] for i in range(30)]
    invitations = write(tmp_path / "i.csv", "Invitation ID,Sent at,Answered at,Reason not sent", rows)
    doc = document(year(tmp_path), invitations=invitations)
    assert (doc["response"]["asked"], doc["response"]["answered"], doc["response"]["not_sent"]) == (
        29,
        9,
        {"rest period": 1},
    )
    assert "31 % of those asked answered" in as_html.render(doc)
    assert "31 % of those asked" in as_markdown.render(doc)
    assert document(year(tmp_path))["response"] is None


def test_people_are_named_by_their_contacts(tmp_path: Path) -> None:
    contacts = write(
        tmp_path / "p.csv", "Contact ID,Customer ID,Name", [[f"p{i}", f"c{i}", f"Person {i}"] for i in range(30)]
    )
    doc = document(year(tmp_path), contacts=contacts)
    assert all(person["who"].startswith("Person ") for person in doc["people"])


def test_windows_are_whole_also_where_the_window_cuts(tmp_path: Path) -> None:
    doc = document(year(tmp_path), Options(since=dt.date(2025, 1, 20), until=dt.date(2025, 8, 10)))
    assert (doc["decompose"]["before"]["since"], doc["decompose"]["after"]["until"]) == ("2025-02-01", "2025-07-31")
    assert [row["partial"] for row in doc["trend"]] == [True, *[False] * 6, True]


def test_rejected_rows_of_other_files_are_told(tmp_path: Path) -> None:
    customers = write(tmp_path / "c.csv", "customer,revenue", [["c1", 5], ["", 7], ["c1", 6]])
    doc = document(year(tmp_path), customers=customers)
    assert sum(doc["other_files"][0]["rejected"].values()) == 2
    assert any("c.csv: 2 of 3 rows were rejected" in warning for warning in doc["warnings"])


def test_an_attribute_of_the_customers_with_a_name_the_answers_use(tmp_path: Path) -> None:
    answers = write(tmp_path / "a.csv", "customer,score", [[f"c{i % 4}", 9 if i % 2 else 0] for i in range(40)])
    customers = write(tmp_path / "c.csv", "customer,Source", [[f"c{i}", "web" if i % 2 else "shop"] for i in range(4)])
    doc = document(answers, customers=customers, by=("Source",))
    assert [row["by"] for row in doc["segments"]] == [["Source (customers)"]] * 2


def test_answers_of_no_known_sort_of_survey_are_named(tmp_path: Path) -> None:
    rows = [[9, ("relationship", "transactional", "")[i % 3]] for i in range(60)]
    doc = document(write(tmp_path / "a.csv", "score,survey", rows))
    assert (doc["rows"]["other_surveys"], doc["rows"]["outside_window"]) == (40, 0)
    assert "20 of no known sort" in doc["warnings"][0]
