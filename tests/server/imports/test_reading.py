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


def read(
    folder: Path, text: str, known: list[dict[str, Any]] | None = None, *, form: bool = True, **asked: Any
) -> dict[str, Any]:
    (folder / reading.UPLOAD).write_text(text)
    (folder / reading.ASKED).write_text(json.dumps(Asked(**{"file_name": "a.csv", **asked}).stored()))
    if known is not None:
        (folder / reading.KNOWN).write_text(json.dumps(known))
    reading.main(folder, form=form)
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
    def full(folder: Path, **_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(reading, "read", full)
    assert read(tmp_path, "a\n")["error"].startswith("The disk is full, so a.csv could not be read to its end.")

    def broken(folder: Path, **_: Any) -> None:
        raise KeyError("Ada Lovelace")

    monkeypatch.setattr(reading, "read", broken)
    told = read(tmp_path, "a\n")
    assert told["broken"].startswith("KeyError at test_reading.py line") and "Ada" not in str(told)


AMBIGUOUS = "score,date\n9,01/02/2026\n0,03/04/2026\n"
REFUSED = [  # a file, how it is asked for, what is wrong with it, and what to do: on the form, at the command line
    ("when,who\n2026-01-01,Ann\n2026-01-02,Bo\n", {}, "a.csv has no column that is plainly the score; ", "say which with “Score”", "say which with --score COL"),
    ("score\n3\n5\n4\n", {}, 'The scale of "score" in a.csv is not plain (its values go from 3 to 5); ', "add “Scale” 1-5, or “Scale” 5-1 if 1 is the best.", "add --scale 1-5, or --scale 5-1 if 1 is the best."),
    ("score\n9\n0\n11\n", {}, 'The scale of "score" in a.csv is not plain (its values go from 0 to 11); ', "if above 10 means no answer, add “Scale” 0-10 “No answer” 11.", "if above 10 means no answer, add --scale 0-10 --blank 11."),
    (AMBIGUOUS, {}, 'The dates in "date" of a.csv, such as 01/02/2026, can be read day first or month first; ', "say which with “Dates like 01/02” day first or “Dates like 01/02” month first.", "say which with --date-format dmy or --date-format mdy."),
    ("score\n9\n0\n", {"scale": "ten"}, "", "“Scale” \"ten\" is not a range; write it like “Scale” 0-6, or “Scale” 10 for one value.", '--scale "ten" is not a range; write it like --scale 0-6, or --scale 10 for one value.'),
    ("customer,revenue\nC1,5\n", {"table": "customer_periods"}, "a.csv has no column that is plainly the month of customer_periods; ", "name it with “Month”.", "name it with --map customer_periods.month=COL."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "asked", "wrong", "on_the_form", "typed"), REFUSED)
def test_what_is_refused_is_the_same_sentence_with_the_words_of_its_place(
    tmp_path: Path, text: str, asked: dict[str, str], wrong: str, on_the_form: str, typed: str
) -> None:
    for form, mended in ((True, on_the_form), (False, typed)):
        error = read(tmp_path, text, form=form, **asked)["error"]
        assert error.startswith(wrong + mended), error


def test_rejected_rows_and_notes_name_the_fields_too(tmp_path: Path) -> None:
    text = "score,date\n9,2026-01-01\n0,2026-01-02\n12,2026-01-03\nx,2026-01-04\n"
    told = read(tmp_path, text, scale="0-10")
    assert sorted(example["message"] for example in told["examples"]) == [
        'a.csv line 4: score "12" is outside 0-10; map it with “No answer” 12',
        'a.csv line 5: score "x" is no number; map it with “No answer” "x" if it means no answer',
    ]
    typed = read(tmp_path, text, form=False, scale="0-10")["examples"]
    assert 'a.csv line 4: score "12" is outside 0-10; map it with --blank 12' in [
        example["message"] for example in typed
    ]


def test_what_an_answer_is_about_can_be_said(tmp_path: Path) -> None:
    text = "score,date,how,what,channel\n9,2026-01-01,web,bill,x\n0,2026-01-02,web,order,y\n"
    told = read(tmp_path, text)
    assert (told["columns_read"]["channel"], told["columns_read"]["touchpoint"]) == ("channel", "-")
    assert "channel" in told["detected"]
    said = read(tmp_path, text, columns={"channel": "how", "touchpoint": "what", "product": "-"})
    rows = pq.read_table(tmp_path / reading.ROWS).to_pylist()
    assert [(row["channel"], row["touchpoint"]) for row in rows] == [("web", "bill"), ("web", "order")]
    assert said["settled"]["columns"]["channel"] == "how" and "channel" not in said["detected"]
    none = read(tmp_path, text, columns={"channel": "-"})
    assert none["columns_read"]["channel"] == "-" and not none["plain"]
    assert "no column" in read(tmp_path, text, columns={"channel": "gone"})["error"]


def test_the_reader_needs_no_django(tmp_path: Path) -> None:
    script = "import sys, winback.server.imports.reading, winback.server.imports.rows; print('django' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


def test_a_scale_that_comments_contradict_is_asked_about_in_the_words_of_the_form(tmp_path: Path) -> None:
    lines = [f"{1 + place % 2},Lovely and kind nurse {place}" for place in range(40)]
    lines += [f"{4 + place % 2},Awful and rude nurse {place}" for place in range(40)]
    told = read(tmp_path, "rating,comment\n" + "\n".join(lines) + "\n", scale="1-5")
    assert told["warnings"][-1].endswith("is 1 the best? If so, use “Scale” 5-1.")
    assert read(tmp_path, "rating,comment\n" + "\n".join(lines) + "\n", scale="5-1")["warnings"] == []
