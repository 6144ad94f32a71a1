from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests.server.factories import Cast
from winback.server.outbox.actions import put
from winback.server.outbox.models import OutboxMessage
from winback.server.outbox.personal import erase, export, forget
from winback.server.redaction import GONE, Person

pytestmark = pytest.mark.django_db


def test_messages_are_emptied_and_counted_on(cast: Cast) -> None:
    ann = Person(cast.larkspur.pk, (), (), (), (), ("ann@example.com",))
    put(workspace=cast.larkspur, kind="mail", address="ann@example.com", subject="Hello", body="Hi")
    put(workspace=cast.larkspur, kind="mail", address="ben@example.com", subject="Hello", body="Hi")
    assert [row["to"] for row in export(person=ann)["messages"]] == ["ann@example.com"]
    assert erase(person=ann) == {"messages": 1}
    assert set(OutboxMessage.objects.values_list("address", "body", "state")) == {
        (GONE, "", "withdrawn"), ("ben@example.com", "Hi", "waiting"),
    }  # fmt: skip


def test_old_ones_that_have_ended_are_forgotten(cast: Cast) -> None:
    put(workspace=cast.larkspur, kind="mail", address="ben@example.com", subject="Hello", body="Hi")
    later = timezone.now() + dt.timedelta(days=1)
    assert forget(workspace_id=cast.larkspur.pk, before=later, most=10) == 0
    OutboxMessage.objects.update(state="sent", sent_at=timezone.now())
    assert forget(workspace_id=cast.larkspur.pk, before=later, most=10) == 1
    assert forget(workspace_id=cast.larkspur.pk, before=later, most=10) == 0
