"""One comment, several reasons, each in the customer's own words."""

from __future__ import annotations

import pytest

from winback.text.clauses import split_clauses


def test_sentences_and_turns_part_and_point_at_the_words_as_given() -> None:
    comment = "Friendly staff on the day,  but the wait was far too long. Parking is a nightmare!"
    found = split_clauses(comment)
    assert [clause.text for clause in found] == [
        "Friendly staff on the day,", "but the wait was far too long.", "Parking is a nightmare!"
    ]  # fmt: skip
    assert [comment[clause.start : clause.end] for clause in found][1:] == [found[1].text, found[2].text]


def test_what_is_too_short_stays_with_its_neighbour() -> None:
    assert [clause.text for clause in split_clauses("Thanks. Dr. Smith was very kind.")] == [
        "Thanks. Dr. Smith was very kind."
    ]
    assert [clause.text for clause in split_clauses("Dr. Smith was very kind. Thanks.")] == [
        "Dr. Smith was very kind. Thanks."
    ]


def test_the_customer_turns_in_german_and_portuguese_too() -> None:
    assert len(split_clauses("Die Ware ist sehr gut aber die Lieferung kam zu spät")) == 2
    assert len(split_clauses("O produto é muito bom mas a entrega demorou demais")) == 2


def test_a_letter_without_full_stops_is_parted_at_its_commas() -> None:
    letter = ", ".join(f"then they sent me letter number {number} about nothing" for number in range(300))
    found = split_clauses(letter)
    assert len(letter) > 13_000 and len(found) > 50
    assert max(len(clause.text.split()) for clause in found) <= 60
    assert all(letter[clause.start : clause.end] == clause.text for clause in found)


def test_no_word_no_clause() -> None:
    assert split_clauses("") == split_clauses(" ... ") == split_clauses("<br/>") == []


@pytest.mark.parametrize(
    ("comment", "clauses"),
    [
        ("Die Ware ist gut, allerdings war die Hotline nie erreichbar", 2),
        ("Siehe z. B. die Rechnung Nr. 5 vom letzten Mai", 1),
        ("Le produit est très bon mais la livraison est trop lente", 2),
        ("Technicien très aimable, par contre il est venu en retard", 2),
        ("La atención es buena pero tardaron tres semanas", 2),
        ("El router es bueno. Sin embargo, la señal se cae cada noche", 2),
        ("O produto é muito mais bonito do que parecia", 1),
        ("A loja é boa, infelizmente a entrega atrasou muito", 2),
        ("Very slow service.Nobody rang me back", 2),
        ("Version 2.10 of the app is slow", 1),
    ],
)
def test_turns_and_abbreviations_of_five_languages(comment: str, clauses: int) -> None:
    found = split_clauses(comment)
    assert len(found) == clauses
    assert all(comment[clause.start : clause.end] == clause.text for clause in found)
