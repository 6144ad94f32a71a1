"""Words that stand out in comments, said by several people."""

from __future__ import annotations

from winback.server.watch.wording import Word, is_praise, risen, unpraised

BEFORE = [("the bill is too high and the line is slow", n) for n in range(30)]


def test_a_word_that_many_use_now_stands_out() -> None:
    now = [("nobody came to the appointment, the line is fine", n) for n in range(10)]
    found = risen(now, BEFORE)
    assert {word.text for word in found} == {"appointment", "came", "nobody", "fine"}
    assert Word("appointment", 10, 10, 0, 30) in found


def test_a_word_of_two_people_is_nobody_s_business() -> None:
    now = [("ask Gallagher about it", n % 2) for n in range(10)] + [("it is slow", 9)]
    assert risen(now, BEFORE) == []


def test_what_they_always_say_does_not_stand_out() -> None:
    assert risen(BEFORE[:12], BEFORE) == []
    assert risen([], BEFORE) == [] and risen(BEFORE, []) == []


def test_clauses_that_praise_are_left_out() -> None:
    assert unpraised("The woman was nice and helpful, but nobody came.") == "but nobody came."
    assert unpraised("Nobody came. It was not helpful at all.") == "Nobody came. It was not helpful at all."
    assert unpraised("Super freundlich") == ""
    assert unpraised("Leider kam auch diesmal niemand") == "Leider kam auch diesmal niemand"
    assert unpraised("") == "" and unpraised("!!") == ""


def test_whether_words_praise() -> None:
    assert [is_praise(text) for text in ("The staff were friendly", "The staff were rude", "Nobody came")] == [
        True,
        False,
        False,
    ]
    assert is_praise("Das Personal war immer sehr freundlich") is True
    assert is_praise("Obsługa była bardzo miła") is None, "of Polish no words are known"
