"""Lines, block by block, in bounded memory."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.connectors.making import byte_file
from winback.connectors.csvfile import lines as lines_module
from winback.connectors.csvfile.dialect import MARK
from winback.connectors.csvfile.lines import Lines, NotUtf8
from winback.connectors.csvfile.opening import Facts
from winback.errors import UserError


def all_lines(path: Path, encoding: str = "utf-8", newline: str = "\n") -> tuple[list[str], Lines]:
    found: list[str] = []
    with Lines(Facts(path, "csv", path.name.endswith(".gz"), encoding, ",", newline)) as lines:
        while block := lines.block():
            found += block
        return found, lines


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1 << 18])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "cp1252", "utf-8-sig"])
def test_lines_are_the_same_wherever_blocks_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, encoding: str
) -> None:
    monkeypatch.setattr(lines_module, "BLOCK", size)
    text = "é1\r\n2\n\n3\r4\r\r\n5\x0b\x1c\x85\u00a06\n\n7".encode(encoding, "ignore").decode(encoding)
    path = byte_file(tmp_path, text.encode(encoding))
    assert all_lines(path, encoding)[0] == text.replace("\n", "\n§").split("§")
    assert all_lines(path, encoding, "\r")[0] == text.replace("\r", "\r§").split("§")


def test_a_last_line_may_lack_its_end_and_an_empty_file_has_no_line(tmp_path: Path) -> None:
    assert all_lines(byte_file(tmp_path, b"a\nb"))[0] == ["a\n", "b"]
    assert all_lines(byte_file(tmp_path, b"a\nb\n"))[0] == ["a\n", "b\n"]
    assert all_lines(byte_file(tmp_path, b""))[0] == []


@pytest.mark.parametrize("size", [3, 1 << 18])
def test_byte_order_marks_within_are_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(lines_module, "BLOCK", size)
    assert all_lines(byte_file(tmp_path, "é\n\ufeffa\n".encode()))[0] == ["é\n", "a\n"]


def test_an_endless_line_is_refused_with_its_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines_module, "MAX_LINE", 1 << 20)
    path = byte_file(tmp_path, b"score\n9\n" + b"x" * (3 << 20) + b"\n8\n")
    with pytest.raises(UserError, match=r"^feedback.csv line 3 is longer than 1 million characters"):
        all_lines(path)


def test_ascii_that_turns_out_to_be_windows_1252(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines_module, "BLOCK", 64)
    path = byte_file(tmp_path, b"score,region\n" + b"9,north\n" * 40 + "3,süd\n".encode("cp1252"))
    with pytest.raises(NotUtf8):
        all_lines(path)
    assert all_lines(path, "cp1252")[0][-1] == "3,süd\n"


def test_damage_in_what_has_proved_to_be_utf8_is_marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines_module, "BLOCK", 64)
    path = byte_file(tmp_path, "9,süd\n".encode() * 40 + b"3,s\xfcd\n")
    assert all_lines(path)[0][-1] == f"3,s{MARK}d\n"


def test_suspect_blocks_are_those_with_a_nul_or_a_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines_module, "BLOCK", 8)
    seen = {}
    with Lines(Facts(byte_file(tmp_path, b"a,b\n1,2\n3,\x004\n5,6\n7,8\n9,0\n"), "csv", False, "utf-8", ",")) as lines:
        while block := lines.block():
            seen |= dict.fromkeys(block, lines.suspect)
    assert seen["3,\x004\n"]
    assert not seen["9,0\n"]


def test_the_line_of_a_cut_is_kept_apart(tmp_path: Path) -> None:
    whole = b"".join(b"%d,%d,some words\n" % (i, i * i) for i in range(5000))
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(whole)[:9000])
    found, lines = all_lines(path)
    assert whole.startswith("".join(found).encode())
    assert found[-1].endswith("\n")
    assert lines.cut is not None
    assert whole.startswith(("".join(found) + lines.cut).encode())
    assert all_lines(byte_file(tmp_path, whole, "b.csv.gz"))[1].cut is None
