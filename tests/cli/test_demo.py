"""`winback demo`: a sample company, its files and its review."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from winback.cli.demo import FILES, demo, typed


def test_it_makes_files_and_a_review_and_can_be_run_again(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    for _ in range(2):
        found = CliRunner().invoke(demo, ["--folder", str(folder), "--size", "300"], catch_exceptions=False)
        assert found.exit_code == 0
    assert {path.name for path in folder.iterdir()} == {*(f"{name}.csv" for name in FILES), "review.html"}
    page = (folder / "review.html").read_text(encoding="utf-8")
    assert "Larkspur Broadband: detractor review" in page
    assert "Open " in found.stderr


@pytest.mark.parametrize(
    ("command", "shown"), [("", "winback"), ("./winback", "./winback"), ("a clone/winback", "'a clone/winback'")]
)
def test_commands_to_copy_begin_as_it_was_called(command: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WINBACK_COMMAND", command)
    assert typed() == shown
