from __future__ import annotations

from winback.connectors.csvfile.mapping import PLAIN
from winback.server.imports.asked import LABELS, Asked


def test_what_is_asked_goes_through_json_unchanged() -> None:
    asked = Asked("a.csv", table="feedback", columns={"score": "S", "by": ["A"]}, blank=("11",), survey="benchmark")
    assert Asked.of(asked.stored()) == asked and Asked.of(asked.stored()).digest == asked.digest
    assert Asked.of({**asked.stored(), "blank": []}).digest != asked.digest
    assert Asked.of({"file_name": "a.csv", "of later": 1}).table == ""


def test_labels_are_those_the_reader_knows() -> None:
    assert LABELS == PLAIN
