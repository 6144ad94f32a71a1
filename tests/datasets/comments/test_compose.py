from __future__ import annotations

import re
from dataclasses import fields

import numpy as np
import pytest

from winback.datasets.comments import (
    LANGUAGES,
    NOTHING,
    PRAISE,
    THEMES,
    TROUBLES,
    VOICE_SHARES,
    VOICES,
    Occasion,
    compose,
    english,
    german,
)
from winback.datasets.comments.fragments import Frame, Theme
from winback.datasets.comments.slots import known_slots, slots_in
from winback.tables import Tables

RUDE = re.compile(
    r"\b(fuck\w*|shit\w*|bastards?|arse\w*|crap|damn|hell|kill\w*|scheiß\w*|arsch\w*|verdammt\w*|bloody|idiot\w*)\b",
    re.I,
)


def pieces(of: Theme | Frame) -> list[str]:
    """All pieces of a theme or a frame."""
    found: list[str] = []
    for item in fields(of):
        value = getattr(of, item.name)
        for part in value.values() if isinstance(value, dict) else [value]:
            found += [part] if isinstance(part, str) else list(part)
    return found


EVERYTHING = [
    (language, piece)
    for language, module in (("en", english), ("de", german))
    for of in (*module.TROUBLES, *module.PRAISE, module.FRAME)
    for piece in pieces(of)
]


def occasions(number: int, seed: int) -> list[Occasion]:
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(number):
        band = int(rng.choice(3, p=[0.25, 0.32, 0.43]))
        trouble = rng.random() < (0.95, 0.5, 0.08)[band]
        theme = int(rng.integers(0, len(TROUBLES))) if trouble else int(rng.integers(len(TROUBLES), len(THEMES)))
        score = int(rng.integers(*((0, 7), (7, 9), (9, 11))[band]))
        language = "de" if rng.random() < 0.15 else "en"
        voice = int(rng.choice(len(VOICES), p=VOICE_SHARES))
        made.append(
            Occasion(
                theme,
                band,
                language,
                voice,
                bool(rng.random() < 0.4),
                score,
                int(rng.integers(1, 13)),
                bool(rng.random() < 0.1),
            )
        )
    return made


@pytest.mark.parametrize("seed", [1, 2])
def test_five_thousand_comments_read_varied(seed: int) -> None:
    texts = compose(np.random.default_rng(seed), occasions(5000, seed))
    longer = [text for text in texts if len(text.split()) >= 5]
    assert len(longer) > 3000
    assert len(set(longer)) / len(longer) > 0.95
    assert 0.03 < np.mean([len(text.split()) == 1 for text in texts]) < 0.15
    assert max(len(text) for text in texts) > 200


def test_the_samples_own_comments_are_varied_too(tables: Tables) -> None:
    longer = [text for text in tables.feedback["comment"].drop_null().to_pylist() if len(text.split()) >= 5]
    assert len(set(longer)) / len(longer) > 0.95


def test_nothing_is_left_to_fill_in(tables: Tables) -> None:
    for text in tables.feedback["comment"].drop_null().to_pylist():
        assert text == text.strip()
        assert not re.search(r"[{}\[\]|]|  |\.\.|\bNone\b", text), text


def test_the_same_generator_writes_the_same() -> None:
    given = occasions(300, 3)
    assert compose(np.random.default_rng(5), given) == compose(np.random.default_rng(5), given)
    assert compose(np.random.default_rng(5), given) != compose(np.random.default_rng(6), given)


def test_both_languages_know_the_same_themes() -> None:
    assert LANGUAGES == ("en", "de")
    assert [theme.name for theme in german.TROUBLES] == [theme.name for theme in english.TROUBLES] == list(TROUBLES)
    assert [theme.name for theme in german.PRAISE] == [theme.name for theme in english.PRAISE] == list(PRAISE)
    assert (*TROUBLES, *PRAISE, NOTHING) == THEMES


def test_there_are_hundreds_of_pieces() -> None:
    assert sum(language == "en" for language, _ in EVERYTHING) > 600
    assert sum(language == "de" for language, _ in EVERYTHING) > 250
    for module in (english, german):
        for theme in (*module.TROUBLES, *module.PRAISE):
            for name in ("short", "plain", "mild", "after"):
                assert getattr(theme, name), (theme.name, name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_slot_can_be_filled(language: str) -> None:
    asked = {slot for where, piece in EVERYTHING if where == language for slot in slots_in(piece)}
    assert asked - known_slots(language) == set()


def test_no_rude_word_and_no_word_of_ours() -> None:
    for _, piece in EVERYTHING:
        assert not RUDE.search(piece), piece
        assert not re.search(r"detractor|promoter|NPS", piece), piece


def test_an_english_speaker_never_writes_german() -> None:
    german_words = re.compile(r"\b(und|nicht|der|die|das|ist|ich|kein|sehr)\b")
    english_words = re.compile(r"\b(the|and|not|is|with|very)\b")
    given = occasions(2000, 7)
    for occasion, text in zip(given, compose(np.random.default_rng(7), given), strict=True):
        assert not (german_words if occasion.language == "en" else english_words).search(text), text


def test_a_household_has_no_till_and_a_company_no_homework() -> None:
    rng = np.random.default_rng(8)
    theme = THEMES.index("Evening slowdowns")
    texts = {work: " ".join(compose(rng, [Occasion(theme, 0, "en", 1, work, 3, 5)] * 300)) for work in (True, False)}
    assert "homework" in texts[False] and "homework" not in texts[True]
    assert "card machine" in texts[True] and "card machine" not in texts[False]
