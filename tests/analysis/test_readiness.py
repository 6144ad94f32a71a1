"""What the data allow, and what would open the next analysis."""

from __future__ import annotations

import re

from tests.repo.tracked import ROOT
from winback.analysis.readiness import Facts, readiness
from winback.cli.main import COMMANDS

FULL = Facts(
    answers=5000, months=24, dated=True, attributes=4, comments=3000, customers=True, respondents=True, money=True,
    periods=24, departures=300, contacts=True, invitations=True, referrals=True,
)  # fmt: skip


def test_everything_is_open() -> None:
    found = readiness(FULL)
    assert [ready.analysis for ready in found if not ready.possible] == []
    assert all(ready.opens is None for ready in found)


def test_a_bare_file_says_what_opens_each() -> None:
    found = {ready.analysis: ready for ready in readiness(Facts(answers=50))}
    assert [name for name, ready in found.items() if ready.possible] == ["nps"]
    assert all(ready.opens for name, ready in found.items() if name != "nps")
    assert found["trend"].opens == "the date of the answer: --date COL"
    assert found["at_risk"].opens == "who left and when: --departures FILE"


def test_too_few_answers_have_no_score() -> None:
    assert readiness(Facts(answers=3))[0].possible is False


def test_every_answer_is_a_sentence() -> None:
    for facts in (FULL, Facts(), Facts(dated=True, months=1), Facts(departures=0, periods=12)):
        assert all(ready.sentence.endswith(".") for ready in readiness(facts))


def test_it_names_only_what_stands() -> None:
    said = " ".join(f"{ready.sentence} {ready.opens}" for facts in (FULL, Facts()) for ready in readiness(facts))
    assert set(re.findall(r"winback ([a-z]+)", said)) <= set(COMMANDS)
    page = (ROOT / "docs" / "reference" / "report.md").read_text()
    assert [flag for flag in re.findall(r"--[a-z-]+", said) if f"`{flag}" not in page] == []
    # Each line is a part of the report, or a way to count its figures; what is still to come has no line.
    assert {ready.analysis for ready in readiness(FULL)} == {
        "nps", "once", "segments", "trend", "decompose", "voices", "profit", "at_risk", "earned_growth", "response", "contacts",
    }  # fmt: skip
