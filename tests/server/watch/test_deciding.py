"""What people do with an alarm, one after the other and two at once."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.server.factories import Cast
from tests.server.watch.worlds import an_alarm
from winback.errors import UserError
from winback.server.outbox.models import OutboxMessage
from winback.server.watch import deciding
from winback.server.watch.models import Alarm, SegmentOwner
from winback.server.watch.planning import today_in
from winback.server.workspaces.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def alarm(cast: Cast) -> Alarm:
    return an_alarm(cast.larkspur, region="North")


def test_who_takes_it_on_has_it(cast: Cast, alarm: Alarm) -> None:
    done = deciding.take(by=cast.access("amara"), alarm=alarm, seen=0, note="Rang the depot")
    assert (done.state, done.taken_by, done.assigned_to) == ("acknowledged", cast.people["amara"], cast.people["amara"])
    assert (done.known_until, done.changes) == (dt.date(2026, 9, 20), 1)
    (event,) = done.events.all()
    assert (event.verb, event.note, event.by) == ("took it on", "Rang the depot", cast.people["amara"])
    assert AuditEvent.objects.get(verb="flare-up: took it on").by == cast.people["amara"]


def test_who_comes_second_reads_what_the_first_did(cast: Cast, alarm: Alarm) -> None:
    deciding.take(by=cast.access("amara"), alarm=alarm, seen=0)
    with pytest.raises(UserError, match="Meanwhile Amara Diallo took it on. Look at it again, then decide."):
        deciding.dismiss(by=cast.access("hanna"), alarm=alarm, seen=0, reason="chance")
    alarm.refresh_from_db()
    assert alarm.state == "acknowledged"
    assert deciding.dismiss(by=cast.access("hanna"), alarm=alarm, seen=1, reason="chance").state == "dismissed"


def test_a_note_is_in_nobody_s_way(cast: Cast, alarm: Alarm) -> None:
    deciding.note(by=cast.access("amara"), alarm=alarm, text="  two vans for all of North ")
    assert deciding.take(by=cast.access("hanna"), alarm=alarm, seen=0).changes == 1
    assert alarm.events.get(verb="noted").note == "two vans for all of North"
    for text in ("", " ", "x" * 501):
        with pytest.raises(UserError):
            deciding.note(by=cast.access("amara"), alarm=alarm, text=text)


def test_it_is_dismissed_with_a_reason_only_and_then_it_is_out_of_hand(cast: Cast, alarm: Alarm) -> None:
    hanna = cast.access("hanna")
    with pytest.raises(UserError, match="Say why"):
        deciding.dismiss(by=hanna, alarm=alarm, seen=0, reason="")
    done = deciding.dismiss(by=hanna, alarm=alarm, seen=0, reason="known cause", note="the strike of the 9th")
    assert (done.state, done.reason, done.known_until) == ("dismissed", "known cause", dt.date(2026, 9, 20))
    with pytest.raises(UserError, match="Undo that first"):
        deciding.take(by=hanna, alarm=alarm, seen=1)


def test_what_is_over_cannot_be_taken_on(cast: Cast) -> None:
    over = an_alarm(
        cast.larkspur, region="North", more={"state": "ended", "ended_at": dt.datetime(2026, 10, 1, tzinfo=dt.UTC)}
    )
    with pytest.raises(UserError, match="is over"):
        deciding.take(by=cast.access("amara"), alarm=over, seen=0)
    assert deciding.judge(by=cast.access("amara"), alarm=over, seen=0, verdict="real").verdict == "real"


def test_undo_brings_back_what_was(cast: Cast, alarm: Alarm) -> None:
    hanna, amara = cast.access("hanna"), cast.access("amara")
    deciding.take(by=amara, alarm=alarm, seen=0)
    deciding.dismiss(by=hanna, alarm=alarm, seen=1, reason="chance")
    with pytest.raises(UserError, match="Hanna Lindqvist dismissed it; ask them, or a manager"):
        deciding.undo(by=amara, alarm=alarm, seen=2)
    back = deciding.undo(by=hanna, alarm=alarm, seen=2)
    assert (back.state, back.reason, back.known_until, back.taken_by) == (
        "acknowledged", "", dt.date(2026, 9, 20), cast.people["amara"],
    )  # fmt: skip
    first = deciding.undo(by=amara, alarm=alarm, seen=3)
    assert (first.state, first.known_until, first.taken_by, first.assigned_to) == ("open", None, None, None)
    with pytest.raises(UserError, match="nothing to undo"):
        deciding.undo(by=hanna, alarm=alarm, seen=4)
    assert [event.verb for event in alarm.events.order_by("id")] == ["took it on", "dismissed it", "undid", "undid"]


def test_undo_does_not_light_again_what_the_watch_has_ended(cast: Cast, alarm: Alarm) -> None:
    amara = cast.access("amara")
    deciding.take(by=amara, alarm=alarm, seen=0)
    ended = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
    Alarm.objects.update(state="ended", ended_at=ended, ending="cooled", state_before="acknowledged")
    back = deciding.undo(by=amara, alarm=alarm, seen=1)
    assert (back.state, back.state_before, back.taken_by) == ("ended", "open", None)


def test_it_is_given_to_who_may_see_it_and_they_are_told(cast: Cast, alarm: Alarm) -> None:
    hanna = cast.access("hanna")
    done = deciding.assign(by=hanna, alarm=alarm, seen=0, email="norah@larkspur.example")
    assert (done.assigned_to, done.state) == (cast.people["norah"], "open")
    mail = OutboxMessage.objects.get()
    assert mail.address == "norah@larkspur.example" and "Hanna Lindqvist gave this flare-up to you." in mail.body
    south = an_alarm(cast.larkspur, region="South")
    for email in ("norah@larkspur.example", "nell@merritt.example", ""):
        with pytest.raises(UserError, match="nobody here who may see"):
            deciding.assign(by=hanna, alarm=south, seen=0, email=email)
    deciding.assign(by=hanna, alarm=south, seen=0, email="hanna@larkspur.example")
    assert OutboxMessage.objects.count() == 1, "nobody writes to herself"
    deciding.dismiss(by=hanna, alarm=south, seen=1, reason="chance")
    with pytest.raises(UserError, match="dismissed"):
        deciding.assign(by=hanna, alarm=south, seen=2, email="hanna@larkspur.example")


def test_who_takes_it_has_it_though_it_was_given_to_another(cast: Cast, alarm: Alarm) -> None:
    deciding.assign(by=cast.access("hanna"), alarm=alarm, seen=0, email="norah@larkspur.example")
    done = deciding.take(by=cast.access("amara"), alarm=alarm, seen=1)
    assert done.assigned_to == cast.people["amara"]
    undone = deciding.undo(by=cast.access("amara"), alarm=alarm, seen=2)
    assert undone.assigned_to == cast.people["norah"]
    assert alarm.events.latest("id").note == "“took it on” of Amara Diallo"


def test_a_snooze_lasts_until_a_day_of_the_next_months(cast: Cast, alarm: Alarm) -> None:
    today = today_in(cast.larkspur)
    done = deciding.snooze(by=cast.access("amara"), alarm=alarm, seen=0, until=today + dt.timedelta(days=7))
    assert (done.state, done.snoozed_until) == ("snoozed", today + dt.timedelta(days=7))
    for days in (-1, 93):
        with pytest.raises(UserError, match="Choose a day"):
            deciding.snooze(by=cast.access("amara"), alarm=alarm, seen=1, until=today + dt.timedelta(days=days))
    with pytest.raises(UserError, match="real, not real or can't tell"):
        deciding.judge(by=cast.access("amara"), alarm=alarm, seen=1, verdict="perhaps")


def test_a_segment_has_owners_who_may_see_it(cast: Cast) -> None:
    hanna = cast.access("hanna")
    for _ in range(2):
        owner = deciding.own(by=hanna, attribute=" region ", value="North", email="norah@larkspur.example")
    assert (owner.attribute, owner.value, SegmentOwner.objects.count()) == ("region", "North", 1)
    for attribute, value, email in (
        ("region", "South", "norah@larkspur.example"),
        ("", "North", "hanna@larkspur.example"),
        ("region", "x" * 201, "hanna@larkspur.example"),
    ):
        with pytest.raises(UserError):
            deciding.own(by=hanna, attribute=attribute, value=value, email=email)
    deciding.disown(by=cast.access("nell"), pk=owner.pk)
    assert SegmentOwner.objects.exists(), "another company's"
    deciding.disown(by=hanna, pk=owner.pk)
    assert not SegmentOwner.objects.exists()
    assert AuditEvent.objects.filter(verb__startswith="segment owner").count() == 2


def test_a_note_too_long_for_the_action_changes_nothing(cast: Cast, alarm: Alarm) -> None:
    with pytest.raises(UserError, match="longer than 500"):
        deciding.take(by=cast.access("amara"), alarm=alarm, seen=0, note="x" * 501)
    alarm.refresh_from_db()
    assert alarm.state == "open"
