"""Words of other languages: in which language a text is, and by which words a form is read that the tables do not have."""

from __future__ import annotations

import numpy as np
import pytest

from winback.text.embedding import embedder
from winback.text.static_vectors import Static
from winback.text.word_tables import WordTables, words_of


@pytest.fixture(scope="module")
def tables() -> WordTables:
    return WordTables(list(Static().vocabulary))


def language(tables: WordTables, text: str) -> str:
    (place,) = tables.languages_of(tables.evidence(words_of(text)).sum(axis=0, keepdims=True))
    return "en" if place < 0 else tables.languages[place]


@pytest.mark.parametrize(
    ("text", "spoken"),
    [("Die Rechnung war falsch", "de"), ("La facture était fausse", "fr"), ("La factura estaba equivocada", "es"),
     ("A fatura estava errada", "pt"), ("The bill was wrong", "en"), ("Lieferung", "de"), ("die", "en"), ("gift", "en"),
     ("chat", "en"), ("n/a", "en"), ("", "en"), ("12345 !!", "en")],
)  # fmt: skip
def test_the_words_of_a_text_tell_its_language(tables: WordTables, text: str, spoken: str) -> None:
    assert language(tables, text) == spoken


def test_a_form_that_is_not_there_is_read_by_what_it_begins_with(tables: WordTables) -> None:
    def words(word: str, language: str) -> list[str]:
        return sorted(tables.words[row] for row, _ in tables.parts(word, language))

    assert words("lieferung", "de") == ["lieferung"]
    assert words("wasserrechnung", "de") == ["rechnung", "wasser"]
    assert words("arbeitszimmer", "de") == ["arbeitszimmer"]
    assert words("kuendigung", "de") == words("kundigung", "de") != []
    assert words("xqzzyk", "de") == [] and words("123", "fr") == []
    for word, spoken in (("atrasaram", "pt"), ("remboursante", "fr"), ("facturaremos", "es")):
        parts = tables.parts(word, spoken)
        assert sum(count for _, count in parts) == pytest.approx(1)
        assert {tables.words[row][:4] for row, _ in parts} == {word[:4]}, word


def test_sharp_s_is_two(tables: WordTables) -> None:
    assert words_of("Großer Spaß!") == ["grosser", "spass", "!"]
    assert tables.parts("groß", "de") == tables.parts("gross", "de") != ()


def test_rows_stand_for_the_words_of_their_language(tables: WordTables) -> None:
    assert tables.languages == ("de", "fr", "es", "pt")
    assert len(tables.rows) == len(tables.words) and tables.basis.shape == (tables.rows.shape[1], 384)
    english = Static()
    for word, spoken, means, other in (
        ("rechnung", "de", "bill", "dog"), ("facture", "fr", "bill", "dog"), ("factura", "es", "bill", "dog"),
        ("telefone", "pt", "telephone", "dog"), ("gift", "de", "poison", "present"),
    ):  # fmt: skip
        row = sum(tables.rows[place] * count for place, count in tables.parts(word, spoken)) @ tables.basis
        near, far = english.embed([means, other]) @ (row / np.linalg.norm(row))
        assert near > far + 0.1, word


def test_comments_of_another_language_lie_by_what_they_say() -> None:
    said = ["My delivery was late", "Meine Lieferung kam zu spät", "Ma livraison est arrivée en retard",
            "Mi entrega llegó tarde", "A entrega chegou atrasada"]  # fmt: skip
    (*rows, other) = embedder().embed([*said, "The nurse was kind to me"])
    assert all(rows[0] @ row > rows[0] @ other + 0.1 for row in rows)
