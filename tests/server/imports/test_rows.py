from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from winback.server.imports import reading
from winback.server.imports.asked import Asked


def rows(folder: Path, text: str, **asked: Any) -> list[dict[str, Any]]:
    (folder / reading.UPLOAD).write_text(text)
    (folder / reading.ASKED).write_text(json.dumps(Asked(**{"file_name": "a.csv", **asked}).stored()))
    told = reading.read(folder)
    assert not told["error"], told["error"]
    found: list[dict[str, Any]] = pq.read_table(folder / reading.ROWS).to_pylist()
    return found


def test_money_is_whole_and_json_has_no_blanks(tmp_path: Path) -> None:
    text = "customer id,name,revenue,calls (12 months),region,plan\nC1,Ada,12.3456,2,North,Home\nC2,Bo,-1,,South,\nC3,Cy,,,South,Home\nC4,Di,1,1,North,Home\n"
    found = {row["customer"]: row for row in rows(tmp_path, text, table="customers")}
    assert (found["C1"]["revenue"], found["C2"]["revenue"], found["C3"]["revenue"]) == (123_456, -10_000, None)
    assert json.loads(found["C1"]["counts"]) == {"calls": 2} and json.loads(found["C2"]["counts"]) == {}
    assert json.loads(found["C2"]["attributes"]) == {"region": "South"}


def test_a_digest_changes_with_what_was_said_and_with_nothing_else(tmp_path: Path) -> None:
    text = "id,date,person,score\n1,2026-10-01,A,9\n2,2026-10-02,B,0\n"
    first = {row["external_id"]: row["digest"] for row in rows(tmp_path, text)}
    moved = {row["external_id"]: row["digest"] for row in rows(tmp_path, "id,date,person,score\n2,2026-10-02,B,1\n1,2026-10-01,A,9\n")}  # fmt: skip
    assert moved["1"] == first["1"] and moved["2"] != first["2"]


def test_a_sort_of_survey_for_rows_that_name_none(tmp_path: Path) -> None:
    text = (
        "id,date,person,score,survey\n1,2026-10-01,A,9,\n2,2026-10-02,B,0,relationship\n3,2026-10-02,C,0,relationship\n"
    )
    found = {row["external_id"]: row["survey"] for row in rows(tmp_path, text, survey="transactional")}
    assert found == {"1": "transactional", "2": "relationship", "3": "relationship"}


def test_times_are_written_as_python_writes_them(tmp_path: Path) -> None:
    """Else a list on SQLite, which compares texts, shows the last row of a page on the next one again."""
    times = ("2026-10-01T12:00:00.120Z", "2026-10-01T12:00:00Z")
    text = "id,date,person,score\n" + "".join(f"{key},{at},P{key},9\n" for key, at in enumerate(times))
    found = {row["external_id"]: row["occurred_at"] for row in rows(tmp_path, text, scale="0-10")}
    assert found == {"0": "2026-10-01 12:00:00.120000", "1": "2026-10-01 12:00:00"}
