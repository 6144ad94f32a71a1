"""Names are phrases that customers used, each theme's its own."""

from __future__ import annotations

import numpy as np

from winback.text.naming import name_of, names
from winback.text.reading import read

SIDES = ["Bad side effects", "side effects every day", "terrible side effects", "The side effects are bad"]
LATE = ["My parcel came late", "the parcel was late", "a late parcel again", "late parcel, bad"]
PARCEL = ["I lost my parcel", "my parcel is lost", "the parcel got lost", "a parcel that they lost"]


def same(phrases: list[str]) -> np.ndarray:
    """Vectors by the letters of a phrase: only the same phrase lies in the same place."""
    return np.array([[ord(one[0]), len(one)] for one in phrases], dtype=np.float32) / 1000


def named(*groups: list[str], beside: tuple[list[str], ...] = (), taken: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    return names(read([*groups, *beside]), np.ones((len(groups), 2), dtype=np.float32), same, taken=taken)


def test_a_phrase_before_a_word_and_no_invented_text() -> None:
    found = named(SIDES, LATE)
    assert found[0][0] == "side effects" and found[1][0] == "late parcel"
    for phrases, texts in zip(found, (SIDES, LATE), strict=True):
        assert all(any(phrase.casefold() in text.casefold() for text in texts) for phrase in phrases)


def test_what_two_themes_share_names_neither() -> None:
    late, lost = named(LATE, PARCEL)
    assert late[0] == "late parcel" and lost[0] != "parcel" and late != lost


def test_a_name_that_is_taken_is_not_given_again() -> None:
    (found,) = named(SIDES, beside=(LATE,), taken=("Side effects",))
    assert found and found[0] != "side effects"


def test_a_group_alone_and_one_without_words() -> None:
    assert named(SIDES)[0][0] == "side effects"
    assert named(["👍", "👍"], SIDES)[0] == ()


def test_the_nearer_phrase_is_the_better_name() -> None:
    texts = ["late parcel", "rude agent", "a late parcel", "the rude agent"]
    said = read([texts, ["bill"] * 4])

    def vectors(phrases: list[str]) -> np.ndarray:
        return np.array([[1, 0] if "agent" in one else [0, 1] for one in phrases], dtype=np.float32)

    middle = np.eye(2, dtype=np.float32)
    assert names(said, middle[[0, 1]], vectors)[0][0] == "rude agent"
    assert names(said, middle[[1, 0]], vectors)[0][0] == "late parcel"


def test_name_of() -> None:
    assert name_of(("late parcel", "rude", "lost", "box")) == "Late parcel, rude, lost"
    assert name_of(("PIN", "ATM")) == "PIN, ATM"
    assert name_of(()) == "Without telling words"
