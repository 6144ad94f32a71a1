"""What `./winback test` does about programs of the system that are missing."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests import run
from tests.conftest import lacks

GONE = run.Piece("Java 17, for the Spark tests", ("openjdk-17-jre-headless",), lambda: False)


@pytest.fixture(autouse=True)
def java_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "PIECES", (GONE,))
    monkeypatch.setattr(run, "may_install", lambda: None)


def test_elsewhere_it_is_said_and_the_tests_go_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "IN_CI", False)
    run.provide_system_packages()
    assert capsys.readouterr().err == (
        "winback: missing: Java 17, for the Spark tests.\n"
        "winback: install what is missing (apt install openjdk-17-jre-headless), then run this again.\n"
        "winback: until then, tests that need it are skipped.\n"
    )


def test_in_ci_it_is_a_failure(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(run, "IN_CI", True)
    with pytest.raises(SystemExit) as ended:
        run.provide_system_packages()
    assert ended.value.code == 1
    assert "apt install openjdk-17-jre-headless" in capsys.readouterr().err


def test_where_it_may_it_installs(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    here = False

    def apt(words: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        nonlocal here
        started.append(words)
        here = "install" in words
        return subprocess.CompletedProcess(words, 0)

    monkeypatch.setattr(run, "PIECES", (run.Piece("Java", ("openjdk-17-jre-headless",), lambda: here),))
    monkeypatch.setattr(run, "may_install", lambda: ["sudo"])
    monkeypatch.setattr(run, "IN_CI", True)
    monkeypatch.setattr(subprocess, "run", apt)
    run.provide_system_packages()
    assert [words[-1] for words in started] == ["update", "openjdk-17-jre-headless"]
    assert all(words[0] == "sudo" for words in started)


@pytest.mark.parametrize(
    ("said", "enough"),
    [
        ('openjdk version "17.0.15" 2025-04-15', True),
        ('openjdk version "21" 2023-09-19', True),
        ('openjdk version "11.0.2" 2019-01-15', False),
        ('java version "1.8.0_392"', False),
        ("", False),
    ],
)
def test_java_17_or_later_is_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, *, enough: bool
) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text(f"#!/bin/sh\necho '{said}' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert run.has_java() is enough


def test_a_failing_check_ends_the_run_with_its_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "CHECKS", (("one", ["true"]), ("two", ["false"]), ("three", ["true"])))
    monkeypatch.setattr(run, "BIN", Path("/bin"))
    with pytest.raises(SystemExit) as ended:
        run.check()
    assert ended.value.code == 1
    headings = [line for line in capsys.readouterr().out.splitlines() if line.startswith("==")]
    assert headings == ["== one", "== two"]


def test_the_servers_tests_run_on_postgresql_where_it_is(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "has_postgres", lambda: False)
    run.check_on_postgres()
    assert capfd.readouterr().out == ""
    monkeypatch.undo()
    if not run.has_postgres():
        lacks("PostgreSQL is missing: apt install postgresql")
    monkeypatch.setattr(run, "BIN", Path("/bin"))
    monkeypatch.setattr(run, "ON_POSTGRES", ["sh", "-c", "echo $DATABASE_URL"])
    run.check_on_postgres()
    heading, url, passed = capfd.readouterr().out.splitlines()
    assert heading == "== pytest tests/server on PostgreSQL"
    assert url.startswith("postgres://winback@127.0.0.1:")
    assert passed.strip().startswith("passed after ")
