"""JSON lines: one object a line, its fields as text, nested objects as dotted names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.making import byte_file, jsonl_file
from winback.connectors.csvfile import jsonlines, lines
from winback.connectors.csvfile.jsonlines import read_records
from winback.connectors.csvfile.opening import sniff
from winback.errors import UserError


def parsed(path: Path) -> tuple[list[str], dict[int, list[str]], dict[int, str], list[str]]:
    """Names, rows by line, reasons by line, and warnings."""
    warnings: list[str] = []
    names, chunks = read_records(sniff(path), warnings)
    rows: dict[int, list[str]] = {}
    rejected: dict[int, str] = {}
    for chunk in chunks:
        rows |= dict(zip(chunk.lines, chunk.rows, strict=True))
        rejected |= {one.line: one.reason for one in chunk.rejected}
    return names, rows, rejected, warnings


def test_objects_become_rows(tmp_path: Path) -> None:
    path = jsonl_file(tmp_path, [{"score": 9, "region": "süd"}, {"region": "nord"}, {"score": 3, "plan": "basic"}])
    assert parsed(path) == (
        ["score", "region", "plan"], {1: ["9", "süd", ""], 2: ["", "nord", ""], 3: ["3", "", "basic"]}, {}, [],
    )  # fmt: skip


def test_nested_objects_become_dotted_names(tmp_path: Path) -> None:
    item = {"answer": {"score": 9, "by": {"id": "C1", "tags": ["a", {"b": 1}]}}, "empty": {}, "none": []}
    names, rows, _, _ = parsed(jsonl_file(tmp_path, [item]))
    assert names == ["answer.score", "answer.by.id", "answer.by.tags", "empty", "none"]
    assert rows == {1: ["9", "C1", '["a", {"b": 1}]', "", ""]}


def test_objects_nested_deeper_stay_json(tmp_path: Path) -> None:
    item: dict[str, Any] = {"x": 1}
    for _ in range(8):
        item = {"a": item}
    names, rows, _, _ = parsed(jsonl_file(tmp_path, [item]))
    assert names == ["a.a.a.a.a"]
    assert json.loads(rows[1][0]) == {"a": {"a": {"a": {"x": 1}}}}


@pytest.mark.parametrize(
    ("value", "text"),
    [("9", "9"), ("9.0", "9"), ("9.5", "9.5"), ("1e400", "inf"), ("NaN", "nan"), ("true", "true"), ("null", ""),
     ('"9"', "9"), ('"=1+1"', "=1+1"), ('"\\ud800x"', "\ufffdx"), ('"\\ud83d\\ude00"', "😀"), ("12345678901234567890", "12345678901234567890"),
     ('"a\\nb"', "a\nb")],
)  # fmt: skip
def test_values_become_text(tmp_path: Path, value: str, text: str) -> None:
    assert parsed(jsonl_file(tmp_path, [f'{{"score": {value}}}']))[1] == {1: [text]}


def test_lines_that_are_no_object_are_rejected_alone(tmp_path: Path) -> None:
    bad = ["nonsense", "[1, 2]", '"text"', "12", '{"score": 9', '{"score": "\\u0000"}', "[" * 5000, '{"a":' * 5000,
           '{"score": ' + "9" * 5000 + "}"]  # fmt: skip
    _, rows, rejected, _ = parsed(jsonl_file(tmp_path, ['{"score": 9}', *bad, "", '{"score": 8}']))
    assert rows == {1: ["9"], 12: ["8"]}
    assert rejected == {line: "nul_byte" if line == 7 else "not_json" for line in range(2, 11)}


def test_bytes_that_do_not_fit_cost_their_line(tmp_path: Path) -> None:
    path = byte_file(tmp_path, '{"t": "süd"}\n{"t": "'.encode() + b"\xfc" + b'"}\n{"t": "x"}\n', "a.jsonl")
    assert parsed(path)[1:3] == ({1: ["süd"], 3: ["x"]}, {2: "wrong_encoding"})


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-16-le"])
def test_other_encodings(tmp_path: Path, encoding: str) -> None:
    path = byte_file(tmp_path, '{"score": 9, "comment": "süd"}\r\n'.encode(encoding), "a.jsonl")
    assert parsed(path)[:2] == (["score", "comment"], {1: ["9", "süd"]})


def test_names_are_made_fit_to_be_columns(tmp_path: Path) -> None:
    names, rows, _, _ = parsed(jsonl_file(tmp_path, ['{"": 1, "a\\u0000b": 2, "a b": 3, "\\ud800": 4}']))
    assert names == ["column 1", "a b", "a b (2)", "\ufffd"]
    assert rows == {1: ["1", "2", "3", "4"]}


def test_a_field_that_comes_late_is_left_out_with_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonlines, "HEAD_LINES", 3)
    names, rows, _, warnings = parsed(jsonl_file(tmp_path, [{"score": 9}] * 3 + [{"score": 1, "late": "x"}] * 2))
    assert names == ["score"]
    assert rows[4] == ["1"]
    assert len(warnings) == 1
    assert 'line 4: the field "late" is met here for the first time' in warnings[0]


def test_no_object_at_all(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="has no line that is a JSON object; write one object a line"):
        parsed(jsonl_file(tmp_path, ["{", '"score": 9', "}"]))


def test_too_many_fields(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonlines, "MAX_COLUMNS", 100)
    with pytest.raises(UserError, match="more than 100 different fields"):
        parsed(jsonl_file(tmp_path, [{f"f{i}": 1} for i in range(101)]))


def test_an_object_longer_than_a_line_may_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_LINE", 1 << 20)
    with pytest.raises(UserError, match="line 1 is longer than 1 million characters"):
        parsed(jsonl_file(tmp_path, [{"comment": "x" * (3 << 20)}]))
