"""What a connector hands over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.connectors.making import csv_file, read
from winback import connectors
from winback.connectors.reading import REASONS, Reading, SourceFile
from winback.errors import UserError
from winback.tables import Tables


def test_it_prints_itself(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        [["score", "region", "plan"], *[[str(n), "ab"[n % 2], "cd"[n % 2]] for n in range(10)], ["12", "a", "c"]],
    )
    assert str(read(path, scale="0-10", blanks=("7",), by=("plan", "region"))) == (
        "feedback.csv: 11 rows, 1 rejected, 1 blank\n"
        "  score        score  (detected)\n"
        "  by           plan, region\n"
        "  zone         UTC\n"
        "  scale        0-10: detractors 0-6, promoters 9-10"
    )


def test_a_reading_without_rejected_rows() -> None:
    reading = Reading(Tables(), SourceFile("a.csv", "csv"), {}, (), False, 0, 0, 0, {})
    assert list(reading.rejected_batches()) == []
    assert reading.rejected_rows().num_rows == 0


def test_reasons_are_said_in_words() -> None:
    assert all(
        key.replace("_", "").isalpha() and text[0].islower() and not text.endswith(".") for key, text in REASONS.items()
    )


def test_read_passes_everything_on(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        [
            ["s", "w", "when", "a", "b", "why"],
            ["1", "2", "01/02/2026", "x", "y", "because"],
            ["6", "1", "03/04/2026", "x", "z", "so"],
        ],
    )
    reading = connectors.read(
        path, score="s", weight="w", date="when", by="a", text="why", scale="5-1", blank="6", detractors="4-5", promoters="1-2",
        tz="Europe/Berlin", date_format="mdy", currency="EUR", customer="-", respondent="-", id="-",
    )  # fmt: skip
    assert reading.mapping == {
        "score": "s", "date": "when", "customer": None, "respondent": None, "id": None, "weight": "w", "value": None,
        "text": ("why",), "by": ("a",),
    }  # fmt: skip
    assert (reading.blank, reading.tables.zone, reading.tables.currency) == (1, "Europe/Berlin", "EUR")
    assert reading.tables.bands.describe() == {"scale": "5-1", "detractors": "4-5", "passives": "3", "promoters": "1-2"}
    with pytest.raises(UserError, match="There is no file"):
        connectors.read(tmp_path / "none.csv")


def test_every_connector_has_its_folder() -> None:
    folder = Path(connectors.__file__).parent
    assert sorted(connectors.BUILTIN) == sorted(
        place.name for place in folder.iterdir() if (place / "__init__.py").exists()
    )


def test_at_a_prompt_it_is_one_line(tmp_path: Path) -> None:
    found = read(csv_file(tmp_path, [["score"], ["9"], ["x"]]), score="score", scale="0-10")
    assert repr(found) == "<Reading of feedback.csv: 2 rows, 1 rejected, 0 blank; print() shows which column is what>"
