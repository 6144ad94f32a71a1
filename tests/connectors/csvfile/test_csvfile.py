"""A tiny file from its bytes to its figures."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.connectors.making import TODAY, accounted, byte_file, column, rejects, text_file
from winback import nps
from winback.connectors.csvfile import Columns, Options, read_feedback
from winback.errors import UserError

TEXT = """score;date;region
10;2026-11-01;north
9;2026-11-01;south
8;2026-11-02;north
3;2026-11-03;north
;2026-11-03;south
12;2026-11-04;south
7;some day;south
"""


@pytest.mark.parametrize("name", ["feedback.csv", "feedback.csv.gz"])
def test_a_file_end_to_end(tmp_path: Path, name: str) -> None:
    path = byte_file(tmp_path, TEXT.encode(), name)
    reading = accounted(read_feedback(path, Columns(by=("region",)), Options(scale="0-10", today=TODAY)))
    assert (reading.rows, reading.blank, reading.without_date) == (7, 1, 0)
    assert rejects(reading) == {7: "score_out_of_range", 8: "date_unreadable"}
    assert reading.rejected == {"score_out_of_range": 1, "date_unreadable": 1}
    assert column(reading) == [10, 9, 8, 3, None]
    assert column(reading, "local_date") == [dt.date(2026, 11, day) for day in (1, 1, 2, 3, 3)]
    assert column(reading, "region") == ["north", "south", "north", "north", "south"]
    assert (reading.file.name, reading.file.delimiter, reading.file.compressed) == (name, ";", name.endswith(".gz"))
    figures = nps(reading, minimum=1).table.to_pylist()[0]
    assert {key: figures[key] for key in ("answers", "promoters", "passives", "detractors", "nps")} == {
        "answers": 4, "promoters": 2, "passives": 1, "detractors": 1, "nps": 25.0,
    }  # fmt: skip


def test_columns_and_options_need_not_be_given(tmp_path: Path) -> None:
    reading = accounted(read_feedback(text_file(tmp_path, "score\n10\n0\n10\n8\n")))
    assert column(reading) == [10, 0, 10, 8]
    assert (reading.mapping["score"], reading.detected, reading.scale_given) == ("score", ("score",), False)
    assert reading.tables.bands.describe()["scale"] == "0-10"


def test_a_path_may_be_text_and_must_lead_somewhere(tmp_path: Path) -> None:
    assert column(read_feedback(str(text_file(tmp_path, "score\n10\n0\n")))) == [10, 0]
    with pytest.raises(UserError, match=r"nowhere\.csv"):
        read_feedback(str(tmp_path / "nowhere.csv"))
