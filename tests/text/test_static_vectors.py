"""Vectors that come with winback: words it does not know are like themselves, English is read as ever, four languages beside it."""

from __future__ import annotations

import numpy as np

from winback.text.embedding import embedder
from winback.text.static_vectors import FiveLanguages, Static


def test_a_word_not_in_the_vocabulary_is_like_itself() -> None:
    rows = Static().embed(["Lieferverzögerung", "lieferverzögerungen", "Parkplatznot"])
    assert rows[0] @ rows[1] > rows[0] @ rows[2]


def test_english_is_read_as_by_the_english_table_bit_by_bit() -> None:
    said = [
        "My delivery was late",
        "Top!",
        "n/a",
        "",
        "Die Another Day",
        "A gift from our chat, main reason: the bill",
        "overcharged £12",
    ]
    assert embedder("static-5").embed(said).tobytes() == embedder("static").embed(said).tobytes()


def test_a_text_is_read_the_same_whatever_stands_beside_it() -> None:
    said = [
        "Die Rechnung war falsch",
        "The bill was wrong",
        "",
        "La factura estaba equivocada",
        "wasserrechnung xqzzyk",
    ]
    whole, by = embedder().embed(said), FiveLanguages()
    for place in (3, 0, 4, 1, 2):
        np.testing.assert_allclose(by.embed([said[place]])[0], whole[place], atol=1e-6)
