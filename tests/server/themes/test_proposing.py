"""Themes offered: from the comments at hand by the engine itself, and what comes up later that fits none."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.server.factories import Cast
from tests.server.themes.worlds import REASONS, coded, guessed, read_all, sorted_to, spoken, themes
from winback.errors import UserError
from winback.server.feedback.models import Feedback
from winback.server.themes import proposing
from winback.server.themes.actions import accept, retire
from winback.server.themes.engine import learned_of
from winback.server.themes.models import CodebookChange, CodebookVersion, Reading, Theme
from winback.server.themes.proposing import ask_for_proposals, emerge, propose_codebook

pytestmark = pytest.mark.django_db


def test_too_few_comments_propose_nothing(cast: Cast) -> None:
    spoken(cast, "bill")
    with pytest.raises(UserError, match="There are 12 comments; from 30 on"):
        ask_for_proposals(access=cast.access("hanna"))


def test_a_codebook_is_proposed_once_with_places_for_examples_and_comments_are_sorted_to_it(cast: Cast) -> None:
    spoken(cast, "bill", "fitter", "shop")
    made = propose_codebook(workspace=cast.larkspur)
    assert [(theme.state, theme.origin) for theme in made] == [("proposed", "found")] * 3
    for theme in made:
        for one in theme.examples:
            row = Feedback.objects.get(source_id=one["source"], external_id=one["external_id"])
            assert row.comment[one["start"] : one["end"]] in REASONS[row.external_id.split("-")[0]]
    kept = CodebookVersion.objects.get()
    assert (kept.number, kept.model, kept.comments, set(kept.book["centres"])) == (
        1,
        "static-5",
        36,
        {t.key for t in made},
    )
    assert "themes" not in kept.book or not kept.book["themes"], "words are kept where they were said"
    assert propose_codebook(workspace=cast.larkspur) == []
    accept(access=cast.access("hanna"), pks=[theme.pk for theme in made])
    read_all(cast)
    found = sorted_to(cast)
    assert {frozenset(name.split("-")[0] for name in names) for names in found.values()} == {
        frozenset({"bill"}), frozenset({"fitter"}), frozenset({"shop"}),
    }  # fmt: skip
    assert sum(map(len, found.values())) == 36, "each to one of them"


def test_proposals_stand_beside_themes_of_ones_own(cast: Cast) -> None:
    (own,) = themes(cast, "Bills")
    spoken(cast, "bill", "fitter", "shop")
    made = propose_codebook(workspace=cast.larkspur)
    assert len(made) == 3
    assert own not in made
    assert Theme.objects.get(pk=own.pk).state == "accepted"


def test_what_fits_nothing_in_two_months_is_offered_once_and_not_again_when_it_was_turned_down(cast: Cast) -> None:
    spoken(cast, "bill", "fitter", "shop")
    accept(access=cast.access("hanna"), pks=[theme.pk for theme in propose_codebook(workspace=cast.larkspur)])
    spoken(cast, "router", occurred_at=dt.datetime(2026, 9, 7, tzinfo=dt.UTC))
    read_all(cast)
    rejected = Reading.objects.filter(outcome="rejected")
    assert {name.split("-")[0] for name in rejected.values_list("external_id", flat=True)} == {"router"}
    assert emerge(workspace=cast.larkspur) == [], "of one month only"
    later = Feedback.objects.filter(external_id__in=[f"router-{n}" for n in range(6)])
    later.update(local_date=dt.date(2026, 10, 7))
    (new,) = emerge(workspace=cast.larkspur)
    assert (new.state, new.origin) == ("proposed", "emerging")
    assert {one["external_id"].split("-")[0] for one in new.examples} == {"router"}
    assert CodebookVersion.objects.count() == 2
    assert Reading.objects.filter(version=1).count() == 12, "what was sorted is not read again"
    read_all(cast)
    assert sorted_to(cast)[new.name] == {f"router-{n}" for n in range(12)}
    assert emerge(workspace=cast.larkspur) == [], "nothing is rejected any more"
    retire(access=cast.access("hanna"), pk=new.pk)
    CodebookVersion.objects.filter(number=2).update(number=3)
    read_all(cast)
    assert Reading.objects.filter(outcome="rejected").count() == 12
    assert emerge(workspace=cast.larkspur) == [], "it was turned down"


def test_what_people_found_none_of_the_themes_in_is_looked_at_too(cast: Cast) -> None:
    hanna = cast.access("hanna")
    spoken(cast, "bill", "fitter", "shop")
    accept(access=hanna, pks=[theme.pk for theme in propose_codebook(workspace=cast.larkspur)])
    (wrong, *_) = Theme.objects.all()
    spoken(cast, "router", occurred_at=dt.datetime(2026, 9, 7, tzinfo=dt.UTC))
    spoken_of = Feedback.objects.filter(external_id__startswith="router")
    spoken_of.filter(external_id__in=[f"router-{n}" for n in range(6)]).update(local_date=dt.date(2026, 10, 7))
    for row in spoken_of:
        guessed(row, [wrong])  # the model is sure of something else
    assert emerge(workspace=cast.larkspur) == []
    for row in spoken_of:
        coded(cast, row, [])
    (new,) = emerge(workspace=cast.larkspur)
    assert {one["external_id"].split("-")[0] for one in new.examples} == {"router"}
    assert [keys for _, keys in learned_of(cast.larkspur)] == [[]] * 12
    accept(access=hanna, pks=[new.pk])
    assert learned_of(cast.larkspur) == [], "it was not there when they said that nothing fits"


class Killed(BaseException):
    """As a process that ends where it stands: nobody catches it."""


def test_killed_while_it_is_written_a_codebook_is_not_there_and_the_next_is_the_same(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken(cast, "bill", "fitter", "shop")

    def killed(**_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(proposing, "keep", killed)
        with pytest.raises(Killed):
            propose_codebook(workspace=cast.larkspur)
    assert not (Theme.objects.exists() or CodebookVersion.objects.exists() or CodebookChange.objects.exists())

    def made() -> list[tuple[str, str, list[object]]]:
        propose_codebook(workspace=cast.larkspur)
        found = list(Theme.objects.order_by("key").values_list("key", "name", "examples"))
        Theme.objects.all().delete()
        CodebookVersion.objects.all().delete()
        return found

    first = made()
    assert first and first == made()
