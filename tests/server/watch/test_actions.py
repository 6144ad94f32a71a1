"""The watch finds a fire, keeps what it decided on, tells nobody twice, and sees when it is over."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.utils import timezone

from tests.server.exports.worlds import answer, fresh, told
from tests.server.factories import Cast
from tests.server.watch.worlds import FIRST, NOW, TODAY, WEEKS, an_alarm, burning
from winback.errors import UserError
from winback.server.exports.queries import manifest_of
from winback.server.feedback.models import Feedback
from winback.server.jobs.models import Job
from winback.server.outbox.models import OutboxMessage
from winback.server.runs.models import AnalysisRun
from winback.server.sources.actions import mark_dirty
from winback.server.watch import actions
from winback.server.watch.deciding import dismiss, take
from winback.server.watch.models import Alarm, SegmentOwner, Watch, WatchPlan
from winback.server.watch.reduced import decided, input_hash
from winback.server.workspaces.models import AuditEvent, Workspace

pytestmark = pytest.mark.django_db


def more(workspace: Workspace, week: int, low: int, *, region: str = "North", plan: str = "A", many: int = 20) -> None:
    """A further week of answers of one segment, so many of them detractors."""
    day = FIRST + dt.timedelta(days=7 * week)
    told(
        workspace,
        [
            answer(f"{week}-{region}-{plan}-{i}", 2 if i < low else 9, (day + dt.timedelta(days=i % 7)).isoformat(),
                   customer=f"c-{region}-{plan}-{i}", attributes={"region": region, "plan": plan})
            for i in range(many)
        ],
    )  # fmt: skip


def calm(workspace: Workspace, week: int) -> None:
    for region, plan in (("North", "B"), ("South", "A"), ("South", "B")):
        more(workspace, week, 4, region=region, plan=plan)


def watched(workspace: Workspace, days: int = 0) -> list[Alarm]:
    """Watched on the Monday after seventeen weeks of answers, or so many days later."""
    actions.watch_now(workspace=workspace, now=NOW + dt.timedelta(days=days))
    return list(Alarm.objects.order_by("id"))


def test_a_fire_is_found_and_its_decision_is_computed_again(cast: Cast) -> None:
    burning(cast.larkspur)
    (alarm,) = watched(cast.larkspur)
    assert (alarm.by, alarm.segment, alarm.state) == (["region", "plan"], ["North", "A"], "open")
    assert (alarm.since, alarm.until) == (dt.date(2026, 9, 14), dt.date(2026, 9, 27))
    assert (alarm.answers, alarm.bad, alarm.customers, alarm.revenue) == (40, 34.0, 20, None)
    assert alarm.expected == pytest.approx(9, abs=1.5) and alarm.q < 0.01
    assert [row["segment"] for row in alarm.causes["rows"]] == [["North", "A"]]
    assert (alarm.course[-1]["period"], alarm.course[-1]["bad"], alarm.course[-1]["burning"]) == (
        "2026-09-21",
        17.0,
        True,
    )

    run = AnalysisRun.objects.get(pk=alarm.found_run_id)
    assert (run.name, run.params["measure"], run.as_of) == ("flareups", "detractors", Watch.objects.get().as_of)
    kept = json.loads(json.dumps(run.result["counts"]))
    again = decided(kept, run.params).table.to_pylist()
    assert input_hash(kept) == run.input_hash
    assert [(row["segment"], row["p"], row["q"], row["score"]) for row in again] == [
        (alarm.segment, alarm.p, alarm.q, alarm.score)
    ], "exactly"
    assert run.result["found"][0]["answers"] == 40
    assert AuditEvent.objects.filter(verb="flare-up found", workspace=cast.larkspur).count() == 1


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


def test_the_same_state_is_looked_at_once(cast: Cast) -> None:
    burning(cast.larkspur)
    watched(cast.larkspur)
    watched(cast.larkspur)
    assert AnalysisRun.objects.count() == 1 and Alarm.objects.count() == 1
    plan = WatchPlan.objects.get()
    manifest = manifest_of(actions.whole(cast.larkspur))
    assert manifest is not None and plan.version == manifest.id and plan.day == TODAY
    assert not actions.is_due(cast.larkspur, now=NOW + dt.timedelta(hours=2))
    more(cast.larkspur, WEEKS, 4)
    fresh(cast.larkspur)
    assert not actions.is_due(cast.larkspur, now=NOW + dt.timedelta(minutes=14))
    assert actions.is_due(cast.larkspur, now=NOW + dt.timedelta(minutes=15))


def test_a_new_day_is_looked_at_too_since_a_week_may_be_over(cast: Cast) -> None:
    burning(cast.larkspur)
    watched(cast.larkspur)
    assert actions.is_due(cast.larkspur, now=NOW + dt.timedelta(days=1))
    assert not actions.is_due(cast.merritt, now=NOW + dt.timedelta(days=1)), "nothing was ever written there"


def test_a_fire_that_goes_out_is_over(cast: Cast) -> None:
    burning(cast.larkspur)
    (alarm,) = watched(cast.larkspur, 1)
    for week in range(WEEKS, WEEKS + 8):
        more(cast.larkspur, week, 4)
        calm(cast.larkspur, week)
    fresh(cast.larkspur)
    watched(cast.larkspur, 56)
    alarm.refresh_from_db()
    assert (alarm.state, alarm.ending, alarm.state_before) == ("ended", "cooled", "open")
    assert (alarm.later_bad, alarm.later_answers) == (4.0 * alarm.later_answers / 20, alarm.later_answers)
    assert list(alarm.events.values_list("verb", flat=True)) == ["found", "cooled"]


def test_an_import_taken_back_takes_its_alarm_along_and_brings_it_again(cast: Cast) -> None:
    burning(cast.larkspur)
    (alarm,) = watched(cast.larkspur)
    hot = Feedback.objects.visible(cast.larkspur).filter(local_date__gte=alarm.since, score=2)
    gone = list(hot.values_list("pk", flat=True))
    Feedback.objects.filter(pk__in=gone).update(score=None)  # as an import that is undone: they are no answers any more
    days = set(Feedback.objects.filter(pk__in=gone).values_list("local_date", flat=True))
    mark_dirty(workspace=cast.larkspur, table="feedback", days=days)
    fresh(cast.larkspur)
    watched(cast.larkspur)
    alarm.refresh_from_db()
    assert (alarm.state, alarm.ending) == ("ended", "withdrawn")
    Feedback.objects.filter(pk__in=gone).update(score=2)
    mark_dirty(workspace=cast.larkspur, table="feedback", days=days)
    fresh(cast.larkspur)
    (same,) = watched(cast.larkspur)
    assert (same.pk, same.state, same.ending, same.ended_at) == (alarm.pk, "open", "", None)
    assert [event.verb for event in same.events.order_by("id")] == ["found", "withdrawn", "burns again"]
    assert OutboxMessage.objects.count() == 1, "told once"


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


def test_a_snooze_that_is_over_tells_again(cast: Cast) -> None:
    burning(cast.larkspur)
    watched(cast.larkspur)
    Alarm.objects.update(state="snoozed", snoozed_until=TODAY + dt.timedelta(days=7))
    more(cast.larkspur, WEEKS, 17)
    calm(cast.larkspur, WEEKS)
    fresh(cast.larkspur)
    assert [one.state for one in watched(cast.larkspur, 7)] == ["snoozed"]
    (same,) = watched(cast.larkspur, 8)
    assert (same.state, same.snoozed_until) == ("open", None)
    assert OutboxMessage.objects.count() == 2


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


@pytest.mark.parametrize("weeks", [1, 8])
def test_too_little_history_says_so(cast: Cast, weeks: int) -> None:
    burning(cast.larkspur, weeks=weeks)
    assert watched(cast.larkspur) == []
    watch = Watch.objects.get()
    assert (watch.trouble, watch.periods, watch.segments) == ("too little", weeks, 0)
    assert WatchPlan.objects.get().version


def test_answers_without_dates(cast: Cast) -> None:
    from winback.server.feedback.rules import NewFeedback

    told(cast.larkspur, [NewFeedback(external_id=str(i), score=3) for i in range(20)])
    Feedback.objects.update(occurred_at=None, local_date=None)
    fresh(cast.larkspur)
    assert watched(cast.larkspur) == []
    assert Watch.objects.get().trouble == "no dates"


def test_a_workspace_without_answers_is_done_at_once(cast: Cast) -> None:
    fresh(cast.larkspur)
    assert actions.is_due(cast.larkspur, now=NOW)
    assert watched(cast.larkspur) == []
    assert not actions.is_due(cast.larkspur, now=NOW + dt.timedelta(hours=1))


def test_what_is_watched_can_be_changed(cast: Cast) -> None:
    burning(cast.larkspur)
    watched(cast.larkspur)
    actions.change_plan(by=cast.access("hanna"), measures=["silence", "detractors"], every="month")
    plan = WatchPlan.objects.get()
    assert (actions.measures_of(plan), plan.every, plan.version) == (["detractors", "silence"], "month", "")
    assert Watch.objects.get().version == ""
    assert Job.objects.get(task="watch.run").workspace_id == cast.larkspur.pk
    for measures, every in (([], "week"), (["mood"], "week"), (["score"], "year")):
        with pytest.raises(UserError):
            actions.change_plan(by=cast.access("hanna"), measures=measures, every=every)


def test_runs_that_nobody_points_to_go_after_a_week(cast: Cast) -> None:
    kept = an_alarm(cast.larkspur, region="North")
    loose = an_alarm(cast.larkspur, region="South")
    run = loose.run
    loose.delete()
    AnalysisRun.objects.update(made_at=timezone.now() - dt.timedelta(days=8))
    actions.finish(workspace=cast.larkspur, version="v")
    assert list(AnalysisRun.objects.values_list("pk", flat=True)) == [kept.run_id] and run.pk != kept.run_id


def test_whoever_comes_second_keeps_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two workers look at once: the lease of the first has run out while it counted."""
    burning(cast.larkspur)
    was = actions.keep
    held: list[dict[str, object]] = []
    monkeypatch.setattr(actions, "keep", lambda **given: held.append(given))
    actions.look(workspace=cast.larkspur, sort="all.0-10", measure="detractors", now=NOW)
    for given in (held[0], held[0]):
        was(**given)  # type: ignore[arg-type]
    assert (Alarm.objects.count(), AnalysisRun.objects.count(), OutboxMessage.objects.count()) == (1, 1, 1)


def test_what_is_no_longer_watched_is_over(cast: Cast) -> None:
    burning(cast.larkspur)
    WatchPlan.objects.create(workspace=cast.larkspur, measures=["detractors", "score"])
    watched(cast.larkspur)
    WatchPlan.objects.update(measures=["score"])
    assert [(one.measure, one.state, one.ending) for one in watched(cast.larkspur)] == [
        ("detractors", "ended", "unwatched"), ("score", "open", ""),
    ]  # fmt: skip


def test_answers_that_are_all_taken_back_leave_nothing_burning(cast: Cast) -> None:
    burning(cast.larkspur)
    watched(cast.larkspur)
    days = set(Feedback.objects.values_list("local_date", flat=True))
    Feedback.objects.update(score=None)
    mark_dirty(workspace=cast.larkspur, table="feedback", days=days)
    fresh(cast.larkspur)
    assert [(one.state, one.ending) for one in watched(cast.larkspur)] == [("ended", "withdrawn")]
    assert not Watch.objects.exists()


def test_another_period_goes_on_with_the_same_fire(cast: Cast) -> None:
    burning(cast.larkspur)
    (alarm,) = watched(cast.larkspur)
    actions.change_plan(by=cast.access("hanna"), measures=["detractors"], every="day")
    found = watched(cast.larkspur)
    assert [one.pk for one in found if one.segment == ["North", "A"]] == [alarm.pk]
    assert OutboxMessage.objects.count() == len(found), "told once each"
