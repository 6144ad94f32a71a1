"""Phrases are words that stand together, in any order and form, and are shown as they are mostly written."""

from __future__ import annotations

from winback.text.phrases import NOT, bare, candidates, phrases_of
from winback.text.reading import read


def found(texts: list[str]) -> dict[str, float]:
    (one,) = read([texts])
    return {said: share for _, said, share in candidates(one, phrases_of(one, {}), 20)}


def test_small_words_link_and_order_does_not_matter() -> None:
    said = found(["The driver was pleasant", "Pleasant driver", "A pleasant driver, thank you", "The bus was late"])
    assert said["pleasant driver"] == 0.75
    assert "bus" not in said  # once


def test_what_mostly_goes_on_is_no_phrase() -> None:
    said = found(["direct debit failed", "my direct debit again", "a direct debit there", "the debit is wrong"])
    assert "direct debit" in said and "direct" not in said and "debit" not in said


def test_what_is_mostly_denied_is_a_phrase_with_its_denial() -> None:
    said = found(["I have no complaints", "no complaints", "No complaints at all", "a complaint"])
    assert "no complaints" in said and "complaints" not in said


def test_commas_sentences_and_who_did_what_part_words() -> None:
    said = found(["cash, card", "Cash. Card", "cash and was card", "cash I card"])
    assert set(said) == {"cash", "card"}


def test_a_verb_keeps_its_particle_and_how_long_asks() -> None:
    said = found(["How long is the top up", "my top up is late", "a top-up that is late", "so long"])
    assert "top up" in said and "late" in said and not any("long" in one for one in said)


def test_texts_that_hold_a_family_are_numbered_from_the_start_given() -> None:
    (one,) = read([["not paid", "paid twice"]])
    holding: dict[str, set[int]] = {}
    phrases_of(one, holding, 10)
    assert holding[one.kin["paid"]] == {10, 11} and holding[NOT + one.kin["paid"]] == {10}
    assert bare(frozenset([NOT + "paid", "bill"])) == {"paid", "bill"}
