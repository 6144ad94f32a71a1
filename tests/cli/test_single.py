"""What the commands of one analysis share: where they write, and that nothing read is written over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from winback.cli.single import keep_inputs, output_options, write
from winback.errors import UserError
from winback.report.single import View


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@output_options
def command(**given: Any) -> None:
    """Write something."""
    keep_inputs(given, [given["file"]])
    view = View("Title", ("Words.",), (), (), (), (), "winback.test/1")
    write({"said": "Words."}, lambda _: view, given, name="test", read=[given["file"]])


def run(*arguments: object) -> Any:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_html_goes_beside_the_file_and_the_rest_to_standard_output(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    assert run(file).exit_code == 0
    assert "<title>Title</title>" in (tmp_path / "a.csv.test.html").read_text()
    assert run(file, "--format", "json").stdout == '{\n  "said": "Words."\n}\n'
    assert run(file, "--format", "md").stdout.startswith("# Title\n\nWords.")
    assert "<title>" in run(file, "-o", "-").stdout
    run(file, "--format", "md", "-o", tmp_path / "out.md")
    assert (tmp_path / "out.md").read_text().startswith("# Title")


def test_what_is_read_is_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("mine")
    found = run(file, "-o", file)
    assert isinstance(found.exception, UserError)
    assert "would write over a file that is read" in str(found.exception)
    assert file.read_text() == "mine"


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be written"):
        raise run(tmp_path / "a.csv", "-o", "/nowhere/at/all.html").exception
