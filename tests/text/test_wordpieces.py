"""The longest piece first, and accents are no obstacle."""

from __future__ import annotations

from winback.text.wordpieces import WordNumbers, WordPieces, plain

PIECES = WordPieces({"un": 0, "##happy": 1, "unhappy": 2, "##ly": 3, "cafe": 4, "!": 5})


def test_the_longest_piece_first() -> None:
    assert PIECES(["Unhappyly!", "un"]) == [[2, 3, 5], [0]]


def test_a_word_that_cannot_be_cut_has_no_piece() -> None:
    assert PIECES(["zzz café", "u" * 61]) == [[4], []]


def test_plain() -> None:
    assert plain("Größe ÉTÉ") == "große ete"


def test_words_have_numbers_and_are_cut_once() -> None:
    numbers = WordNumbers(WordPieces({"late": 0, "deliver": 1, "##y": 2}), remembered=3)
    told = numbers(["Late delivery", "", "late zzz"])
    assert list(told.words) == ["late", "delivery", "zzz"]
    assert told.flat.tolist() == [0, 1, 0, 2] and told.ends.tolist() == [0, 2, 2, 4]
    pieces, ends = told.in_pieces()
    assert pieces.tolist() == [0, 1, 2, 0] and ends.tolist() == [0, 3, 3, 4]
    numbers(["y late"])
    again = numbers(["delivery"])  # more than it remembers: it began anew
    assert list(again.words) == ["delivery"] and again.in_pieces()[0].tolist() == [1, 2]
