"""`winback localise`: two windows of answers, cubes, and what cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.csv
import pytest
from click.testing import CliRunner

from tests.analysis.fires import answers
from winback.cli.localise import localise
from winback.errors import UserError


def _run(*words: object) -> str:
    ran = CliRunner().invoke(localise, [str(word) for word in words])
    if ran.exception and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    assert ran.exit_code == 0, ran.output
    return ran.stdout


def test_the_last_four_weeks_of_answers(tmp_path: Path) -> None:
    pyarrow.csv.write_csv(answers(1, burning=4), tmp_path / "a.csv")
    doc = json.loads(_run(tmp_path / "a.csv", "--by", "region", "--by", "plan", "--format", "json"))
    assert [finding["attributes"] for finding in doc["findings"]] == [{"region": "North", "plan": "Business"}]
    text = _run(
        tmp_path / "a.csv",
        "--by",
        "region",
        "--format",
        "md",
        "--before",
        "2026-01-01:2026-06-30",
        "--after",
        "2026-10-05:2026-11-01",
    )
    assert "What explains it" in text


def test_cubes(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(
        "ts,region,bad,cnt\n"
        + "".join(f"{t},{r},{8 if t == 3 and r == 'N' else 1},20\n" for t in (1, 2, 3) for r in "NSWE")
    )
    assert (
        json.loads(_run(tmp_path / "c.csv", "--bad", "bad", "--total", "cnt", "--at", "ts", "--format", "json"))["kind"]
        == "share"
    )
    assert (
        json.loads(_run(tmp_path / "c.csv", "--bad", "bad", "--total", "cnt", "--at", "2", "--format", "json"))[
            "findings"
        ]
        == []
    )
    assert (
        json.loads(_run(tmp_path / "c.csv", "--actual", "bad", "--forecast", "cnt", "--format", "json"))["kind"]
        == "sum"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--actual", "bad"], "both --actual and --forecast"),
        (["--bad", "bad"], "all of --bad, --total and --at"),
        (["--case", "region"], "--case goes with a cube"),
    ],
)
def test_what_cannot_be_is_said(tmp_path: Path, words: list[str], said: str) -> None:
    (tmp_path / "c.csv").write_text("score,region,bad\n3,N,1\n9,S,2\n")
    with pytest.raises(UserError, match=said):
        _run(tmp_path / "c.csv", *words)


def test_answers_need_dates_and_windows_that_are_windows(tmp_path: Path) -> None:
    (tmp_path / "n.csv").write_text("score,region\n3,N\n9,S\n10,S\n")
    with pytest.raises(UserError, match="no column of dates"):
        _run(tmp_path / "n.csv")
    (tmp_path / "d.csv").write_text("score,date\n3,2026-01-01\n10,2026-02-01\n")
    with pytest.raises(UserError, match="is no window"):
        _run(tmp_path / "d.csv", "--after", "soon")
    with pytest.raises(UserError, match="ends before it begins"):
        _run(tmp_path / "d.csv", "--after", "2026-02-01:2026-01-01")
