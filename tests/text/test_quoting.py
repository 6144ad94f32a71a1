"""Quotations are customers' own, word for word: whole, readable, unlike each other, of nobody by name."""

from __future__ import annotations

import numpy as np
import pytest

from winback.text.quoting import quotations


def test_quotations_are_the_nearest_each_once_and_fit_to_be_read() -> None:
    rows = np.array([[1, 0], [1, 0], [0.9, 0.1], [0, 1]], dtype=np.float32)
    texts = ["The parcel was late again", "the parcel was LATE again!", "Late", "An agent was rude to me"]
    assert quotations(texts, rows, np.array([1, 0], dtype=np.float32)) == (texts[0], texts[3])


@pytest.mark.parametrize("named", ["Thanks to Sarah the line is back", "Ms Vogt put the line right"])
def test_quotations_that_name_a_person_come_last(named: str) -> None:
    rows = np.array([[1, 0], [0.9, 0.1], [0.8, 0.2]], dtype=np.float32)
    texts = [named, "The line was put right at once", "The line is back as promised"]
    assert quotations(texts, rows, rows[0], number=2) == (texts[1], texts[2])
    assert quotations(texts, rows, rows[0], number=3)[2] == named


def test_quotations_that_hold_a_number_or_an_address_come_last() -> None:
    rows = np.ones((3, 1), dtype=np.float32)
    texts = [
        "Please write to me at jo@example.org",
        "The line was put right at once",
        "Ring me on +44 20 7946 0018 again",
    ]
    assert quotations(texts, rows, rows[0], number=1) == (texts[1],)
    assert set(quotations(texts, rows, rows[0])) == set(texts)


def test_whole_sentences_come_before_pieces_and_what_says_the_same_comes_last() -> None:
    rows = np.array([[1, 0], [0.9, 0.1], [0.8, 0.2], [0.7, 0.3]], dtype=np.float32)
    texts = [
        "and nobody called",
        "Nobody ever called me back",
        "So nobody called me back ever",
        "I waited all week for a reply",
    ]
    assert quotations(texts, rows, rows[0]) == (texts[1], texts[3], texts[0], texts[2])
