"""Nobody is told twice of one fire."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.server.exports.worlds import fresh
from tests.server.factories import Cast
from tests.server.watch.worlds import NOW, WEEKS, an_alarm, burning, calm, more, watched
from winback.server.outbox.models import OutboxMessage, WebhookTarget
from winback.server.runs.models import AnalysisRun
from winback.server.watch.alarming import fire_of
from winback.server.watch.burning import end
from winback.server.watch.deciding import dismiss, take, undo
from winback.server.watch.models import Alarm, SegmentOwner, Watch, WatchPlan
from winback.server.watch.queries import burning as burning_now
from winback.server.watch.rules import Fire, near, part_of

pytestmark = pytest.mark.django_db


def test_nobody_is_told_twice_of_the_same_fire(cast: Cast) -> None:
    burning(cast.larkspur)
    (alarm,) = watched(cast.larkspur)
    (mail,) = OutboxMessage.objects.all()
    assert (mail.address, mail.state) == ("hanna@larkspur.example", "waiting"), "the managers', where nobody owns it"
    assert "in North · A" in mail.subject and f"/w/larkspur/flareups/{alarm.pk}/" in mail.body
    more(cast.larkspur, WEEKS, 16)
    calm(cast.larkspur, WEEKS)
    fresh(cast.larkspur)
    (same,) = watched(cast.larkspur, 7)
    assert same.pk == alarm.pk and same.until == dt.date(2026, 10, 4) and same.began == alarm.began
    assert same.bad == 50.0 and same.run_id != same.found_run_id
    assert OutboxMessage.objects.count() == 1


def test_after_it_was_taken_on_only_new_evidence_counts(cast: Cast) -> None:
    burning(cast.larkspur)
    (alarm,) = watched(cast.larkspur)
    take(by=cast.access("amara"), alarm=alarm, seen=0)
    more(cast.larkspur, WEEKS, 17)
    calm(cast.larkspur, WEEKS)
    fresh(cast.larkspur)
    (same,) = watched(cast.larkspur, 7)
    assert (same.state, same.until, same.bad) == ("acknowledged", alarm.until, 34.0), (
        "what was taken on stays as it was"
    )
    assert (same.later_bad, same.later_answers) == (17.0, 20)
    run = AnalysisRun.objects.get(pk=Watch.objects.get().run_id)
    assert run.params["acknowledged"] == [[["region", "plan"], ["North", "A"], "2026-09-27"]]
    assert same.events.filter(verb="burns on").count() == (1 if run.result["found"] else 0)
    assert OutboxMessage.objects.count() == 1


def test_what_was_dismissed_is_not_told_again(cast: Cast) -> None:
    burning(cast.larkspur)
    (alarm,) = watched(cast.larkspur)
    dismiss(by=cast.access("hanna"), alarm=alarm, seen=0, reason="known cause")
    for week in range(WEEKS, WEEKS + 2):
        more(cast.larkspur, week, 17)
        calm(cast.larkspur, week)
    fresh(cast.larkspur)
    assert [one.state for one in watched(cast.larkspur, 14)] == ["dismissed"]
    assert OutboxMessage.objects.count() == 1


def test_owners_of_the_segment_are_told_and_not_the_managers(cast: Cast) -> None:
    SegmentOwner.objects.create(workspace=cast.larkspur, user=cast.people["norah"], attribute="Region", value="North")
    burning(cast.larkspur)
    (alarm,) = watched(cast.larkspur)
    assert alarm.owner == cast.people["norah"]
    assert list(OutboxMessage.objects.values_list("address", flat=True)) == ["norah@larkspur.example"]


def test_an_old_fire_is_history_and_calls_nobody(cast: Cast) -> None:
    burning(cast.larkspur)
    (alarm,) = watched(cast.larkspur, 120)
    assert alarm.state == "open"
    assert not OutboxMessage.objects.exists()


def test_the_same_fire_by_another_measure_stands_beside_it(cast: Cast) -> None:
    burning(cast.larkspur)
    WatchPlan.objects.create(workspace=cast.larkspur, measures=["detractors", "score"])
    found = watched(cast.larkspur)
    assert [(one.measure, one.segment) for one in found] == [("detractors", ["North", "A"]), ("score", ["North", "A"])]
    assert found[1].beside == found[0].pk and found[0].beside is None
    assert OutboxMessage.objects.count() == 1


def at(day: dt.date, *segment: str) -> Fire:
    return Fire(part_of(["region", "plan"][: len(segment)], segment), day, day + dt.timedelta(days=6))


def test_until_it_is_over_it_burns_as_far_as_it_was_looked_at(cast: Cast) -> None:
    through = {"through": dt.date(2026, 10, 25)}  # its window ended on 20 September
    alarm = an_alarm(cast.larkspur, region="North", more=through)
    later = at(dt.date(2026, 11, 2), "North")
    assert near(later, fire_of(alarm), "week")
    assert not near(at(dt.date(2026, 11, 9), "North"), fire_of(alarm), "week"), "three weeks after anybody looked"
    over = {**through, "state": "ended", "ending": "cooled", "ended_at": NOW}
    assert not near(later, fire_of(an_alarm(cast.larkspur, region="North", more=over)), "week")
    dismissed = {**through, "state": "dismissed", "reason": "chance"}
    held = fire_of(an_alarm(cast.larkspur, region="North", more=dismissed))
    assert near(at(dt.date(2026, 12, 14), "North"), held, "week"), "eight weeks"
    assert not near(at(dt.date(2026, 12, 28), "North"), held, "week")


def test_weak_weeks_in_a_fire_and_another_name_of_it_are_told_nobody(cast: Cast) -> None:
    burning(cast.larkspur)
    (alarm,) = watched(cast.larkspur)
    for week in range(WEEKS, WEEKS + 3):  # so few answers say neither that it burns nor that it is over
        more(cast.larkspur, week, 1, many=2)
        calm(cast.larkspur, week)
    fresh(cast.larkspur)
    assert [one.state for one in watched(cast.larkspur, 21)] == ["open"]
    for week in range(WEEKS + 3, WEEKS + 5):  # it comes back in all of North
        for plan in ("A", "B"):
            more(cast.larkspur, week, 17, plan=plan)
        for plan in ("A", "B"):
            more(cast.larkspur, week, 4, region="South", plan=plan)
    fresh(cast.larkspur)
    (same,) = watched(cast.larkspur, 35)
    assert (same.pk, same.segment, same.state, same.until) == (alarm.pk, ["North"], "open", dt.date(2026, 11, 1))
    assert [event.verb for event in same.events.order_by("id")] == ["found", "seen elsewhere"]
    assert OutboxMessage.objects.count() == 1


def test_what_burns_on_is_one_line_brought_up_to_date(cast: Cast) -> None:
    burning(cast.larkspur)
    (alarm,) = watched(cast.larkspur)
    take(by=cast.access("amara"), alarm=alarm, seen=0)
    for week in (WEEKS, WEEKS + 1, WEEKS + 2):
        more(cast.larkspur, week, 17)
        calm(cast.larkspur, week)
        fresh(cast.larkspur)
        watched(cast.larkspur, 7 * (week - WEEKS + 1))
    alarm.refresh_from_db()
    assert (alarm.state, alarm.bad, alarm.later_bad, alarm.through) == (
        "acknowledged",
        34.0,
        51.0,
        dt.date(2026, 10, 18),
    )
    assert [(event.verb, event.note[:8]) for event in alarm.events.order_by("id")] == [
        ("found", ""), ("took it on", ""), ("burns on", "51 of 60"),
    ]  # fmt: skip
    assert (Alarm.objects.count(), OutboxMessage.objects.count()) == (1, 1)


def test_a_dismissed_fire_is_told_by_no_other_measure_either(cast: Cast) -> None:
    burning(cast.larkspur)
    (alarm,) = watched(cast.larkspur)
    dismiss(by=cast.access("hanna"), alarm=alarm, seen=0, reason="known cause")
    WatchPlan.objects.update(measures=["detractors", "score"], version="")
    found = watched(cast.larkspur)
    assert [(one.measure, one.state, one.beside) for one in found] == [
        ("detractors", "dismissed", None), ("score", "open", alarm.pk),
    ]  # fmt: skip
    assert OutboxMessage.objects.count() == 1
    assert burning_now(cast.access("hanna")) == []
    undo(by=cast.access("hanna"), alarm=alarm, seen=1)
    assert [one.pk for one in burning_now(cast.access("hanna"))] == [alarm.pk]


def test_what_was_over_and_burns_again_is_told_to_tools_only(cast: Cast) -> None:
    WebhookTarget.objects.create(workspace=cast.larkspur, url="https://example.com/hooks", secret="whsec_YQ==")
    burning(cast.larkspur)
    (alarm,) = watched(cast.larkspur)
    end(alarm, "cooled")
    Watch.objects.update(version="")
    (same,) = watched(cast.larkspur)
    assert (same.pk, same.state) == (alarm.pk, "open")
    hooks = OutboxMessage.objects.filter(kind="webhook").order_by("id")
    assert [one.subject for one in hooks] == ["alarm.opened", "alarm.ended", "alarm.opened"]
    assert OutboxMessage.objects.filter(kind="mail").count() == 1


def test_another_fire_beside_one_that_people_know_is_told(cast: Cast) -> None:
    burning(cast.larkspur)
    (alarm,) = watched(cast.larkspur)
    take(by=cast.access("amara"), alarm=alarm, seen=0)
    for week in (WEEKS, WEEKS + 1):
        for region, plan, low in (("North", "A", 17), ("North", "B", 4), ("South", "A", 4), ("South", "B", 17)):
            more(cast.larkspur, week, low, region=region, plan=plan)
    fresh(cast.larkspur)
    found = watched(cast.larkspur, 14)
    assert [(one.segment, one.state) for one in found] == [(["North", "A"], "acknowledged"), (["South", "B"], "open")]
    assert OutboxMessage.objects.count() == 2


def test_what_is_over_when_it_is_found_calls_nobody(cast: Cast) -> None:
    WebhookTarget.objects.create(workspace=cast.larkspur, url="https://example.com/hooks", secret="whsec_YQ==")
    burning(cast.larkspur)
    for week in range(WEEKS, WEEKS + 4):
        more(cast.larkspur, week, 4)
        calm(cast.larkspur, week)
    fresh(cast.larkspur)
    (alarm,) = watched(cast.larkspur, 28)
    assert (alarm.state, alarm.ending, alarm.until) == ("ended", "cooled", dt.date(2026, 9, 27))
    assert not OutboxMessage.objects.exists()
    watched(cast.larkspur, 29)
    alarm.refresh_from_db()
    assert alarm.state == "ended" and list(alarm.events.values_list("verb", flat=True)) == ["found", "cooled"], (
        "the next look sees the old window again"
    )
    assert not OutboxMessage.objects.exists()
