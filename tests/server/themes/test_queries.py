"""The codebook as pages show it: counts and real words; and no more queries for more themes."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.server.factories import Cast, make_customer, make_feedback
from tests.server.themes.worlds import coded, guessed, said, themes
from winback.server.themes.actions import change, merge, nodes_of, retire
from winback.server.themes.models import Coding, Theme
from winback.server.themes.queries import (
    choices,
    codebook,
    counted,
    exported,
    found_in,
    pairs,
    quotations_among,
    quotations_of,
    read_by,
    sets_of,
    theme_entry,
    version,
)
from winback.server.themes.rules import ends
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Workspace

pytestmark = pytest.mark.django_db


def test_a_comment_counts_once_for_a_theme_and_once_for_the_one_above(cast: Cast) -> None:
    bill, first, late, slow = themes(cast, "Bill", "First bill", "Late", "Slow")
    hanna = cast.access("hanna")
    change(access=hanna, pk=first.pk, parent=bill.pk)
    merge(access=hanna, pk=late.pk, into=slow.pk)
    guessed(said(cast, "a"), [bill, first, late, slow])
    coded(cast, said(cast, "b"), [first])
    guessed(said(cast, "c"), [])
    found = {entry.theme.name: entry for top in codebook(hanna) for entry in (top, *top.children)}
    assert {name: (one.comments, one.by_people) for name, one in found.items()} == {
        "Bill": (2, 1), "First bill": (2, 1), "Slow": (1, 0),
    }  # fmt: skip
    assert [child.theme.name for child in found["Bill"].children] == ["First bill"]
    assert [one.name for one in found["Slow"].merged] == ["Late"]
    assert found_in(hanna).count() == 5
    assert counted(hanna, {}) == {}


def test_words_are_quoted_from_the_comments_asked_for_and_that_one_may_see(cast: Cast) -> None:
    late, slow, other = themes(cast, "Late", "Slow", "Other")
    rows = {name: said(cast, name) for name in "abcdef"}
    south = make_feedback(cast.larkspur, "g", comment="words of g", attributes={"region": "South"})
    for name in "abc":
        guessed(rows[name], [late])
    guessed(rows["d"], [slow], 0.7)
    guessed(rows["e"], [other])
    coded(cast, rows["f"], [late])
    guessed(south, [late])
    merge(access=cast.access("hanna"), pk=slow.pk, into=late.pk)
    examples = [{"source": rows[name].source_id, "external_id": name} for name in "ca"]
    Theme.objects.filter(pk=late.pk).update(examples=examples)
    late.refresh_from_db()
    source = rows["a"].source.name

    def words(access: Access, names: str, most: int = 9) -> list[str]:
        return [one.words[-1] for one in quotations_among(access, late, [(source, name) for name in names], most)]

    # the example, what somebody coded, then the surest, then the latest; what is not among them, or names another theme, is not quoted
    assert words(cast.access("hanna"), "gbdafe") == ["a", "f", "d", "g", "b"]
    assert words(cast.access("hanna"), "gbdafe", most=2) == ["a", "f"]
    assert words(cast.access("hanna"), "e") == [] and words(cast.access("hanna"), "") == []
    assert words(cast.access("norah"), "g") == [], "it was said in the South"
    assert quotations_among(cast.access("hanna"), late, [("nowhere", "a")]) == []


def test_whose_reading_of_a_comment_counts(cast: Cast) -> None:
    (late,) = themes(cast, "Late")
    first, second, third, other = (said(cast, name) for name in "abcd")
    for row in (first, second, other):
        guessed(row, [late])
    coded(cast, second, [late])
    asked = [(first.source.name, row.external_id) for row in (first, second, third)]
    assert read_by(cast.access("hanna"), asked) == {asked[0]: "model", asked[1]: "person"}
    assert read_by(cast.access("hanna"), []) == {} and read_by(cast.access("hanna"), [("nowhere", "a")]) == {}


def test_only_what_one_may_see_is_counted_and_quoted(cast: Cast) -> None:
    (late,) = themes(cast, "Late")
    for name, region in (("n", "North"), ("s", "South")):
        guessed(
            make_feedback(cast.larkspur, name, comment=f"late in the {region}", attributes={"region": region}), [late]
        )
    (entry,) = codebook(cast.access("norah"))
    assert entry.comments == 1
    assert [one.words for one in entry.quotations] == ["late in the North"]
    assert codebook(cast.access("nell")) == []


def test_words_are_quoted_with_what_stands_around_them_examples_first(cast: Cast) -> None:
    (late,) = themes(cast, "Late")
    make_customer(cast.larkspur, "C-1", name="Ann")
    row = make_feedback(cast.larkspur, "a", 2, customer="C-1", comment="We waited. Nobody came at all. Bye")
    Theme.objects.filter(pk=late.pk).update(
        examples=[{"source": row.source_id, "external_id": "a", "start": 11, "end": 22}, {"source": row.source_id, "external_id": "gone", "start": 0, "end": 2}]
    )  # fmt: skip
    reading = guessed(said(cast, "b", "They never came"), [late])
    Coding.objects.filter(reading=reading).update(start=0, end=99)
    found = theme_entry(cast.access("rafael"), late.pk).quotations
    assert [(one.before, one.words, one.after, one.band, one.name) for one in found] == [
        ("We waited. ", "Nobody came", " at all. Bye", "detractor", "Ann"), ("", "They never came", "", "detractor", ""),
    ]  # fmt: skip
    last = ends(nodes_of(cast.larkspur))
    late.refresh_from_db()
    assert len(quotations_of(cast.access("rafael"), [late], last, 16)[late.pk]) == 2
    assert quotations_of(cast.access("rafael"), [late], last, 1)[late.pk][0].words == "Nobody came"


def test_no_query_for_each_theme(cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            codebook(cast.access("rafael"))
        return len(asked)

    guessed(said(cast, "a"), themes(cast, "Late"))
    one = queries()
    guessed(said(cast, "b"), themes(cast, "Rude", "Slow", "Bill"))
    assert queries() == one


def test_what_one_can_code_with_and_the_file(cast: Cast) -> None:
    hanna = cast.access("hanna")
    bill, first, gone = themes(cast, "Bill", "First bill", "Gone")
    change(access=hanna, pk=first.pk, parent=bill.pk)
    retire(access=hanna, pk=gone.pk)
    assert [(top.name, [one.name for one in below]) for top, below in choices(hanna)] == [("Bill", ["First bill"])]
    rows = list(exported(hanna))
    assert [row[1:4] for row in rows[1:]] == [["Bill", "", "accepted"], ["First bill", "Bill", "accepted"]]
    assert version(cast.larkspur) is None


def test_pairs_are_of_the_same_words_and_sets_follow_mergings(cast: Cast) -> None:
    Workspace.objects.filter(pk=cast.larkspur.pk).update(double_coding=100)
    late, slow = themes(cast, "Late", "Slow")
    row = said(cast, "a")
    coded(cast, row, [late])
    assert pairs(cast.access("hanna")) == {}
    coded(cast, row, [slow], "hanna")
    last = ends(nodes_of(cast.larkspur))
    (two,) = pairs(cast.access("hanna")).values()
    assert sets_of(two, last) == [frozenset({late.pk}), frozenset({slow.pk})]
    merge(access=cast.access("hanna"), pk=late.pk, into=slow.pk)
    assert sets_of(two, ends(nodes_of(cast.larkspur))) == [frozenset({slow.pk})] * 2
    make_feedback(cast.larkspur, "a", comment="other words")
    coded(cast, make_feedback(cast.larkspur, "a", comment="other words"), [late])
    assert pairs(cast.access("hanna")) == {}
