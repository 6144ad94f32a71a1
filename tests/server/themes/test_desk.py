"""Which comment comes next, and that no two people have the same on their desk."""

from __future__ import annotations

import datetime as dt

import pytest
from django.http import Http404
from django.utils import timezone

from tests.server.factories import Cast, make_feedback
from tests.server.themes.worlds import coded, guessed, said, themes
from winback.errors import UserError
from winback.server.feedback.models import Feedback
from winback.server.themes.desk import Queue, claim, lease_of, leave, skip, take
from winback.server.themes.models import DeskLease, Reading
from winback.server.workspaces.models import Workspace

pytestmark = pytest.mark.django_db


def ids(*leases: DeskLease | None) -> list[str]:
    return [lease.external_id if lease else "" for lease in leases]


def test_the_least_sure_comes_first_and_nobody_gets_what_lies_on_anothers_desk(cast: Cast) -> None:
    (late,) = themes(cast, "Late")
    for name, sure in (("a", 0.9), ("b", 0.1), ("c", 0.5)):
        guessed(said(cast, name), [late], sure)
    amara, hanna, ingrid = (cast.access(name) for name in ("amara", "hanna", "ingrid"))
    assert ids(claim(access=amara), claim(access=hanna), claim(access=ingrid)) == ["b", "c", "a"]
    assert ids(claim(access=amara)) == ["b"], "what lies on one's desk comes first"


def test_what_was_left_comes_back_to_others_after_a_while(cast: Cast) -> None:
    said(cast, "a")
    amara, hanna = cast.access("amara"), cast.access("hanna")
    claim(access=amara)
    assert claim(access=hanna) is None
    DeskLease.objects.update(until=timezone.now() - dt.timedelta(seconds=1))
    assert ids(claim(access=hanna)) == ["a"]
    with pytest.raises(UserError, match="Somebody else"):
        take(access=amara, key=(DeskLease.objects.get().source_id, "a"))
    leave(access=hanna)
    assert ids(claim(access=amara)) == ["a"]


def test_a_clock_that_is_set_back_keeps_no_comment_on_a_desk(cast: Cast) -> None:
    said(cast, "a")
    claim(access=cast.access("amara"))
    DeskLease.objects.update(until=timezone.now() + dt.timedelta(hours=5))  # taken while it was five hours later
    assert ids(claim(access=cast.access("hanna"))) == ["a"]


def test_what_one_skipped_comes_to_others_and_to_oneself_at_last(cast: Cast) -> None:
    for name in ("a", "b"):
        said(cast, name)
    amara = cast.access("amara")
    first = claim(access=amara)
    assert first is not None
    skip(access=amara, pk=first.pk)
    second = claim(access=amara)
    assert ids(first, second) == ["b", "a"]
    assert second is not None
    assert ids(claim(access=cast.access("hanna"))) == ["b"]
    leave(access=cast.access("hanna"))
    skip(access=amara, pk=second.pk)
    assert claim(access=amara) is not None


def test_a_comment_that_two_are_to_code_comes_to_a_second_person_and_no_third(cast: Cast) -> None:
    Workspace.objects.filter(pk=cast.larkspur.pk).update(double_coding=100)
    (late,) = themes(cast, "Late")
    row = said(cast, "a")
    coded(cast, row, [late])
    amara, hanna, ingrid = (cast.access(name) for name in ("amara", "hanna", "ingrid"))
    assert claim(access=amara) is None
    assert ids(claim(access=hanna), claim(access=ingrid)) == ["a", ""]
    coded(cast, row, [late], "hanna")
    assert claim(access=ingrid) is None


def test_second_readings_come_one_at_a_time_between_first_ones(cast: Cast) -> None:
    (late,) = themes(cast, "Late")
    Workspace.objects.filter(pk=cast.larkspur.pk).update(double_coding=100)
    for n in range(3):
        coded(cast, said(cast, f"twice-{n}"), [late], "amara")
    Workspace.objects.filter(pk=cast.larkspur.pk).update(double_coding=0)
    for n in range(5):
        guessed(said(cast, f"once-{n}"), [late], n / 10)
    came = []
    for _ in range(8):
        lease = claim(access=cast.access("hanna"))
        assert lease is not None
        came.append((lease.external_id[:5], lease.seat))
        coded(cast, Feedback.objects.get(external_id=lease.external_id), [late], "hanna")
    once, twice = ("once-", 0), ("twice", 1)
    assert came == [once, once, twice, once, once, twice, once, twice]
    assert claim(access=cast.access("hanna")) is None


def test_queues(cast: Cast) -> None:
    late, rude = themes(cast, "Late", "Rude")
    guessed(said(cast, "a", occurred_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC)), [late], 0.2)
    guessed(said(cast, "b", occurred_at=dt.datetime(2026, 11, 3, tzinfo=dt.UTC)), [rude], 0.9)
    guessed(said(cast, "c", occurred_at=dt.datetime(2026, 11, 2, tzinfo=dt.UTC)), [], 0.4)
    amara = cast.access("amara")
    for queue, first in ((Queue(), "a"), (Queue("newest"), "b"), (Queue("none"), "c"), (Queue(theme=rude.pk), "b")):
        assert ids(claim(access=amara, queue=queue)) == [first]
        leave(access=amara)


def test_comments_that_say_nothing_do_not_come_as_the_least_sure(cast: Cast) -> None:
    (late,) = themes(cast, "Late")
    nothing = guessed(said(cast, "a", "n/a"), [])
    Reading.objects.filter(pk=nothing.pk).update(outcome="nothing", confidence=None)
    guessed(said(cast, "b"), [late])
    assert ids(claim(access=cast.access("amara"))) == ["b"]
    assert ids(claim(access=cast.access("hanna"), queue=Queue("none"))) == [""]


def test_comments_outside_the_scope_and_without_words_do_not_come(cast: Cast) -> None:
    make_feedback(cast.larkspur, "south", comment="late", attributes={"region": "South"})
    make_feedback(cast.larkspur, "blank", attributes={"region": "North"})
    norah = cast.access("norah")
    assert claim(access=norah) is None
    assert claim(access=cast.access("nell")) is None
    with pytest.raises(Http404):
        take(access=norah, key=(make_feedback(cast.larkspur, "x", comment="y").source_id, "south"))
    with pytest.raises(Http404):
        lease_of(norah, 1)


def test_ones_own_can_be_taken_again_to_correct_it(cast: Cast) -> None:
    (late,) = themes(cast, "Late")
    row = said(cast, "a")
    coded(cast, row, [late])
    lease = take(access=cast.access("amara"), key=(row.source_id, "a"))
    assert lease_of(cast.access("amara"), lease.pk).external_id == "a"
