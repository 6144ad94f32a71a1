"""Words that stand out in comments, said by several people."""

from __future__ import annotations

from winback.server.watch.wording import Word, risen

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
