"""The files of a report, read together."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.report.files import gathered, write, year
from winback.errors import UserError


def test_columns_of_other_files_may_be_named(tmp_path: Path) -> None:
    periods = write(
        tmp_path / "p.csv", "Kunde,Zeitraum,Umsatz", [["c1", "2025-01", "10,50"], ["c1", "2025-02", "11,00"]]
    )
    inputs = gathered(year(tmp_path), periods=periods, maps=("periods.month=Zeitraum",))
    assert inputs.reading.beside["customer_periods"].mapping == {
        "customer": "Kunde",
        "month": "Zeitraum",
        "revenue": "Umsatz",
    }
    assert [str(row[0]) for row in inputs.reading.tables.customer_periods.select("revenue").fetchall()] == [
        "10.5000",
        "11.0000",
    ]


@pytest.mark.parametrize("text", ["periods.month", "month=Monat", "planets.mass=kg", "periods.month="])
def test_a_mapping_that_is_none(tmp_path: Path, text: str) -> None:
    with pytest.raises(UserError, match="is not TABLE.COLUMN=COL"):
        gathered(year(tmp_path), maps=(text,))


def test_files_that_cannot_be_joined_are_told(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "score", [[9], [0], [3]])
    customers = write(tmp_path / "c.csv", "customer,revenue", [["a", 5]])
    warnings = gathered(file, customers=customers).reading.warnings
    assert any("cannot be joined" in warning for warning in warnings)


def test_a_survey_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="needs a column that says the sort of survey"):
        gathered(year(tmp_path), survey="benchmark")


def test_spelling_is_the_users_own(tmp_path: Path) -> None:
    file = write(
        tmp_path / "a.csv",
        "score,Channel,Region",
        [[9, "web", "N"], [3, "shop", "S"], [1, "web", "S"], [2, "shop", "N"]] * 5,
    )
    inputs = gathered(file)
    assert inputs.reading.attributes == ("Region", "channel")
    assert inputs.spelled == {"channel": "Channel", "Region": "Region"}


def test_a_scale_that_comments_contradict_is_asked_about(tmp_path: Path) -> None:
    rows = [[1 + place % 2, f"Lovely and kind, nurse {place}"] for place in range(40)]
    rows += [[4 + place % 2, f"Awful and rude, nurse {place}"] for place in range(40)]
    file = write(tmp_path / "a.csv", "rating,comment", rows)
    assert gathered(file, scale="1-5").reading.warnings[-1].endswith("is 1 the best? If so, use --scale 5-1.")
    assert not gathered(file, scale="5-1").reading.warnings
