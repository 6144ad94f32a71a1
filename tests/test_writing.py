"""Files are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from winback.errors import UserError
from winback.writing import written_whole


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out.html"
    target.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(UserError, match="device.*with -o"), written_whole(target, option="-o") as file:
        file.write("new")
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_what_is_broken_off_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), written_whole(tmp_path / "out.md", option="-o") as file:
        file.write("half")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_it_is_readable_as_any_file_of_the_user_and_keeps_its_line_ends(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        with written_whole(tmp_path / "out.csv", option="-o", encoding="utf-8-sig") as file:
            file.write("ü\r\n")
    finally:
        os.umask(mask)
    assert (tmp_path / "out.csv").read_bytes() == b"\xef\xbb\xbf\xc3\xbc\r\n"
    assert (tmp_path / "out.csv").stat().st_mode & 0o777 == 0o640
