"""Names of people by where they stand, and words that are none."""

from __future__ import annotations

import pytest

from winback.text.names_said import known_names, placed_names


def found(text: str) -> list[str]:
    spans: list[tuple[int, int]] = []
    for start, end in placed_names(text):
        if all(end <= first or last <= start for first, last in spans):
            spans.append((start, end))
    return [text[start:end] for start, end in sorted(spans)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Mr. O'Neill was rude", ["O'Neill"]),
        ("HERR MÜLLER WAR UNFREUNDLICH", ["MÜLLER"]),
        ("danke frau schmidt", ["schmidt"]),
        ("Frau von der Heide half", ["von der Heide"]),
        ("El señor García y don José", ["García", "José"]),
        ("M. Martin ne rappelle jamais", ["Martin"]),
        ("My name is PRIYA NATARAJAN and so on", ["PRIYA NATARAJAN"]),
        ("my name is priya natarajan and so on", ["priya natarajan"]),
        ("I am Sarah Whitcombe", ["Sarah Whitcombe"]),
        ("Je suis Jean Dupont et déçu", ["Jean Dupont"]),
        ("i spoke to kevin he hung up", ["kevin"]),
        ("Spoke to Peter Collins at noon", ["Peter Collins"]),
        ("Falei com a Marta e nada", ["Marta"]),
        ("Niamh's manner was lovely", ["Niamh"]),
        ("Late.\nKind regards\nJ. P. Whitmore", ["J. P. Whitmore"]),
        ("Sincerely, TOM BAKER", ["TOM BAKER"]),
        ("LG Jens", ["Jens"]),
        ("Best, Kyle R.", ["Kyle R."]),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "In May, the Rose in Paris, Will you? Mark as paid, Grace period", "Ganz im Ernst, frank und frei, Rosa Kleid, der Horst des Adlers",
        "my name is wrong on the bill", "die nette frau am telefon", "La señora de la limpieza", "Ich bin Kunde seit 2010", "Je suis Parisien",
        "This is Black Friday", "I miss Paris", "Spoke to Customer Services", "Dear Sir or Madam, it is late", "Jan 09", "St. Louis, San Francisco Bay",
        "James Cook Hospital, Scott & Associates, Sarah Miller Insurance Group", "the Sr Relationship Banker", "my Dr. prescribed it", "Many thanks, will return",
    ],
)  # fmt: skip
def test_words_that_are_none(text: str) -> None:
    assert found(text) == []


def test_known_names_are_found_in_any_case_and_parts_with_a_capital() -> None:
    pattern = known_names(["North Bank"], ["Will Young", "Jürgen Müller"])
    assert pattern is not None
    assert pattern.findall("north  bank, WILL YOUNG, Muller; will a young one") == [
        "north  bank",
        "WILL YOUNG",
        "Muller",
    ]
    assert known_names([], ["Al"]) is None
