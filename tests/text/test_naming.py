"""Names are words that customers used, and quotations are theirs word for word."""

from __future__ import annotations

import numpy as np

from winback.text.naming import name_of, quotations, telling_words


def test_a_word_that_is_everywhere_tells_less() -> None:
    words = telling_words([["late parcel lost", "parcel late"], ["rude agent parcel", "rude agent"]])
    assert words[0][0] == "late" and set(words[1][:2]) == {"agent", "rude"}
    assert name_of(("late", "parcel", "lost", "box")) == "Late, parcel, lost"
    assert name_of(()) == "Without telling words"


def test_contractions_and_small_words_of_five_languages_tell_nothing() -> None:
    said = [
        ["I've waited, we'll wait, it wasn’t the driver's fault"],
        ["Die Rechnung war nicht richtig", "L'appli est très lente"],
        ["La factura no es muy clara", "O produto não foi entregue"],
    ]
    words = telling_words(said)
    assert set(words[0]) == {"waited", "wait", "driver", "fault"}
    assert set(words[1]) == {"rechnung", "richtig", "appli", "lente"}
    assert set(words[2]) == {"factura", "clara", "produto", "entregue"}


def test_quotations_are_the_nearest_each_once_and_fit_to_be_read() -> None:
    rows = np.array([[1, 0], [1, 0], [0.9, 0.1], [0, 1]], dtype=np.float32)
    texts = ["The parcel was late again", "the parcel was LATE again", "Late", "An agent was rude to me"]
    assert quotations(texts, rows, np.array([1, 0], dtype=np.float32)) == (texts[0], texts[3])
