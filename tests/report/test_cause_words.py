"""What explains a jump, as a document and a page."""

from __future__ import annotations

import json

import pyarrow as pa

from winback.analysis.localise import Localisation, share_table, sum_table
from winback.report.cause_words import SCHEMA, document, view
from winback.report.single import to_json, to_markdown

ROW = {"case": "", "attributes": ["region"], "values": ["N|orth"], "p": 0.01, "share_explained": 0.8}


def _shares() -> Localisation:
    table = share_table([{**ROW, "bad": 50.0, "total": 100.0, "expected": 20.0, "odds_ratio": 4.0}])
    return Localisation(table=table, cases=({"case": "", "answer": "It rose.", "external": False},))


def test_shares_as_json_and_page() -> None:
    doc = document(_shares(), "answers.csv")
    assert doc["schema"] == SCHEMA
    assert json.loads(to_json(doc))["findings"][0]["attributes"] == {"region": "N|orth"}
    text = to_markdown(view(doc))
    assert "It rose." in text
    assert "| region N\\|orth | 50 | 100 | 20.0 | 4.0 | 80 % | 0.01 |" in text


def test_sums_and_many_cases() -> None:
    table = sum_table([{**ROW, "case": "b", "actual": 5.0, "forecast": 0.0, "ratio": None, "share_explained": None}])
    cases = (
        {"case": "a", "answer": "Nothing.", "external": True},
        {"case": "b", "answer": "Something.", "external": False},
    )
    found = Localisation(table=table, cases=cases, kind="sum")
    text = to_markdown(view(document(found, "cube.csv")))
    assert "1 of 2 cases" in text
    assert "Something." in text
    assert "| b | region N\\|orth | 5 | 0 | – | – | 0.01 |" in text
    assert isinstance(found.table, pa.Table)
