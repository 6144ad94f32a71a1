"""The longest piece first, and accents are no obstacle."""

from __future__ import annotations

from winback.text.wordpieces import WordPieces, plain

PIECES = WordPieces({"un": 0, "##happy": 1, "unhappy": 2, "##ly": 3, "cafe": 4, "!": 5})


def test_the_longest_piece_first() -> None:
    assert PIECES(["Unhappyly!", "un"]) == [[2, 3, 5], [0]]


def test_a_word_that_cannot_be_cut_has_no_piece() -> None:
    assert PIECES(["zzz café", "u" * 61]) == [[4], []]


def test_plain() -> None:
    assert plain("Größe ÉTÉ") == "große ete"
