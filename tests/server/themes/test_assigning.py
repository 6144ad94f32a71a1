"""The model's part: what waits to be read, what teaches it, what is kept of it."""

from __future__ import annotations

import pytest

from tests.server.factories import Cast, make_feedback
from tests.server.themes.worlds import coded, guessed, said, themes
from winback.errors import UserError
from winback.server.themes.actions import change, merge, retire
from winback.server.themes.assigning import (
    LEARNED_ANEW,
    ask_for_proposals,
    engine_book,
    learn,
    learned_of,
    state_of,
    unread,
)
from winback.server.themes.models import CodebookVersion, Reading, Theme

pytestmark = pytest.mark.django_db


def waiting(cast: Cast) -> list[str]:
    return sorted(unread(cast.larkspur).values_list("external_id", flat=True))


def version(cast: Cast, **book: object) -> CodebookVersion:
    return CodebookVersion.objects.create(workspace=cast.larkspur, number=1, model="static", book=book)


def test_new_comments_and_rows_written_again_wait_to_be_read(cast: Cast) -> None:
    (late,) = themes(cast, "Late")
    guessed(said(cast, "a"), [late])
    said(cast, "b")
    make_feedback(cast.larkspur, "blank")
    assert waiting(cast) == ["b"]
    make_feedback(cast.larkspur, "a", comment="other words")
    assert waiting(cast) == ["a", "b"]
    assert state_of(cast.access("hanna")) == {"proposing": False, "waiting": 0}, "nothing to sort by yet"
    version(cast)
    assert state_of(cast.access("hanna"))["waiting"] == 2


def test_too_few_comments_propose_nothing(cast: Cast) -> None:
    said(cast, "a")
    with pytest.raises(UserError, match="There are 1 comments"):
        ask_for_proposals(access=cast.access("hanna"))


def test_what_people_coded_teaches_under_the_theme_it_counts_for(cast: Cast) -> None:
    late, slow, gone = themes(cast, "Late", "Slow", "Gone")
    coded(cast, said(cast, "a", "first"), [late, slow])
    coded(cast, said(cast, "b", "second"), [gone])
    guessed(said(cast, "c", "third"), [late])
    hanna = cast.access("hanna")
    merge(access=hanna, pk=late.pk, into=slow.pk)
    retire(access=hanna, pk=gone.pk)
    assert sorted(learned_of(cast.larkspur)) == [("first", [slow.key]), ("second", [])]


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
    version(cast, model="static", centres={first.key: "AAAA", gone.key: "BBBB"}, middle="M", seed=1)
    book = engine_book(cast.larkspur)
    assert book is not None
    assert [(one.name, one.parent, one.examples) for one in book.themes] == [
        ("Bill", None, ()), ("First bill", bill.key, ("first bill",)),
    ]  # fmt: skip
    assert (dict(book.centres), book.middle, book.model) == ({first.key: "AAAA"}, "M", "static")
    assert engine_book(cast.merritt) is None


def test_enough_corrections_make_a_version_by_which_all_is_read_again(cast: Cast) -> None:
    (late,) = themes(cast, "Late")
    assert not learn(workspace=cast.larkspur)
    made = version(cast)
    for n in range(LEARNED_ANEW - 1):
        coded(cast, said(cast, f"F{n}"), [late])
    assert not learn(workspace=cast.larkspur)
    coded(cast, said(cast, "last"), [late])
    assert learn(workspace=cast.larkspur)
    assert CodebookVersion.objects.exclude(pk=made.pk).get().number == 2
    assert not learn(workspace=cast.larkspur), "what taught that version teaches no other"
    assert Reading.objects.filter(kind="person").count() == LEARNED_ANEW
