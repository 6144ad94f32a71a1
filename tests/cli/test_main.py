"""The command line: exit codes, sentences, no tracebacks for what a user can mend."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.report.files import write
from winback.cli import main as module


def winback(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "winback", *map(str, arguments)], capture_output=True, text=True, cwd=cwd, check=False
    )


def test_help_names_every_command() -> None:
    found = winback("--help")
    assert found.returncode == 0
    assert all(name in found.stdout for name in module.COMMANDS)


def test_version() -> None:
    assert winback("--version").stdout.startswith("winback, version ")


def test_what_a_user_can_mend_is_a_sentence_and_exit_2(tmp_path: Path) -> None:
    found = winback("report", tmp_path / "nowhere.csv")
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr.startswith("winback: There is no file ")
    assert "Traceback" not in found.stderr


@pytest.mark.parametrize(
    "arguments", [["reprot"], ["report"], ["report", "--colour", "x"], ["report", "f.csv", "--minimum", "0"]]
)
def test_wrong_words_are_exit_2(arguments: list[str]) -> None:
    found = winback(*arguments)
    assert found.returncode == 2
    assert "Traceback" not in found.stderr


def test_usage_is_told_in_the_words_that_were_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WINBACK_COMMAND", "./winback")
    assert "Try './winback report --help'" in winback("report").stderr


def test_a_bug_shows_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(module.main, "main", broken)
    with pytest.raises(ZeroDivisionError):
        module.run()


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "score", [[9], [3], [8]] * 2000)
    command = f"{sys.executable} -m winback report {file} --format json | head -1"
    found = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert "Traceback" not in found.stderr
    assert found.stdout == "{\n"
