"""How an alarm goes on, is snoozed, and is over."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from tests.server.exports.worlds import fresh
from tests.server.factories import Cast
from tests.server.watch.worlds import TODAY, WEEKS, an_alarm, burning, calm, more, watched
from winback.server.feedback.models import Feedback
from winback.server.outbox.models import OutboxMessage, WebhookTarget
from winback.server.sources.actions import mark_dirty
from winback.server.watch.burning import end, wake
from winback.server.watch.models import Alarm, Telling

pytestmark = pytest.mark.django_db


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


def test_who_has_it_is_told_when_a_snooze_is_over_and_webhooks_hear_that_it_is_open(cast: Cast) -> None:
    WebhookTarget.objects.create(workspace=cast.larkspur, url="https://example.com/hooks", secret="whsec_YQ==")
    assigned = {"assigned_to": cast.people["amara"], "state": "snoozed", "snoozed_until": TODAY}
    alarm = an_alarm(cast.larkspur, region="North", more=assigned)
    Telling.objects.create(alarm=alarm, user=cast.people["amara"])
    wake(alarm, today=TODAY + dt.timedelta(days=1))
    assert [mail.address for mail in OutboxMessage.objects.filter(kind="mail")] == ["amara@larkspur.example"]
    assert json.loads(OutboxMessage.objects.get(kind="webhook").body)["data"]["state"] == "open"


def test_what_went_out_while_it_was_snoozed_wakes_nobody(cast: Cast) -> None:
    burning(cast.larkspur)
    (alarm,) = watched(cast.larkspur, 1)
    Alarm.objects.update(state="snoozed", snoozed_until=TODAY + dt.timedelta(days=7))
    for week in range(WEEKS, WEEKS + 4):
        more(cast.larkspur, week, 4)
        calm(cast.larkspur, week)
    fresh(cast.larkspur)
    watched(cast.larkspur, 28)
    alarm.refresh_from_db()
    assert (alarm.state, alarm.state_before) == ("ended", "snoozed")
    assert list(alarm.events.values_list("verb", flat=True)) == ["found", "cooled"]
    assert OutboxMessage.objects.count() == 1


def test_of_an_alarm_beside_another_webhooks_hear_nothing(cast: Cast) -> None:
    WebhookTarget.objects.create(workspace=cast.larkspur, url="https://example.com/hooks", secret="whsec_YQ==")
    lead = an_alarm(cast.larkspur, region="North")
    end(an_alarm(cast.larkspur, region="North", more={"beside": lead.pk}), "cooled")
    assert not OutboxMessage.objects.exists()
    end(lead, "cooled")
    assert OutboxMessage.objects.get().subject == "alarm.ended"
