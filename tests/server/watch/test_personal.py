"""A person's name goes out of alarms, notes, owners and lists; the counts stay."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.server.factories import Cast
from tests.server.watch.worlds import an_alarm
from winback.server.redaction import GONE, Person
from winback.server.watch.models import AlarmEvent, SegmentOwner, Watch
from winback.server.watch.personal import erase, export

pytestmark = pytest.mark.django_db


def test_a_name_goes_and_the_counts_stay(cast: Cast) -> None:
    ann = Person(cast.larkspur.pk, (), (), (), (), ("Ann Zoë",))
    alarm = an_alarm(cast.larkspur, seller="Ann Zoë", region="North")
    other = an_alarm(cast.larkspur, region="South")
    AlarmEvent.objects.create(alarm=alarm, verb="noted", note="Rang Ann Zoë at once", before={"state": "open"})
    SegmentOwner.objects.create(workspace=cast.larkspur, user=cast.people["hanna"], attribute="seller", value="Ann Zoë")
    Watch.objects.create(
        workspace=cast.larkspur, sort="all", title="All", measure="detractors", listed=[[["seller"], ["Ann Zoë"], 4.5]],
        day=dt.date(2026, 11, 19),
    )  # fmt: skip
    assert len(export(person=ann)["flare-ups"]) == 4
    assert erase(person=ann) == {"flare-ups": 4}
    alarm.refresh_from_db()
    assert (alarm.segment, alarm.answers, alarm.bad) == ([GONE, "North"], 40, 20.0)
    assert AlarmEvent.objects.get(verb="noted").note == f"Rang {GONE} at once"
    assert SegmentOwner.objects.get().value == GONE
    assert Watch.objects.get().listed == [[["seller"], [GONE], 4.5]]
    other.refresh_from_db()
    assert other.segment == ["South"]
    assert export(person=ann)["flare-ups"] == []
    assert erase(person=Person(cast.merritt.pk, (), (), (), (), ("South",))) == {"flare-ups": 0}
