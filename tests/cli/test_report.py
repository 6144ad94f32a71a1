"""`winback report`: where it writes, what it says, when it refuses."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.report.files import write, year
from winback.analysis.codebook import Codebook, Theme
from winback.cli.report import report
from winback.errors import UserError


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(report, [str(argument) for argument in arguments])


def test_html_goes_beside_the_file(tmp_path: Path) -> None:
    file = year(tmp_path)
    found = run(file)
    assert (found.exit_code, found.stdout) == (0, "")
    page = (tmp_path / "answers.csv.report.html").read_text(encoding="utf-8")
    assert "<title>Detractor review of answers.csv" in page
    assert "score        NPS  (detected)" in found.stderr
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_json_and_markdown_go_to_stdout(tmp_path: Path) -> None:
    file = year(tmp_path)
    found = run(file, "--format", "json")
    assert json.loads(found.stdout)["schema"] == "winback.report/1"
    assert run(file, "--format", "md").stdout.startswith("# Detractor review of answers.csv")
    assert json.loads(run(file, "--format", "json", "-o", "-").stdout)["overall"]["answers"] == 30
    run(file, "--format", "json", "-o", tmp_path / "out.json")
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["overall"]["answers"] == 30


def test_themes_by_a_codebook_or_not_at_all(tmp_path: Path) -> None:
    file, book = year(tmp_path), tmp_path / "book.json"
    kept = Codebook((Theme("fitter", "Fitter did not come"),)).with_learned(
        [("The fitter did not come, again.", ["fitter"])]
    )
    book.write_text(kept.to_json(), encoding="utf-8")
    found = json.loads(run(file, "--codebook", book, "--format", "json").stdout)["themes"]
    assert [(row["name"], row["customers"]) for row in found["themes"]] == [("Fitter did not come", 10)]
    assert json.loads(run(file, "--no-themes", "--format", "json").stdout)["themes"] is None
    for arguments, says in (
        (("--codebook", book, "--no-themes"), "contradict"),
        (("--codebook", tmp_path / "none.json"), "cannot be read"),
        (("--codebook", book, "-o", book), "write over"),
    ):
        refused = run(file, *arguments)
        assert isinstance(refused.exception, UserError) and says in str(refused.exception)


def test_rejected_rows_and_strict(tmp_path: Path) -> None:
    file = write(tmp_path / "r.csv", "score,why", [[9, "=1+1"], [11, "=cmd|' /C calc'!A0"], [3, "x"], [10, "y"]])
    kept = tmp_path / "rejected.csv"
    found = run(file, "--scale", "0-10", "--rejected", kept, "--format", "json")
    assert (found.exit_code, json.loads(found.stdout)["rejected"]) == (0, {"score_out_of_range": 1})
    with kept.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["line"] for row in rows] == ["3"]
    assert rows[0]["why"].startswith("'=")  # no spreadsheet runs it
    strict = run(file, "--scale", "0-10", "--strict")
    assert isinstance(strict.exception, UserError)
    assert 'line 3: score "11"' in str(strict.exception)
    assert run(file, "--scale", "0-10", "--blank", "11", "--strict", "--format", "json").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--since", "yesterday"], '--since "yesterday" is no date'),
        (["--tz", "Mars/Olympus"], "is no time zone"),
        (["--scale", "ten"], "is not a range"),
        (["--score", "Nps 2"], 'has no column "Nps 2"'),
        (["--leave-detractors", "0.3"], "go together"),
        (["--by", "Colour"], 'has no column "Colour"'),
        (["-o", "/nowhere/at/all.html"], "cannot be written"),
    ],
)
def test_refusals_say_what_to_do(tmp_path: Path, arguments: list[str], says: str) -> None:
    found = run(year(tmp_path), *arguments)
    assert isinstance(found.exception, UserError)
    assert says in str(found.exception)
