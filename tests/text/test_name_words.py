"""Which words are first names, and which say more than that."""

from __future__ import annotations

from winback.text.name_words import is_common, is_first


def test_a_first_name_that_is_a_word_too_is_none_alone() -> None:
    assert is_first("Sarah", alone=True) and is_first("José", alone=True) and is_first("Petra", alone=True)
    assert is_first("Grace") and not is_first("Grace", alone=True)
    assert not is_first("Paris") and not is_first("May")


def test_words_that_every_sentence_needs() -> None:
    assert is_common("the") and is_common("Wird") and is_common("equipo")
    assert not is_common("Schmidt")
