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


def test_of_what_went_to_others_it_is_told_that_it_did(cast: Cast) -> None:
    ann = Person(cast.larkspur.pk, (7,), (), (), (), ("Ann Zoë", "ann@example.com"))
    colleague, other = "hanna@larkspur.example", "https://desk.example/hook"
    put(workspace=cast.larkspur, kind="mail", address=colleague, subject="Two burn", body="Ann Zoë and Ben are angry")
    put(workspace=cast.larkspur, kind="webhook", address=other, subject="feedback.received", body='{"who": "Ann Zoë"}')
    put(workspace=cast.larkspur, kind="mail", address="desk@ann.example", subject="Sorry", body="Hi", customer_id=7)
    told = [
        {name: row[name] for name in row if name in ("to", "subject", "text")} for row in export(person=ann)["messages"]
    ]
    assert told == [
        {"to": "somebody else, who reads of them there"}, {"to": other},
        {"to": "desk@ann.example", "subject": "Sorry", "text": "Hi"},
    ]  # fmt: skip
    assert erase(person=ann) == {"messages": 3}


def test_a_customer_who_works_here_keeps_a_colleague_s_mail(cast: Cast) -> None:
    address = "hanna@larkspur.example"
    hanna = Person(cast.larkspur.pk, (7,), (), (), (), (address,))
    put(workspace=cast.larkspur, kind="mail", address=address, subject="Burns", body=f"You, {address}, have it")
    put(workspace=cast.larkspur, kind="mail", address=address, subject="Thanks", body="for your answer", customer_id=7)
    assert [row["subject"] for row in export(person=hanna)["messages"]] == ["Thanks"]
    assert erase(person=hanna) == {"messages": 1}
    assert list(OutboxMessage.objects.order_by("id").values_list("subject", "state")) == [
        ("Burns", "waiting"), ("", "withdrawn"),
    ]  # fmt: skip


def test_old_ones_that_have_ended_are_forgotten(cast: Cast) -> None:
    put(workspace=cast.larkspur, kind="mail", address="ben@example.com", subject="Hello", body="Hi")
    later = timezone.now() + dt.timedelta(days=1)
    assert forget(workspace_id=cast.larkspur.pk, before=later, most=10) == 0
    OutboxMessage.objects.update(state="sent", sent_at=timezone.now())
    assert forget(workspace_id=cast.larkspur.pk, before=later, most=10) == 1
    assert forget(workspace_id=cast.larkspur.pk, before=later, most=10) == 0
