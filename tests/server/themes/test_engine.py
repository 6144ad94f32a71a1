"""What the engine is given: the codebook with words looked up where they were said, and what people coded as it counts now."""

from __future__ import annotations

import pytest

from tests.server.factories import Cast
from tests.server.themes.worlds import coded, guessed, said, themes
from winback.analysis.codebook import Codebook
from winback.analysis.codebook import Theme as EngineTheme
from winback.server.themes.actions import change, merge, retire
from winback.server.themes.coding import settle
from winback.server.themes.engine import engine_book, learned_of, taught_by
from winback.server.themes.models import CodebookVersion, Theme
from winback.server.themes.rules import words_digest

pytestmark = pytest.mark.django_db


def test_what_people_coded_teaches_under_the_theme_it_counts_for(cast: Cast) -> None:
    late, slow, gone = themes(cast, "Late", "Slow", "Gone")
    coded(cast, said(cast, "a", "first"), [late, slow])
    coded(cast, said(cast, "b", "second"), [gone])
    guessed(said(cast, "c", "third"), [late])
    hanna = cast.access("hanna")
    merge(access=hanna, pk=late.pk, into=slow.pk)
    retire(access=hanna, pk=gone.pk)
    assert sorted(learned_of(cast.larkspur)) == [("first", [slow.key]), ("second", [])]


def test_what_two_found_differently_teaches_once_it_is_settled(cast: Cast) -> None:
    late, rude = themes(cast, "Late", "Rude")
    alike, apart = said(cast, "a", "both say late"), said(cast, "b", "they differ")
    for row, second in ((alike, [late]), (apart, [rude])):
        coded(cast, row, [late], "amara")
        coded(cast, row, second, "hanna")
    assert learned_of(cast.larkspur) == [("both say late", [late.key])]
    settle(
        access=cast.access("ingrid"), key=(apart.source_id, "b"), themes=[rude.pk], digest=words_digest("they differ")
    )
    assert sorted(learned_of(cast.larkspur)) == [("both say late", [late.key]), ("they differ", [rude.key])]
    merge(access=cast.access("hanna"), pk=rude.pk, into=late.pk)
    assert learned_of(cast.larkspur, but=(alike.source_id, "a")) == [("they differ", [late.key])]


def test_the_engines_codebook_holds_nobodys_words_and_gets_them_where_they_were_said(cast: Cast) -> None:
    bill, first, gone = themes(cast, "Bill", "First bill", "Gone")
    hanna = cast.access("hanna")
    change(access=hanna, pk=first.pk, definition="Not clear", parent=bill.pk)
    retire(access=hanna, pk=gone.pk)
    row = said(cast, "a", "the first bill is not clear")
    places = [
        {"source": row.source_id, "external_id": "a", "start": 4, "end": 14},
        {"source": row.source_id, "external_id": "erased", "start": 0, "end": 3},
    ]
    Theme.objects.filter(pk=first.pk).update(examples=places, words=["bill"])
    book = {"model": "static", "centres": {first.key: "AAAA", gone.key: "BBBB"}, "middle": "M", "seed": 1}
    CodebookVersion.objects.create(workspace=cast.larkspur, number=1, model="static", book=book)
    found = engine_book(cast.larkspur)
    assert found is not None
    assert [(one.name, one.parent, one.examples) for one in found.themes] == [
        ("Bill", None, ()), ("First bill", bill.key, ("first bill",)),
    ]  # fmt: skip
    assert (dict(found.centres), found.middle, found.model) == ({first.key: "AAAA"}, "M", "static")
    assert engine_book(cast.merritt) is None


def test_the_examples_of_themes_teach_beside_people_and_areas_teach_nothing() -> None:
    book = Codebook(
        (
            EngineTheme("area", "Area"),
            EngineTheme("a", "A", parent="area", examples=("one", "two")),
            EngineTheme("b", "B"),
        )
    )
    assert taught_by(book, []) == []
    assert taught_by(book, [("words", ["area"])]) == []
    assert taught_by(book, [("words", ["area"]), ("more", ["b", "area"]), ("none", [])]) == [
        ("one", ["a"]), ("two", ["a"]), ("more", ["b"]), ("none", []),
    ]  # fmt: skip


def test_themes_under_one_that_was_merged_stand_under_its_successor_for_the_engine(cast: Cast) -> None:
    old, new, below = themes(cast, "Old", "New", "Below")
    hanna = cast.access("hanna")
    change(access=hanna, pk=below.pk, parent=old.pk)
    merge(access=hanna, pk=old.pk, into=new.pk)
    book = engine_book(cast.larkspur)
    assert book is not None
    assert {one.name: one.parent for one in book.themes} == {"Old": None, "New": None, "Below": new.key}
