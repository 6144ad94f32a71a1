"""A word is denied by what stands close before it, in two languages behind it, and by nothing across an "and"."""

from __future__ import annotations

import pytest

from winback.text.denials import denied_at, denies
from winback.text.words import words_of


@pytest.mark.parametrize(
    ("text", "word", "language", "said"),
    [
        ("I have no complaints", "complaints", "en", "no complaints"),
        ("We did not receive it", "receive", "en", "not receive"),
        ("No help and staff", "staff", "en", None),
        ("No. Staff", "staff", "en", None),
        ("Die Leitung geht nicht", "geht", "de", "geht nicht"),
        ("L'appli ne fonctionne pas", "fonctionne", "fr", "fonctionne pas"),
        ("no prazo", "prazo", "pt", None),
        ("Nothing works", "works", None, "nothing works"),
    ],
)
def test_a_word_with_what_denies_it(text: str, word: str, language: str | None, said: str | None) -> None:
    words = words_of(text)
    reach = denied_at(words, [one.plain for one in words].index(word), language)
    assert (reach and " ".join(one.plain for one in words[reach[0] : reach[1] + 1])) == said


def test_the_same_word_denies_in_one_language_only() -> None:
    assert denies("no", "en") and not denies("no", "pt") and denies("não", "pt")
