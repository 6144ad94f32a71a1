from __future__ import annotations

import pytest

from tests.server.factories import Cast
from tests.server.themes.worlds import coded, guessed, said, themes
from winback.server.themes.actions import merge
from winback.server.themes.coding import settle
from winback.server.themes.desk import claim
from winback.server.themes.desk_queries import agreement, disagreements, on_desk, progress
from winback.server.themes.models import Coding
from winback.server.themes.rules import words_digest
from winback.server.workspaces.models import Workspace

pytestmark = pytest.mark.django_db


def test_suggestions_come_first_and_have_the_first_keys(cast: Cast) -> None:
    late, rude, slow = themes(cast, "Late", "Rude", "Slow")
    coded(cast, said(cast, "old"), [slow])
    reading = guessed(said(cast, "a", "nobody came"), [rude], 0.8)
    Coding.objects.filter(reading=reading).update(start=0, end=6)
    lease = claim(access=cast.access("amara"))
    assert lease is not None
    told = on_desk(cast.access("amara"), lease)
    assert [(one.theme.name, one.confidence, one.words) for one in told["suggested"]] == [("Rude", 0.8, "nobody")]
    assert [(one["theme"].name, one["key"]) for one in told["themes"]] == [("Late", "3"), ("Rude", "1"), ("Slow", "2")]
    assert (told["chosen"], told["correcting"], told["digest"]) == ([], False, words_digest("nobody came"))
    merge(access=cast.access("hanna"), pk=rude.pk, into=late.pk)
    assert [one.theme.name for one in on_desk(cast.access("amara"), lease)["suggested"]] == ["Late"]


def test_how_far_two_agree_and_where_they_do_not(cast: Cast) -> None:
    Workspace.objects.filter(pk=cast.larkspur.pk).update(double_coding=100)
    late, rude = themes(cast, "Late", "Rude")
    amara, hanna = cast.access("amara"), cast.access("hanna")
    for name, first, second in (("a", [late], [late]), ("b", [rude], [rude]), ("c", [late], [rude])):
        row = said(cast, name)
        coded(cast, row, first)
        coded(cast, row, second, "ingrid")
    told = agreement(hanna)
    assert (told["whole"].units, told["whole"].same, told["few"]) == (3, 2, True)
    # observed 1/3; expected over the 30 ordered pairs of three of each: 18/30
    assert told["whole"].alpha == pytest.approx(1 - (1 / 3) / (18 / 30))
    assert {one["theme"].name: one["found"] for one in told["each"]} == {"Late": 2, "Rude": 2}
    (open_,) = disagreements(hanna)
    assert [[theme.name for theme in chosen] for _, chosen in open_.readings] == [["Late"], ["Rude"]]
    assert open_.may_settle and not disagreements(amara)[0].may_settle
    key = (open_.row["source_id"], open_.row["external_id"])
    settle(access=hanna, key=key, themes=[late.pk], digest=open_.digest)
    assert disagreements(hanna) == []
    assert agreement(hanna)["whole"].same == 2, "what was settled later does not make two agree"
    assert disagreements(cast.access("nell")) == []


def test_progress_counts_what_people_did(cast: Cast) -> None:
    (late,) = themes(cast, "Late")
    coded(cast, said(cast, "a"), [late])
    guessed(said(cast, "b"), [late])
    assert progress(cast.access("amara")) == {"mine_today": 1, "by_people": 1, "by_model": 1, "second": 0}
    assert progress(cast.access("hanna"))["mine_today"] == 0
