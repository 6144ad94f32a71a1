"""What people find in comments: whose reading stands, and what happens when the ground moves under a coder."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from tests.server.factories import Cast, make_feedback
from tests.server.themes.worlds import at_once, coded, guessed, on_postgres, said, standing, themes
from tests.server.waiting import second_waits
from winback.errors import UserError
from winback.server.customers.models import Customer
from winback.server.privacy.actions import erase_customer
from winback.server.sources.models import DirtyDay
from winback.server.themes.actions import merge, retire
from winback.server.themes.coding import Meanwhile, code, found_by, row_of, settle, stand
from winback.server.themes.models import Coding, Reading, Theme
from winback.server.themes.rules import words_digest
from winback.server.workspaces.models import Workspace

pytestmark = pytest.mark.django_db


def test_a_persons_reading_stands_before_the_models(cast: Cast) -> None:
    late, rude = themes(cast, "Late", "Rude")
    row = said(cast, "a")
    guessed(row, [late])
    coded(cast, row, [rude])
    assert standing(row) == ("person", {"Rude"})
    assert Reading.objects.filter(kind="model", stands=False).exists()


def test_who_came_first_and_corrects_themselves_goes_on_standing(cast: Cast) -> None:
    late, rude = themes(cast, "Late", "Rude")
    row = said(cast, "a")
    coded(cast, row, [late])
    coded(cast, row, [rude], "ingrid")
    coded(cast, row, [late, rude])
    assert standing(row) == ("person", {"Late", "Rude"})
    coded(cast, row, [], "ingrid")
    assert standing(row) == ("person", {"Late", "Rude"}), "the second one's correction does not take its place"


def test_a_reading_of_other_words_waits_for_nobody(cast: Cast) -> None:
    Workspace.objects.filter(pk=cast.larkspur.pk).update(double_coding=100)
    (late,) = themes(cast, "Late")
    coded(cast, said(cast, "a", "late"), [late])
    row = said(cast, "a", "not late at all")
    coded(cast, row, [], "ingrid")
    waits = Reading.objects.filter(double="waits").select_related("coder")
    assert [one.coder and one.coder.email for one in waits] == [cast.access("ingrid").label]
    coded(cast, row, [late], "hanna")
    assert not waits.all().exists(), "two have read these words: no third is asked"
    assert Reading.objects.filter(double="done").count() == 2


def test_a_disagreement_is_settled_by_a_reading_of_that_comment(cast: Cast) -> None:
    late, rude = themes(cast, "Late", "Rude")
    row, other = said(cast, "a"), said(cast, "b")
    mine, elsewhere = coded(cast, row, [late, rude]), coded(cast, other, [rude])
    access, key = cast.access("hanna"), (row.source_id, "a")
    assert found_by(access=access, key=key, pk=mine.pk) == [late.pk, rude.pk]
    for pk in (elsewhere.pk, mine.pk + 1000):
        with pytest.raises(UserError, match="not there any more"):
            found_by(access=access, key=key, pk=pk)


def test_none_of_them_is_an_answer_and_coding_again_replaces_ones_own(cast: Cast) -> None:
    late, rude = themes(cast, "Late", "Rude")
    row = said(cast, "a")
    coded(cast, row, [late, rude])
    coded(cast, row, [])
    assert standing(row) == ("person", set())
    assert Reading.objects.count() == 1


def test_the_words_that_carry_a_theme_come_from_the_model_unless_given(cast: Cast) -> None:
    late, rude = themes(cast, "Late", "Rude")
    row = said(cast, "a", "Nobody came and he was rude")
    reading = guessed(row, [late])
    Coding.objects.filter(reading=reading).update(start=0, end=11)
    key = (row.source_id, row.external_id)
    saved = code(access=cast.access("amara"), key=key, themes=[late.pk, rude.pk], digest=words_digest(row.comment), spans={rude.pk: (23, 99)})  # fmt: skip
    assert list(saved.reading.codings.order_by("place").values_list("theme__name", "start", "end")) == [
        ("Late", 0, 11), ("Rude", None, None),
    ]  # fmt: skip


def test_a_theme_merged_while_somebody_codes_counts_as_the_other_and_that_is_told(cast: Cast) -> None:
    late, slow = themes(cast, "Late", "Slow")
    row = said(cast, "a")
    merge(access=cast.access("hanna"), pk=late.pk, into=slow.pk)
    key = (row.source_id, row.external_id)
    saved = code(access=cast.access("amara"), key=key, themes=[late.pk, slow.pk], digest=words_digest(row.comment))
    assert standing(row) == ("person", {"Slow"})
    assert saved.notes == ('"Late" has been merged into "Slow" meanwhile: it was coded as that.',)


def test_a_theme_retired_while_somebody_codes_loses_nothing_of_their_choice(cast: Cast) -> None:
    late, slow = themes(cast, "Late", "Slow")
    row = said(cast, "a")
    retire(access=cast.access("hanna"), pk=late.pk)
    with pytest.raises(Meanwhile, match='"Late" was retired') as told:
        coded(cast, row, [late, slow])
    assert told.value.chosen == (slow.pk,)
    assert standing(row) is None


def test_words_that_changed_meanwhile_are_shown_again_and_not_coded_unseen(cast: Cast) -> None:
    (late,) = themes(cast, "Late")
    old = said(cast, "a", "late")
    make_feedback(cast.larkspur, "a", comment="not late at all")
    with pytest.raises(Meanwhile, match="changed by an import"):
        coded(cast, old, [late])
    stand(row=row_of(cast.access("amara"), (old.source_id, "a")), digest=words_digest("not late at all"))
    assert standing(old) is None


def test_two_who_differ_are_settled_by_a_third_or_a_manager(cast: Cast) -> None:
    late, rude = themes(cast, "Late", "Rude")
    Workspace.objects.filter(pk=cast.larkspur.pk).update(double_coding=100)
    row = make_feedback(cast.larkspur, "a", comment="late", attributes={"region": "North"})
    key, digest = (row.source_id, row.external_id), words_digest("late")
    first = coded(cast, row, [late])
    first.refresh_from_db()
    assert first.double == "waits"
    with pytest.raises(PermissionDenied, match="a third person"):
        settle(access=cast.access("amara"), key=key, themes=[late.pk], digest=digest)
    coded(cast, row, [rude], "norah")
    assert set(Reading.objects.values_list("double", flat=True)) == {"done"}
    assert standing(row) == ("person", {"Late"}), "the first stands until it is settled"
    settle(access=cast.access("hanna"), key=key, themes=[rude.pk], digest=digest)
    assert standing(row) == ("settled", {"Rude"})
    with pytest.raises(PermissionDenied):
        settle(access=cast.access("norah"), key=key, themes=[late.pk], digest=digest)


def test_who_may_not_see_a_comment_may_not_code_it(cast: Cast) -> None:
    (late,) = themes(cast, "Late")
    row = make_feedback(cast.larkspur, "a", comment="late", attributes={"region": "South"})
    for who in ("norah", "nell"):
        with pytest.raises(Http404):
            coded(cast, row, [late], who)
    other = make_feedback(cast.merritt, "b", comment="late")
    with pytest.raises(Http404):
        code(access=cast.access("nell"), key=(other.source_id, "b"), themes=[late.pk], digest=words_digest("late"))


def test_a_coding_has_its_day_exported_again(cast: Cast) -> None:
    (late,) = themes(cast, "Late")
    row = said(cast, "a")
    DirtyDay.objects.all().delete()
    coded(cast, row, [late])
    assert list(DirtyDay.objects.values_list("table", "day")) == [("codings", row.local_date)]


def test_words_marked_for_a_theme_that_was_merged_carry_the_other(cast: Cast) -> None:
    late, slow = themes(cast, "Late", "Slow")
    row = said(cast, "a", "came late")
    merge(access=cast.access("hanna"), pk=late.pk, into=slow.pk)
    code(access=cast.access("amara"), key=(row.source_id, "a"), themes=[late.pk], digest=words_digest(row.comment), spans={late.pk: (5, 9)})  # fmt: skip
    assert Coding.objects.values_list("theme__name", "start", "end").get() == ("Slow", 5, 9)


@pytest.mark.django_db(transaction=True)
def test_two_who_code_the_same_comments_in_one_moment_keep_both_readings(cast: Cast) -> None:
    on_postgres()
    late, rude = themes(cast, "Late", "Rude")
    rows = [said(cast, f"C{n}") for n in range(8)]
    for row in rows:
        guessed(row, [late])

    def by(who: str, chosen: Theme) -> Callable[[], object]:
        return lambda: [coded(cast, row, [chosen], who) for row in rows]

    assert at_once(by("amara", late), by("ingrid", rude)) == []
    for row in rows:
        people = Reading.objects.filter(external_id=row.external_id, kind="person")
        assert sorted(people.values_list("double", flat=True)) == ["done", "done"]
        first = people.order_by("at", "id").first()
        assert Reading.objects.get(external_id=row.external_id, stands=True) == first


@pytest.mark.django_db(transaction=True)
def test_a_theme_that_goes_while_it_is_coded_is_told_or_its_codings_are_kept(cast: Cast) -> None:
    on_postgres()
    (late,) = themes(cast, "Late")
    rows = [said(cast, f"C{n}") for n in range(6)]
    told = at_once(lambda: [coded(cast, row, [late]) for row in rows], lambda: retire(access=cast.access("hanna"), pk=late.pk))  # fmt: skip
    assert all("was retired while you coded" in str(one) for one in told)
    kept = Coding.objects.filter(theme=late, reading__stands=True).count()
    assert kept == Reading.objects.filter(kind="person").count(), "what was saved has its theme, to come back with it"
    assert kept == len(rows) or told


@pytest.mark.django_db(transaction=True)
def test_who_waited_for_an_erasure_codes_nothing_of_it(cast: Cast) -> None:
    on_postgres()
    (late,) = themes(cast, "Late")
    row = said(cast, "a", customer="C-1")
    told: list[Http404] = []

    def late_one() -> None:
        try:
            coded(cast, row, [late])
        except Http404 as error:
            told.append(error)

    second_waits(lambda: erase_customer(customer=Customer.objects.get(external_id="C-1")), late_one)
    assert [str(one) for one in told] == ["There is no such comment."]
    assert not Reading.objects.exists()
