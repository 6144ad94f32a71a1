from __future__ import annotations

import errno
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from winback.server.imports import reading
from winback.server.imports.asked import Asked


def read(folder: Path, text: str, known: list[dict[str, Any]] | None = None, **asked: Any) -> dict[str, Any]:
    (folder / reading.UPLOAD).write_text(text)
    (folder / reading.ASKED).write_text(json.dumps(Asked(**{"file_name": "a.csv", **asked}).stored()))
    if known is not None:
        (folder / reading.KNOWN).write_text(json.dumps(known))
    reading.main(folder)
    found: dict[str, Any] = json.loads((folder / reading.ACCOUNT).read_text())
    return found


def test_rows_and_account(tmp_path: Path) -> None:
    told = read(tmp_path, "id,date,person,score,plan\n1,2026-10-01,A,9,Home\n2,2026-10-02,B,0,Home\n3,x,C,5,Pro\n")
    assert (told["rows"], told["taken"], told["rejected"], told["keys"]) == (3, 2, {"date_unreadable": 1}, "id")
    assert (told["first_day"], told["last_day"], told["table"]) == ("2026-10-01", "2026-10-02", "feedback")
    assert told["settled"]["columns"]["score"] == "score" and told["settled"]["scale"] == "0-10"
    rows = pq.read_table(tmp_path / reading.ROWS).to_pylist()
    assert [(row["external_id"], row["score"], row["occurred_at"]) for row in rows] == [
        ("1", 9.0, "2026-10-01 00:00:00"), ("2", 0.0, "2026-10-02 00:00:00"),
    ]  # fmt: skip
    kept = [json.loads(line) for line in (tmp_path / reading.REJECTED).read_text().splitlines()]
    assert [(row["line"], row["row"]["date"]) for row in kept] == [(4, "x")]
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == [
        "account.json", "asked.json", "rejected.jsonl", "rows.parquet", "upload",
    ]  # fmt: skip


def test_the_settled_reading_reads_the_same(tmp_path: Path) -> None:
    text = "id,date,person,score,plan\n1,2026-10-01,A,9,Home\n2,2026-10-02,B,0,Home\n"
    first = read(tmp_path, text)
    rows = pq.read_table(tmp_path / reading.ROWS)
    settled = {name: value for name, value in first["settled"].items() if name != "file_name"}
    again = read(tmp_path, text, **settled)
    assert pq.read_table(tmp_path / reading.ROWS).equals(rows) and again["settled"] == first["settled"]


def test_a_file_with_known_columns_is_read_as_before(tmp_path: Path) -> None:
    known = [{"source": "Till", "columns": ["a", "b"], "asked": Asked("x.csv", table="feedback", columns={"score": "b"}, scale="1-5").stored()}]  # fmt: skip
    told = read(tmp_path, "a,b\n1,2\n3,4\n", known)
    assert (told["as_before"], told["columns_read"]["score"], told["scale"], told["error"]) == ("Till", "b", "1-5", "")
    assert read(tmp_path, "a,b\n1,2\n3,4\n", known, scale="1-10")["scale"] == "1-10"


@pytest.mark.parametrize("digits", [8, 201])
def test_long_ids_and_labels_fit(tmp_path: Path, digits: int) -> None:
    key = "9" * digits
    told = read(tmp_path, f"id,person,date,score,channel\n{key},A,2026-01-01,9,{'web' * 40}\n1,B,2026-01-01,0,web\n")
    row = max(pq.read_table(tmp_path / reading.ROWS).to_pylist(), key=lambda row: len(row["external_id"]))
    assert len(row["external_id"]) == (8 if digits == 8 else 192) and len(row["channel"]) == 80
    assert told["cut"] == ["1 values of channel are longer than 80 characters and were cut."]


def test_a_full_disk_and_a_bug_leave_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(folder: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(reading, "read", full)
    assert read(tmp_path, "a\n")["error"].startswith("The disk is full, so a.csv could not be read to its end.")

    def broken(folder: Path) -> None:
        raise KeyError("Ada Lovelace")

    monkeypatch.setattr(reading, "read", broken)
    told = read(tmp_path, "a\n")
    assert told["broken"].startswith("KeyError at test_reading.py line") and "Ada" not in str(told)


def test_the_reader_needs_no_django(tmp_path: Path) -> None:
    script = "import sys, winback.server.imports.reading, winback.server.imports.rows; print('django' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
