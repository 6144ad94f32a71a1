"""Proposals wait in the codebook, change nothing, and are accepted or refused by a person."""

from __future__ import annotations

import pytest

from tests.analysis.themed import ALL, PARK
from winback.analysis.codebook import Codebook, Theme, assign, emerging, make_codebook
from winback.analysis.proposals import Proposal, decide, emerged, with_proposals
from winback.errors import UserError

KEY = "late"
BOOK = Codebook((Theme(KEY, "Late, days", words=("late",)), Theme("staff", "Kind staff")))


def test_a_theme_that_comes_up_is_coded_once_it_is_accepted() -> None:
    made = make_codebook([one for one in ALL if one not in PARK], themes=2)
    found = emerged(emerging(PARK, made))
    assert found and {(one.kind, one.by) for one in found} == {("theme", "winback")}
    assert all(set(one.evidence) <= set(PARK) for one in found)
    waiting = Codebook.from_json(with_proposals(made, found).to_json())
    assert waiting.proposals == tuple(found) and waiting.themes == made.themes
    assert assign(ALL, waiting).equals(assign(ALL, made))  # nothing is applied
    book = decide(waiting, accept=[one.id for one in found])
    assert not book.proposals and len(book.themes) == len(made.themes) + len(found)
    coded = {row["theme"] for row in assign(PARK, book).to_pylist() if row["rank"] == 1}
    assert coded == {one.theme for one in found}


def test_names_and_codings() -> None:
    name = Proposal("name-1", "name", "some-model", KEY, "Late parcels", "Things come late.", ("days late",))
    coding = Proposal("coding-1", "coding", "some-model", KEY, evidence=("came late",), text="It came late")
    waiting = with_proposals(BOOK, [name, coding])
    book = decide(waiting, accept=["name-1"])
    assert (book.theme(KEY).name, book.theme(KEY).definition, book.theme(KEY).origin) == (
        "Late parcels",
        "Things come late.",
        "person",
    )
    assert [one.id for one in book.proposals] == ["coding-1"]
    assert decide(book, accept=["coding-1"]).learned == (("It came late", (KEY,)),)
    refused = decide(waiting, refuse=["name-1", "coding-1"])
    assert refused == BOOK


def test_the_later_of_two_with_one_id_waits() -> None:
    first, second = (Proposal("name-1", "name", "m", KEY, name) for name in ("A", "B"))
    assert with_proposals(with_proposals(BOOK, [first]), [second]).proposals == (second,)


def test_refusals() -> None:
    waiting = with_proposals(BOOK, [Proposal("a", "name", "m", "gone", "X"), Proposal("b", "theme", "m", KEY, "X")])
    for accept, refuse, says in (
        (["c"], [], "No proposal"), (["a"], ["a"], "at once"), (["a"], [], "no theme .gone. any more"), (["b"], [], "already"),
    ):  # fmt: skip
        with pytest.raises(UserError, match=says):
            decide(waiting, accept=accept, refuse=refuse)
    with pytest.raises(UserError, match="cannot be read"):
        Codebook.from_json(waiting.to_json().replace('"kind": "name"', '"kind": "order"'))
