"""The codebook as a file."""

from __future__ import annotations

import pytest

from winback.analysis.codebook import Codebook, Theme
from winback.errors import UserError

BOOK = Codebook(
    (Theme("a", "Delivery"), Theme("late", "Late parcel", parent="a", examples=("It was late",), words=("late",))),
    model="static",
)


def test_there_and_back_again() -> None:
    taught = BOOK.with_learned([("It came late", ["late", "late"]), ("Fine", [])]).with_learned([("Fine", ["a"])])
    assert taught.learned == (("It came late", ("late",)), ("Fine", ("a",)))
    assert Codebook.from_json(taught.to_json()) == taught
    assert taught.to_json() == taught.to_json() and taught.to_json().endswith("}\n")


def test_themes_are_found_by_key_and_by_name() -> None:
    assert BOOK.find("late  PARCEL") == BOOK.theme("late") == BOOK.find("late")
    assert BOOK.find("x") is None and [theme.key for theme in BOOK.leaves()] == ["late"]
    with pytest.raises(KeyError):
        BOOK.theme("x")


@pytest.mark.parametrize(
    ("text", "says"),
    [("{", "cannot be read"), ("[]", "no codebook"), ('{"schema": "winback.codebook/1"}', "cannot be read"),
     ('{"schema": "winback.codebook/1", "themes": [], "colour": 1}', "cannot be read")],
)  # fmt: skip
def test_what_is_no_codebook_is_told(text: str, says: str) -> None:
    with pytest.raises(UserError, match=says):
        Codebook.from_json(text)


def test_keys_are_one_each_and_parents_are_there() -> None:
    with pytest.raises(UserError, match="two themes"):
        Codebook((Theme("a", "A"), Theme("a", "B")))
    with pytest.raises(UserError, match="lacks"):
        Codebook((Theme("a", "A", parent="b"),))
