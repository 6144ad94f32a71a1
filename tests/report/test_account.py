"""How the report was made, in plain sentences."""

from __future__ import annotations

from pathlib import Path

from tests.report.files import document, gathered, write, year
from winback.report.account import of_columns, score_read


def test_notes_say_how_persons_and_weights_count(tmp_path: Path) -> None:
    notes = " ".join(document(year(tmp_path))["notes"])
    assert "Each person (Contact ID) counts once in every window" in notes
    weighted = write(tmp_path / "w.csv", "score,w", [[9, 1], [0, 2], [8, 1]] * 5)
    notes = " ".join(document(weighted, weight="w")["notes"])
    assert "Answers are weighted by w" in notes
    assert "Every answer counts" in notes


def test_files_are_accounted_for(tmp_path: Path) -> None:
    customers = write(tmp_path / "c.csv", "customer,revenue", [["c1", 5]])
    doc = document(year(tmp_path), customers=customers)
    assert doc["file"] == {
        "name": "answers.csv",
        "format": "csv",
        "encoding": "utf-8",
        "delimiter": ",",
        "compressed": False,
    }
    assert doc["other_files"] == [
        {
            "table": "customers",
            "name": "c.csv",
            "rows": 1,
            "mapping": {"customer": "customer", "revenue": "revenue"},
            "rejected": {},
        }
    ]


def test_rejected_rows_are_counted_and_shown(tmp_path: Path) -> None:
    file = write(tmp_path / "r.csv", "score", [[9], [11], ["words"], [3], [""], [10], [12]])
    doc = document(file, scale="0-10", blank=("12",))
    assert doc["rejected"] == {"score_out_of_range": 1, "score_not_a_number": 1}
    assert (doc["rows"]["read"], doc["rows"]["blank"], doc["overall"]["answers"]) == (
        6,
        1,
        3,
    )  # a line of a lone "" is a blank line
    assert doc["rejected_examples"][0]["message"].startswith(
        'r.csv line 3: score "11" is outside 0-10; map it with --blank 11'
    )


def test_how_the_score_was_read_is_a_sentence(tmp_path: Path) -> None:
    inputs = gathered(
        write(tmp_path / "s.csv", "stars,Plan", [[1, "a"], [5, "b"], [4, "a"]]), scale="5-1", by=("Plan",)
    )
    told = of_columns(inputs)
    assert (told["mapping"]["score"], told["mapping"]["by"], told["scale_given"]) == ("stars", ["Plan"], True)
    assert told["bands"] == {"scale": "5-1", "detractors": "3-5", "passives": "2", "promoters": "1"}
    assert score_read(told) == (
        "score from stars (detected), on a scale of 5–1: detractors 3–5, passives 2, promoters 1"
    )
    assumed = of_columns(gathered(write(tmp_path / "t.csv", "a", [[0], [10], [9]]), score="a"))
    assert score_read(assumed).endswith("promoters 9–10 (assumed from the values found)")
    assert score_read(assumed).startswith("score from a, on a scale of 0–10: detractors 0–6,")
