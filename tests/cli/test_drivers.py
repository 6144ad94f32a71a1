"""`winback drivers`: what it prints and writes, every field of its JSON documented, and when it refuses."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from tests.cli.test_saturation import keys
from tests.repo.tracked import ROOT
from tests.stats.worlds import ratings
from winback.cli.drivers import drivers
from winback.errors import UserError

DRIVERS = ("--driver", "support", "--driver", "Bill", "--driver", "plan")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(drivers, [str(argument) for argument in arguments])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    values = ratings(160, 2, np.random.default_rng(2)).astype(int)
    rows = [
        f"2026-0{1 + at % 6}-01,C{at},{row[2]},{row[0]},{'' if at % 4 == 0 else row[1]},{'good' if at % 3 else ''}"
        for at, row in enumerate(values)
    ]
    path = tmp_path / "answers.csv"
    path.write_text("date,customer,nps,support,bill,comment\n" + "\n".join(rows) + "\n")
    (tmp_path / "customers.csv").write_text(
        "customer,plan\n" + "\n".join(f"C{at},{('Home', 'Work')[at % 2]}" for at in range(160)) + "\n"
    )
    return path


def test_it_says_what_goes_with_the_score(file: Path) -> None:
    found = run(file, *DRIVERS, "--customers", file.parent / "customers.csv")
    assert found.exit_code == 0, found.exception
    assert "of the differences in score go with these 3 drivers" in found.stderr
    assert "Association, not cause." in found.stderr
    assert "What goes with the score" in (file.parent / "answers.csv.drivers.html").read_text()


def test_every_field_of_the_json_is_documented(file: Path) -> None:
    found = run(file, *DRIVERS, "--customers", file.parent / "customers.csv", "--by", "plan", "--format", "json")
    doc = json.loads(found.stdout)
    page = (ROOT / "docs" / "reference" / "drivers.md").read_text()
    assert keys(doc) - set(re.findall(r"`([a-z_0-9]+)`", page)) == set()
    assert [row["driver"] for row in doc["drivers"]][:2] == ["support", "bill"]
    assert {part["segment"] for part in doc["segments"]} == {"Home", "Work"}


def test_window_values_and_scale(file: Path) -> None:
    found = run(file, "--driver", "support", "--since", "2026-02-01", "--until", "2026-05-31", "--format", "json",
                "--driver-blank", "7", "--driver-scale", "0-10", "--nested", "support", "--replicates", "50")  # fmt: skip
    doc = json.loads(found.stdout)
    assert doc["answers"] == sum(1 for at in range(160) if 1 <= at % 6 <= 4)
    assert (doc["drivers"][0]["nested"], doc["drivers"][0]["scale"]) == (True, "0-10")
    assert doc["drivers"][0]["answered"] < doc["answers"]


def test_same_seed_same_document(file: Path) -> None:
    first, again = (json.loads(run(file, "--driver", "support", "--format", "json").stdout) for _ in range(2))
    first.pop("made_at"), again.pop("made_at")
    assert first == again


def test_refusals_say_what_to_do(file: Path) -> None:
    for arguments, says in (
        ([], "at least one driver with --driver COL"),
        (["--driver", "colour"], 'has no column "colour" (--driver)'),
        (["--driver", "comment", "--since", "soon"], '--since "soon" is no date'),
        (["--driver", "customer", "--customer", "-"], "different values"),
        (["--driver", "support", "-o", str(file)], "would write over"),
        (["--driver", "support", "--driver", "NPS"], '"NPS" is the score'),
        (["--driver", "support", "--driver-scale", "five"], '--driver-scale "five" is not a range'),
    ):
        found = run(file, *arguments)
        assert isinstance(found.exception, UserError), (arguments, found.exception)
        assert says in str(found.exception)
