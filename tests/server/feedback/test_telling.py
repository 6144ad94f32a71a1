from __future__ import annotations

import datetime as dt
import json

import pytest

from tests.server.factories import Cast, make_feedback
from tests.server.imports.bringing import brought
from winback.server.feedback.models import FeedbackTold
from winback.server.feedback.telling import tell
from winback.server.outbox.models import OutboxMessage, WebhookTarget

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


def at(minute: float) -> dt.datetime:
    return NOW + dt.timedelta(minutes=minute)


def told() -> list[dict[str, object]]:
    return [
        json.loads(one.body)["data"] for one in OutboxMessage.objects.filter(subject="feedback.received").order_by("id")
    ]


def test_what_came_is_told_once_when_it_is_surely_written(cast: Cast) -> None:
    make_feedback(cast.larkspur, "before")
    assert tell(now=at(0)) == 0 and not FeedbackTold.objects.exists(), "nobody listens"
    WebhookTarget.objects.create(workspace=cast.larkspur, url="https://example.com/hooks", secret="whsec_YQ==")
    assert tell(now=at(0)) == 0
    make_feedback(cast.larkspur, "a")
    make_feedback(cast.larkspur, "b")
    make_feedback(cast.merritt, "a")
    brought(cast.larkspur, "id,date,score\n1,2026-10-01,9\n")
    assert tell(now=at(1)) == 0, "its number was given a moment ago"
    make_feedback(cast.larkspur, "c")
    assert tell(now=at(1.2)) == 0, "too soon to be sure"
    assert tell(now=at(2)) == 2
    make_feedback(cast.larkspur, "a", score=9)  # the same again, changed
    assert tell(now=at(3)) == 1 and tell(now=at(4)) == 0
    assert told() == [{"count": 2, "sources": {"survey": 2}}, {"count": 1, "sources": {"survey": 1}}]


def test_who_listens_again_hears_of_what_comes_then(cast: Cast) -> None:
    place = WebhookTarget.objects.create(workspace=cast.larkspur, url="https://example.com/hooks", secret="whsec_YQ==")
    tell(now=at(0))
    WebhookTarget.objects.update(off_at=NOW)
    make_feedback(cast.larkspur, "a")
    assert tell(now=at(1)) == 0 and not FeedbackTold.objects.exists()
    WebhookTarget.objects.filter(pk=place.pk).update(off_at=None)
    assert [tell(now=at(minute)) for minute in (2, 3, 4)] == [0, 0, 0] and told() == []
