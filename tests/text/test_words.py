"""Words as they stand, those that tell nothing, and the language that small words are of."""

from __future__ import annotations

import pytest

from winback.text.words import bare, language_of_words, stop_words, tells, words_of


def test_words_as_they_stand() -> None:
    found = words_of("The driver’s PIN-code. Late again!")
    assert [word.said for word in found] == ["The", "driver", "PIN", "code", "Late", "again"]
    assert [word.first for word in found] == [True, False, False, False, True, False]
    assert [word.beside for word in found] == [False, True, True, False, False, True]
    assert words_of("12 … !") == []
    assert [word.said for word in words_of("1st class, 20mg COVID19")] == ["class", "COVID"]


@pytest.mark.parametrize("word", ["the", "wasn't", "don't", "dont", "x", "nicht", "nao", "também", "très", "muy"])
def test_what_tells_nothing(word: str) -> None:
    assert not tells(word)


@pytest.mark.parametrize("word", ["bill", "call", "bin", "l'appli", "tempo", "rechnung"])
def test_what_tells(word: str) -> None:
    assert tells(word)


def test_a_word_may_tell_in_one_language_only() -> None:
    assert tells("bin", "en") and not tells("bin", "de")
    assert tells("plus") and not tells("plus", "fr")
    assert "grossen" not in stop_words("de")


def test_the_language_of_many_words() -> None:
    assert language_of_words(["die", "rechnung", "ist", "nicht", "richtig"]) == "de"
    assert language_of_words(["o", "produto", "não", "chegou", "no", "prazo"]) == "pt"
    assert language_of_words(["router"]) is None
    assert bare("Ótimo") == "Otimo"
