"""`winback proposals`: listed with their evidence, accepted and refused, the file written whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from winback.analysis.codebook import Codebook, Theme
from winback.analysis.proposals import Proposal
from winback.cli.proposals import proposals
from winback.errors import UserError

WAITING = (
    Proposal("name-late", "name", "some-model", "late", "Late parcels", "Things come late.", ("came late",)),
    Proposal(
        "new-park",
        "theme",
        "winback",
        "park",
        "Parking",
        evidence=("Parking cost 9 pounds",),
        comments=12,
        centre="AAAA",
    ),
    Proposal("coding-1", "coding", "some-model", "late", evidence=("late again",), text="It was late again"),
)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(proposals, [str(argument) for argument in arguments])


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.json"
    path.write_text(Codebook((Theme("late", "Late, days"),), proposals=WAITING).to_json(), encoding="utf-8")
    return path


def test_listed_with_who_proposes_and_evidence(book: Path) -> None:
    was = book.read_bytes()
    said = run(book).stdout
    for line in (
        "name-late  call “Late, days” “Late parcels”, proposed by some-model",
        "new-park  a new theme, “Parking” (12 comments), proposed by winback",
        "coding-1  code a comment as “Late, days”, proposed by some-model",
        "    “late again”",
        "    in the comment: It was late again",
    ):
        assert line in said
    listed = json.loads(run(book, "--format", "json").stdout)
    assert [one["id"] for one in listed] == ["name-late", "new-park", "coding-1"] and "centre" not in listed[0]
    assert book.read_bytes() == was


def test_accepted_and_refused(book: Path) -> None:
    ran = run(book, "--accept", "name-late", "--accept", "coding-1", "--refuse", "new-park")
    assert (ran.exit_code, ran.stdout) == (0, "Nothing waits in this codebook.\n")
    kept = Codebook.read(book)
    assert [theme.name for theme in kept.themes] == ["Late parcels"]
    assert kept.learned == (("It was late again", ("late",)),) and kept.proposals == ()


def test_refusals_leave_the_file(book: Path, tmp_path: Path) -> None:
    was = book.read_bytes()
    assert "No proposal" in str(run(book, "--accept", "name-late", "--refuse", "nothing").exception)
    assert book.read_bytes() == was
    assert isinstance(run(tmp_path / "none.json").exception, UserError)


def test_of_a_long_comment_what_stands_around_the_words_is_shown(tmp_path: Path) -> None:
    text = "before " * 100 + "late again " + "after " * 100
    one = Proposal("coding-1", "coding", "some-model", "late", evidence=("late again",), text=text)
    whole = Proposal("coding-2", "coding", "some-model", "late", evidence=("so late",), text="so late")
    path = tmp_path / "book.json"
    path.write_text(Codebook((Theme("late", "Late"),), proposals=(one, whole)).to_json(), encoding="utf-8")
    lines = run(path).stdout.splitlines()
    shown = next(line for line in lines if line.startswith("    in the comment: "))
    assert shown.startswith("    in the comment: … ") and shown.endswith(" …") and "before late again after" in shown
    assert len(shown) < 450 and sum("in the comment" in line for line in lines) == 1
