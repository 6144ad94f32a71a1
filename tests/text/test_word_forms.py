"""Forms of a word that are one, and words that only look alike."""

from __future__ import annotations

import pytest

from winback.text.word_forms import families


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("en", "app", "apps"), ("en", "listen", "listening"), ("en", "fix", "fixes"), ("en", "reply", "replied"),
        ("en", "reply", "replies"), ("en", "charge", "charging"), ("en", "ship", "shipped"), ("en", "quick", "quickly"),
        ("en", "listened", "listening"), (None, "answer", "answered"),
        ("de", "rechnung", "rechnungen"), ("de", "schnelle", "schnelles"), ("fr", "livraison", "livraisons"),
        ("fr", "commande", "commandes"), ("es", "rápido", "rápida"), ("pt", "ótimo", "otima"), ("pt", "reclamação", "reclamações"),
    ],
)  # fmt: skip
def test_one_word(language: str | None, first: str, second: str) -> None:
    found = families({first: 3, second: 2}, language)
    assert found == {first: first, second: first}


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("en", "car", "caring"), ("en", "friend", "friendly"), ("en", "new", "news"), ("en", "drive", "driver"),
        ("en", "pay", "payment"), ("en", "pas", "pass"), ("de", "technik", "techniker"), ("es", "casa", "caso"), ("it", "uno", "unos"),
    ],
)  # fmt: skip
def test_two_words(language: str, first: str, second: str) -> None:
    assert families({first: 3, second: 2}, language) == {first: first, second: second}


def test_the_most_frequent_form_stands_for_all() -> None:
    assert families({"wait": 2, "waited": 7, "waiting": 3, "waits": 1}, "en") == dict.fromkeys(
        ("wait", "waits", "waited", "waiting"), "waited"
    )
