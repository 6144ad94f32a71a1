"""VADER's figures for plain clauses; none for other languages."""

from __future__ import annotations

import pytest

from winback.text.sentiment import sentiment_of


def test_as_vader_itself() -> None:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    theirs = SentimentIntensityAnalyzer()
    for text in ("the staff were kind and helpful", "a terrible wait", "it is not good"):
        assert sentiment_of(text, "en") == pytest.approx(theirs.polarity_scores(text)["compound"], abs=1e-3)


def test_another_language_has_no_figure() -> None:
    assert sentiment_of("sehr gut", "de") is None
    assert sentiment_of("table", None) == 0.0
