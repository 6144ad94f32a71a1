"""What a tired person reads first."""

from __future__ import annotations

from tests.report import documents
from winback.report import headline


def test_the_score_the_worst_the_move_and_the_money() -> None:
    doc = documents.full()
    doc["decompose"]["summary"] = "The score went from +24 to +21: −3.0 points."
    found = headline.write(doc, small=False)
    assert found["small"] is False
    assert found["sentences"][0].startswith("The score is +")
    assert "points" in found["sentences"][2]


def test_no_group_is_named_without_being_sure() -> None:
    doc = documents.full()
    doc["decompose"]["summary"] = ""
    for row in doc["segments"]:
        row["p_worse"] = 0.6
    assert "No group is clearly worse than the rest." in headline.write(doc, small=False)["sentences"]


def test_a_small_programme_begins_with_somebody() -> None:
    doc = documents.small()
    sentences = headline.write(doc, small=True)["sentences"]
    assert sentences[1].startswith(f"Begin with {doc['people'][0]['who']}")
