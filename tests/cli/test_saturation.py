"""`winback saturation`: what it prints and writes, every field of its JSON documented, and when it refuses."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.repo.tracked import ROOT
from winback.cli.saturation import saturation
from winback.errors import UserError

CODINGS = "interview,theme,region\n" + "\n".join(
    f"I{number},{theme},{('North', 'South')[number % 2]}"
    for number in range(14)
    for theme in (["price"] if number % 3 else ["", "line"] if number == 6 else [f"theme {number}", "line"])
)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(saturation, [str(argument) for argument in arguments])


def keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {name for inner in value.values() for name in keys(inner)}
    return {name for inner in value for name in keys(inner)} if isinstance(value, list) else set()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "codings.csv"
    path.write_text(CODINGS + "\n")
    return path


def test_it_says_how_much_has_been_heard(file: Path) -> None:
    found = run(file, "--interview", "interview", "--theme", "theme", "--by", "region")
    assert found.exit_code == 0, found.exception
    assert "You have heard about" in found.stderr
    assert "Guest’s rule" in found.stderr
    assert found.stdout == ""
    assert "How much has been heard: codings.csv" in (file.parent / "codings.csv.saturation.html").read_text()


def test_every_field_of_the_json_is_documented(file: Path) -> None:
    doc = json.loads(run(file, "--by", "region", "--format", "json").stdout)
    page = (ROOT / "docs" / "reference" / "saturation.md").read_text()
    documented = set(re.findall(r"`([a-z_0-9]+)`", page))
    free = {"Region", "region"}  # names of the user's
    assert keys({name: value for name, value in doc.items() if name != "rejected"}) - documented - free == set()
    assert doc["segments"][0]["by"] == "region"


def test_same_seed_same_document(file: Path) -> None:
    first, again = (json.loads(run(file, "--by", "region", "--format", "json").stdout) for _ in range(2))
    first.pop("made_at"), again.pop("made_at")
    assert first == again


def test_the_options_of_the_rule(file: Path) -> None:
    doc = json.loads(
        run(file, "--format", "json", "--base", "4", "--run", "2", "--new-information", "0", "--title", "T").stdout
    )
    assert {name: doc["guest"][name] for name in ("base", "run", "threshold")} == {"base": 4, "run": 2, "threshold": 0}
    assert doc["title"] == "T"


def test_refusals_say_what_to_do(file: Path) -> None:
    for arguments, says in (
        (["--theme", "code"], 'has no column "code" (--theme)'),
        (["--by", "plan"], 'has no column "plan" (--by)'),
        (["-o", str(file)], "would write over"),
    ):
        found = run(file, *arguments)
        assert isinstance(found.exception, UserError)
        assert says in str(found.exception)
