"""VADER's figures for plain clauses; none for other languages."""

from __future__ import annotations

import pytest

from winback.text.sentiment import sentiment_of


def test_as_vader_itself() -> None:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    theirs = SentimentIntensityAnalyzer()
    for text in ("the staff were kind and helpful", "a terrible mess", "it is not good"):
        assert sentiment_of(text, "en") == pytest.approx(theirs.polarity_scores(text)["compound"], abs=1e-3)


def test_another_language_has_no_figure() -> None:
    assert sentiment_of("bardzo dobrze", "pl") is None
    assert sentiment_of("table", None) == 0.0


@pytest.mark.parametrize(
    ("language", "good", "bad"),
    [
        ("en", "fast and reliable", "slow, and I waited an hour"),
        ("en", "no complaints", "didn't answer, slow"),
        ("de", "sehr freundlich und schnell", "unfreundlich, viel zu teuer"),
        ("de", "keine Probleme", "nicht zufrieden"),
        ("de", "läuft stabil", "funktioniert leider nicht"),
        ("fr", "très bon accueil", "service lamentable, trop cher"),
        ("fr", "aucun problème", "ça ne marche pas"),
        ("es", "atención excelente", "pésimo servicio"),
        ("es", "sin problemas", "no funciona"),
        ("pt", "ótimo produto, recomendo", "veio quebrado e com defeito"),
        ("pt", "sem problemas", "não gostei"),
    ],
)
def test_praise_and_complaint_in_five_languages(language: str, good: str, bad: str) -> None:
    high, low = sentiment_of(good, language), sentiment_of(bad, language)
    assert high is not None and low is not None
    assert high > 0.2 and low < -0.2


def test_more_is_more_and_a_denial_turns() -> None:
    assert sentiment_of("gut", "de") == pytest.approx(2.2 / (2.2**2 + 15) ** 0.5, abs=1e-4)
    assert sentiment_of("sehr gut", "de") == pytest.approx(2.493 / (2.493**2 + 15) ** 0.5, abs=1e-4)
    assert sentiment_of("nicht gut", "de") == pytest.approx(-1.628 / (1.628**2 + 15) ** 0.5, abs=1e-4)


def test_pictures_speak_every_language() -> None:
    assert sentiment_of("👍👍", None) == pytest.approx(4.4 / (4.4**2 + 15) ** 0.5, abs=1e-4)
    assert sentiment_of("Obsługa 😡", "pl") == pytest.approx(-3 / 24**0.5, abs=1e-4)
    assert sentiment_of(":(", "fr") == sentiment_of(":(", "en")
