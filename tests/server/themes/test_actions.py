"""Changes of the codebook, that codings follow, and that each can be undone exactly."""

from __future__ import annotations

import pytest
from django.http import Http404

from tests.server.factories import Cast, make_feedback
from tests.server.themes.worlds import at_once, coded, on_postgres, said, themes
from winback.errors import UserError
from winback.server.themes.actions import (
    Proposal,
    accept,
    active,
    change,
    make,
    merge,
    nodes_of,
    propose,
    retire,
    split,
    undo,
)
from winback.server.themes.models import CodebookChange, Coding, Theme
from winback.server.themes.rules import ends
from winback.server.workspaces.models import AuditEvent

pytestmark = pytest.mark.django_db


def last() -> CodebookChange:
    found = CodebookChange.objects.order_by("-id").first()
    assert found is not None
    return found


def counts(cast: Cast) -> dict[str, int]:
    """Codings by the theme they count for."""
    end = ends(nodes_of(cast.larkspur))
    names = dict(Theme.objects.values_list("pk", "name"))
    found: dict[str, int] = {}
    for theme in Coding.objects.values_list("theme_id", flat=True):
        if (pk := end[theme]) is not None:
            found[names[pk]] = found.get(names[pk], 0) + 1
    return found


def test_proposals_are_offered_once_in_two_levels_and_a_taken_name_gets_a_number(cast: Cast) -> None:
    themes(cast, "Bill")
    offers = [Proposal("k1", "Bill", words=["bill"]), Proposal("k2", "First  bill", "Not clear", parent="k1")]
    made = propose(workspace=cast.larkspur, proposals=offers)
    assert [(theme.name, theme.state, theme.origin) for theme in made] == [
        ("Bill 2", "proposed", "found"), ("First bill", "proposed", "found"),
    ]  # fmt: skip
    assert Theme.objects.get(key="k2").parent == made[0]
    assert propose(workspace=cast.larkspur, proposals=offers) == []
    assert CodebookChange.objects.filter(verb="proposed").count() == 1


def test_accepting_is_one_change_for_many_and_comes_undone_as_one(cast: Cast) -> None:
    made = propose(workspace=cast.larkspur, proposals=[Proposal("a", "A"), Proposal("b", "B")])
    hanna = cast.access("hanna")
    assert accept(access=hanna, pks=[theme.pk for theme in made]) == 2
    assert accept(access=hanna, pks=[made[0].pk]) == 0
    assert set(Theme.objects.values_list("state", flat=True)) == {"accepted"}
    undo(access=hanna, pk=last().pk)
    assert set(Theme.objects.values_list("state", flat=True)) == {"proposed"}


def test_renaming_and_defining_say_what_they_were(cast: Cast) -> None:
    (bill,) = themes(cast, "Bill")
    hanna = cast.access("hanna")
    assert change(access=hanna, pk=bill.pk, name="First bill", definition="Not clear") == ["name", "definition"]
    assert change(access=hanna, pk=bill.pk, name="First bill") == []
    assert last().before == {str(bill.pk): {"name": "Bill", "definition": ""}}
    undo(access=hanna, pk=last().pk)
    bill.refresh_from_db()
    assert (bill.name, bill.definition) == ("Bill", "")
    assert AuditEvent.objects.filter(verb="codebook change undone", target=f"theme {bill.pk}").exists()


def test_there_are_two_levels_and_not_three(cast: Cast) -> None:
    top, middle, low = themes(cast, "Top", "Middle", "Low")
    hanna = cast.access("hanna")
    change(access=hanna, pk=middle.pk, parent=top.pk)
    for pk, parent in ((low.pk, middle.pk), (top.pk, low.pk), (low.pk, low.pk)):
        with pytest.raises(UserError):
            change(access=hanna, pk=pk, parent=parent)
    change(access=hanna, pk=middle.pk, parent=None)
    assert Theme.objects.filter(parent__isnull=False).count() == 0


def test_every_coding_follows_a_merging_and_comes_back(cast: Cast) -> None:
    late, slow, other = themes(cast, "Late", "Slow", "Other")
    coded(cast, said(cast, "a"), [late])
    coded(cast, said(cast, "b"), [slow])
    hanna = cast.access("hanna")
    merge(access=hanna, pk=late.pk, into=slow.pk)
    assert counts(cast) == {"Slow": 2}
    first = last()
    merge(access=hanna, pk=slow.pk, into=other.pk)
    assert counts(cast) == {"Other": 2}
    undo(access=hanna, pk=last().pk)
    undo(access=hanna, pk=first.pk)
    assert counts(cast) == {"Late": 1, "Slow": 1}
    with pytest.raises(UserError, match="undone already"):
        undo(access=hanna, pk=first.pk)


def test_a_merged_theme_is_not_there_to_be_changed(cast: Cast) -> None:
    late, slow = themes(cast, "Late", "Slow")
    hanna = cast.access("hanna")
    merge(access=hanna, pk=late.pk, into=slow.pk)
    for again in (lambda: merge(access=hanna, pk=slow.pk, into=late.pk), lambda: retire(access=hanna, pk=late.pk)):
        with pytest.raises(UserError, match='merged into "Slow"'):
            again()
    with pytest.raises(UserError, match="into itself"):
        merge(access=hanna, pk=slow.pk, into=slow.pk)
    make(access=hanna, name="Late")  # its name is free again, so the merging can only be undone under another
    with pytest.raises(UserError, match="already"):
        undo(access=hanna, pk=CodebookChange.objects.get(verb="merged").pk)


def test_a_retired_theme_counts_no_longer_and_its_codings_are_kept(cast: Cast) -> None:
    (late,) = themes(cast, "Late")
    coded(cast, said(cast, "a"), [late])
    hanna = cast.access("hanna")
    retire(access=hanna, pk=late.pk)
    assert counts(cast) == {}
    with pytest.raises(UserError, match="retired meanwhile"):
        active(hanna, late.pk)
    undo(access=hanna, pk=last().pk)
    assert counts(cast) == {"Late": 1}


def test_splitting_takes_the_codings_with_the_words_and_gives_them_back(cast: Cast) -> None:
    (fitter,) = themes(cast, "Fitter")
    for name, words in (("a", "Nobody came, again"), ("b", "He was RUDE to us"), ("c", "crude joke")):
        coded(cast, said(cast, name, words), [fitter])
    hanna = cast.access("hanna")
    new, moved = split(access=hanna, pk=fitter.pk, name="Rude fitter", words="rude, unfriendly")
    assert (moved, counts(cast)) == (1, {"Fitter": 2, "Rude fitter": 1})
    coded(cast, said(cast, "d", "so rude"), [new])
    undo(access=hanna, pk=last().pk)
    assert counts(cast) == {"Fitter": 4}, "what was coded as the new theme since counts for the old one"


def test_what_was_changed_since_is_undone_from_the_end(cast: Cast) -> None:
    (bill,) = themes(cast, "Bill")
    hanna = cast.access("hanna")
    change(access=hanna, pk=bill.pk, name="First bill")
    first = last()
    change(access=hanna, pk=bill.pk, name="Unclear bill")
    with pytest.raises(UserError, match="has been changed since"):
        undo(access=hanna, pk=first.pk)


def test_a_codebook_is_its_workspaces_own(cast: Cast) -> None:
    theirs = make(access=cast.access("nell"), name="Milk")
    hanna = cast.access("hanna")
    make(access=hanna, name="Milk")
    with pytest.raises(Http404):
        change(access=hanna, pk=theirs.pk, name="Ours")
    with pytest.raises(Http404):
        undo(access=hanna, pk=CodebookChange.objects.get(workspace=cast.merritt).pk)
    make_feedback(cast.merritt, "x")


def test_a_place_that_would_make_three_levels_by_now_is_not_taken_back(cast: Cast) -> None:
    hanna = cast.access("hanna")
    bill, price = themes(cast, "Bill", "Price")
    change(access=hanna, pk=bill.pk, parent=price.pk)
    change(access=hanna, pk=bill.pk, parent=None)
    moved = last()
    change(access=hanna, pk=price.pk, parent=bill.pk)
    with pytest.raises(UserError, match="two levels"):  # it would have stood under the one that stands under it
        undo(access=hanna, pk=moved.pk)
    assert Theme.objects.get(name="Bill").parent is None


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_into_each_others_theme_in_one_moment_make_no_ring(cast: Cast) -> None:
    on_postgres()
    bill, price = themes(cast, "Bill", "Price")
    hanna, ingrid = cast.access("hanna"), cast.access("ingrid")
    told = at_once(
        lambda: merge(access=hanna, pk=bill.pk, into=price.pk), lambda: merge(access=ingrid, pk=price.pk, into=bill.pk)
    )
    assert [str(one).endswith("meanwhile.") for one in told] == [True]
    assert Theme.objects.filter(merged_into=None).count() == 1
    merged = last().pk
    undone = at_once(*(lambda: undo(access=hanna, pk=merged),) * 2)  # and who take it back in one moment
    assert [str(one) for one in undone] == ["This has been undone already."]
    assert Theme.objects.filter(merged_into=None).count() == 2
