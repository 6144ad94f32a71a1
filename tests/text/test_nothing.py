"""What says nothing names no theme."""

from __future__ import annotations

import pytest

from winback.text.nothing import says_nothing


@pytest.mark.parametrize(
    "comment",
    [
        "",
        "  ",
        "n/a",
        "N/A.",
        "Nothing.",
        "Did not answer",
        "nada",
        "Keine Angabe",
        "RAS",
        "...",
        "no  comment!",
        "???",
        "Nothing. Nothing.",
        "No no no",
        "nothing " * 100,
        "No, nothing.",
        "5",
        "10/10",
        "k. A.",
        "Keine Angabe, nichts!",
        "nichts hinzuzufügen",
        "rien à signaler",
        "Rien a dire.",
        "R. A. S.",
        "sin comentarios",
        "Ningún comentario",
        "ns/nc",
        "sem comentarios",
        "Nada a declarar!",
        "NÃO SEI",
        "niente",
        "brak",
        "特になし",
    ],
)
def test_nothing(comment: str) -> None:
    assert says_nothing(comment)


@pytest.mark.parametrize(
    "comment",
    [
        "Nothing works",
        "No parking",
        "❤",
        "nada funciona",
        "slow",
        "Nothing. " * 10 + "The lift is broken",
        "No 5G",
        "nichts geht mehr",
        "rien ne marche",
        "nada mal",
        "no signal",
        "👍",
        "sin conexión",
        "none of your staff rang back, none of them",
    ],
)
def test_something(comment: str) -> None:
    assert not says_nothing(comment)
