"""Names of people among words: by first names, by forms of address, and by how they are written."""

from __future__ import annotations

import pytest

from winback.text.given_names import first_names, has_name, names_in
from winback.text.words import words_of


def _names(*texts: str, language: str | None = None) -> set[str]:
    return set(names_in([words_of(text) for text in texts], language=language))


def test_first_names_and_names_behind_a_form_of_address() -> None:
    assert _names("Siobhán and Tomasz rang", "siobhán was kind") == {"siobhán", "tomasz"}
    assert _names("Herr Vogt kam", "mit Frau Yilmaz", language="de") == {"vogt", "yilmaz"}
    assert _names("Dr Okonkwo listened", "Monsieur Lefebvre aussi") == {"okonkwo", "lefebvre"}


def test_a_surname_behind_a_first_name_and_a_product_that_stands_alone() -> None:
    assert _names("Sarah Vogt rang", "ask for Sarah Vogt") == {"sarah", "vogt"}
    assert _names("Zyrtec helps me", "took Zyrtec", "Sarah Zyrtec", "more Zyrtec") == {"sarah"}
    assert _names("SARAH RANG TWICE", "my son Marek RANG") == {"marek"}


def test_everyday_words_are_names_where_they_have_a_capital_as_good_as_always() -> None:
    assert _names("Thanks to Grace", "Ask for Grace") == {"grace"}
    assert _names("My Bill was late", "the bill", "a bill of 20", "one bill more") == set()
    assert _names("Mark it as read", "they mark it") == set()
    assert _names("Ernst gemeint", "im Ernst", language="de") == set()


@pytest.mark.parametrize("text", ["GERD since May", "I ring the doctor", "mr nobody", "The Router is slow. The Router"])
def test_nobodys_name(text: str) -> None:
    assert _names(text) == set()


def test_a_text_that_names_somebody() -> None:
    assert has_name(words_of("Thanks to Marek!")) and has_name(words_of("ask for Mrs Smith"))
    assert not has_name(words_of("the line is back")) and not has_name(words_of("mark my words"))


def test_the_lists_are_apart() -> None:
    plainly, also, german = first_names()
    assert len(plainly) > 5_000 and "grace" in also and "ernst" in german
    assert not plainly & also and not plainly & german and not also & german
