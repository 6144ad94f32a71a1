"""Who hears of an alarm: the owners, else the managers; at once, once a day, or never; and the webhooks."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from tests.server.factories import Cast
from tests.server.watch.worlds import an_alarm
from winback.errors import UserError
from winback.server.outbox.models import OutboxMessage, WebhookTarget
from winback.server.watch import telling
from winback.server.watch.models import Alarm, SegmentOwner, Telling, WatchPlan
from winback.server.workspaces.models import Membership

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 9, 28)
MORNING = dt.datetime(2026, 9, 28, 8, 30, tzinfo=dt.UTC)  # half past nine in Lisbon


def told(alarm: Alarm, *names: str, cast: Cast) -> int:
    return telling.tell(alarm=alarm, owners=[cast.people[name].pk for name in names], today=TODAY)


def addresses() -> list[str]:
    return [mail.address.split("@")[0] for mail in OutboxMessage.objects.filter(kind="mail").order_by("address")]


def test_owners_else_managers_else_administrators(cast: Cast) -> None:
    alarm = an_alarm(cast.larkspur, region="North")
    assert [user.email for user in telling.people_for(alarm, [cast.people["amara"].pk])] == ["amara@larkspur.example"]
    assert [user.email for user in telling.people_for(alarm, [])] == ["hanna@larkspur.example"]
    Membership.objects.filter(user=cast.people["hanna"]).delete()
    assert [user.email for user in telling.people_for(alarm, [])] == ["ingrid@larkspur.example"]


def test_an_owner_who_may_not_see_it_is_not_told(cast: Cast) -> None:
    south = an_alarm(cast.larkspur, region="South")
    SegmentOwner.objects.create(workspace=cast.larkspur, user=cast.people["norah"], attribute="region", value="South")
    owners = telling.owners_for(south)
    assert owners == [cast.people["norah"].pk]
    assert telling.tell(alarm=south, owners=owners, today=TODAY) == 1
    assert addresses() == ["hanna"]


def test_each_is_told_once_however_often_it_runs(cast: Cast) -> None:
    alarm = an_alarm(cast.larkspur, region="North")
    assert [told(alarm, "amara", cast=cast) for _ in range(3)] == [1, 0, 0]
    assert addresses() == ["amara"]


def test_at_once_once_a_day_or_never(cast: Cast) -> None:
    telling.choose(by=cast.access("amara"), how="digest")
    telling.choose(by=cast.access("rafael"), how="never")
    alarms = [
        an_alarm(cast.larkspur, region=region, more={"revenue": money})
        for region, money in (("North", 10), ("South", 90))
    ]
    for alarm in alarms:
        assert told(alarm, "amara", "rafael", "hanna", cast=cast) == 3
    assert addresses() == ["hanna", "hanna"]
    assert Telling.objects.filter(sent_at=None).count() == 2, "Amara's wait"
    WatchPlan.objects.create(workspace=cast.larkspur)
    assert [telling.digest(workspace=cast.larkspur, now=MORNING) for _ in range(2)] == [1, 0]
    mail = OutboxMessage.objects.get(address="amara@larkspur.example")
    assert mail.subject == "2 flare-ups: Twice as many detractors in South", "most money first"
    assert mail.body.index("South") < mail.body.index("North")
    assert not Telling.objects.filter(sent_at=None).exists()
    with pytest.raises(UserError):
        telling.choose(by=cast.access("amara"), how="by pigeon")


def test_the_mail_says_where_exactly_and_whom_it_touches(cast: Cast) -> None:
    everywhere = {"answer": "…", "everywhere": True, "combinations": 4, "rows": [], "rest": None}
    alarm = an_alarm(
        cast.larkspur,
        region="North",
        more={"causes": everywhere, "customers": 12, "revenue": 3400, "money_kind": "revenue"},
    )
    told(alarm, "amara", cast=cast)
    body = OutboxMessage.objects.get(kind="mail").body
    assert (
        "It rose in all segments alike: nothing in these attributes explains it.\n12 customers answered, with €3,400 of revenue a year.\n"
        in body
    )


def test_the_digest_is_made_from_eight_o_clock_there_once_a_day(cast: Cast) -> None:
    assert not telling.digest_due(cast.larkspur, now=MORNING), "nothing was ever watched"
    WatchPlan.objects.create(workspace=cast.larkspur)
    assert telling.digest_due(cast.larkspur, now=MORNING)
    assert not telling.digest_due(cast.larkspur, now=MORNING.replace(hour=6, minute=59)), "07:59 in Lisbon"
    telling.digest(workspace=cast.larkspur, now=MORNING)
    assert not telling.digest_due(cast.larkspur, now=MORNING + dt.timedelta(hours=9))
    assert telling.digest_due(cast.larkspur, now=MORNING + dt.timedelta(days=1))


def test_who_is_no_longer_here_gets_no_digest(cast: Cast) -> None:
    telling.choose(by=cast.access("amara"), how="digest")
    WatchPlan.objects.create(workspace=cast.larkspur)
    told(an_alarm(cast.larkspur, region="North"), "amara", cast=cast)
    Membership.objects.filter(user=cast.people["amara"]).delete()
    assert telling.digest(workspace=cast.larkspur, now=MORNING) == 0
    assert addresses() == []


def test_what_is_over_before_the_digest_is_not_in_it(cast: Cast) -> None:
    telling.choose(by=cast.access("amara"), how="digest")
    WatchPlan.objects.create(workspace=cast.larkspur)
    alarm = an_alarm(cast.larkspur, region="North")
    told(alarm, "amara", cast=cast)
    telling.tell_over(alarm=alarm, why="cooled")
    assert telling.digest(workspace=cast.larkspur, now=MORNING) == 0


def test_what_was_dismissed_or_snoozed_before_the_digest_is_not_in_it(cast: Cast) -> None:
    telling.choose(by=cast.access("amara"), how="digest")
    WatchPlan.objects.create(workspace=cast.larkspur)
    alarm = an_alarm(cast.larkspur, region="North")
    told(alarm, "amara", cast=cast)
    Alarm.objects.update(state="dismissed", reason="chance")
    assert telling.digest(workspace=cast.larkspur, now=MORNING) == 0
    Alarm.objects.update(state="open")
    assert telling.digest(workspace=cast.larkspur, now=MORNING + dt.timedelta(days=1)) == 1, "undone"


def test_webhooks_hear_that_it_opened_and_that_it_is_over(cast: Cast) -> None:
    WebhookTarget.objects.create(workspace=cast.larkspur, url="https://example.com/hooks", secret="whsec_YQ==")
    alarm = an_alarm(cast.larkspur, region="North")
    told(alarm, cast=cast)
    telling.tell_over(alarm=alarm, why="cooled")
    first, second = (json.loads(one.body) for one in OutboxMessage.objects.filter(kind="webhook").order_by("id"))
    assert (first["type"], second["type"], second["data"]["why"]) == ("alarm.opened", "alarm.ended", "cooled")
    assert (first["data"]["segment"], first["data"]["answers"], first["data"]["q"]) == ({"region": "North"}, 40, 0.02)
    assert OutboxMessage.objects.filter(state="waiting").count() == 3, "nothing is sent before sending is switched on"


def test_what_ended_long_ago_calls_nobody(cast: Cast) -> None:
    old = an_alarm(
        cast.larkspur,
        region="North",
        more={"until": TODAY - dt.timedelta(days=57), "through": TODAY - dt.timedelta(days=57)},
    )
    assert told(old, "amara", cast=cast) == 0
    assert not OutboxMessage.objects.exists()
