"""Quotations of themes: telling ones first, two of each band, each said once."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from winback.analysis.codebook import Codebook, Theme
from winback.analysis.themes_quoted import quoted

BOOK = Codebook((Theme("late", "Late", words=("late", "parcel")),))


def coded(texts: list[str], sure: list[float]) -> pa.Table:
    rows = [
        {"row": place, "theme": "late", "confidence": one, "start": 0, "end": len(text)}
        for place, (text, one) in enumerate(zip(texts, sure, strict=True))
    ]
    return pa.Table.from_pylist([*rows, {**rows[0], "theme": None}])


def test_telling_first_two_of_each_band_each_said_once() -> None:
    texts = [
        "You asked me, so here it is.", "The parcel came late.", "the parcel  came LATE.", "Five days late, again.",
        "Late once more, and no word.", "Late, but a friendly driver.", "Late",
    ]  # fmt: skip
    scores = np.array([1, 2, 2, 3, 4, 9, 0])
    bands = np.array([0, 0, 0, 0, 0, 2, 0])
    found = quoted(coded(texts, [0.9, 0.5, 0.6, 0.4, 0.3, 0.2, 1.0]), BOOK, texts, scores, bands).to_pylist()
    assert [(row["said"], row["score"], row["band"]) for row in found] == [
        ("the parcel  came LATE.", 2, "detractor"), ("Five days late, again.", 3, "detractor"), ("Late, but a friendly driver.", 9, "promoter"),
    ]  # fmt: skip
    assert [row["rank"] for row in found] == [1, 2, 3]


def test_what_says_no_telling_word_is_better_than_nothing() -> None:
    texts = ["You asked me, so here it is."]
    found = quoted(coded(texts, [0.9]), BOOK, texts, np.array([1]), np.array([0]))
    assert found.column("said").to_pylist() == texts
