"""Sending to a real mail server and a real place of webhooks: what leaves, what comes back, what is tried again."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from tests.peers.hooks import Place, hook_server
from tests.peers.mail import Box, mail_server
from tests.server.factories import Cast
from winback.server.outbox import rules, sending, signing
from winback.server.outbox.actions import add_target, put, remove_target, switch_sending
from winback.server.outbox.models import Delivery, OutboxMessage, WebhookTarget
from winback.server.workspaces.models import Workspace


@pytest.fixture
def box(settings: Any) -> Iterator[Box]:
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
        settings.MAIL_CONFIGURED = True
        settings.DEFAULT_FROM_EMAIL = "winback <winback@larkspur.example>"
        yield server


@pytest.fixture
def place(settings: Any) -> Iterator[Place]:
    settings.PRIVATE_HOSTS = (ipaddress.ip_network("127.0.0.0/8"),)
    with hook_server() as server:
        yield server


def a_mail(cast: Cast, address: str = "ann@example.com", **more: Any) -> OutboxMessage:
    return put(workspace=cast.larkspur, kind="mail", address=address, subject="Grüße", body="Olá\n", **more)


def switch(cast: Cast, to: str, allow_list: str = "") -> None:
    switch_sending(by=cast.access("ingrid"), to=to, allow_list=allow_list)
    cast.larkspur.refresh_from_db()


def state(message: OutboxMessage) -> tuple[str, int, str]:
    message.refresh_from_db()
    return message.state, message.attempts, message.error


def test_a_new_workspace_sends_nothing_then_to_the_list_then_to_all(cast: Cast, box: Box) -> None:
    mine, ann = a_mail(cast, "me@larkspur.example"), a_mail(cast)
    sending.send_due(seconds=5)
    assert (box.mails, state(mine)[0], state(ann)[0]) == ([], "waiting", "waiting")
    switch(cast, "listed", "@larkspur.example")
    sending.send_due(seconds=5)
    assert [mail["To"] for mail in box.mails] == ["me@larkspur.example"]
    assert (state(mine)[0], state(ann)[0]) == ("sent", "waiting")
    switch(cast, "on")
    sending.send_due(seconds=5)
    sending.send_due(seconds=5)
    assert [mail["To"] for mail in box.mails] == ["me@larkspur.example", "ann@example.com"], "each once"


def test_what_a_mail_is_made_of(cast: Cast, box: Box) -> None:
    switch(cast, "on")
    message = a_mail(
        cast, body_html="<p>Olá</p>",
        headers={"List-Unsubscribe": "<https://x.example/u/1>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )  # fmt: skip
    sending.send_due(seconds=5)
    (mail,) = box.mails
    assert (mail["Subject"], mail["From"]) == ("Grüße", "winback <winback@larkspur.example>")
    assert mail["Message-ID"] == f"<{message.token}@127.0.0.1>"
    assert (mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"]) == (
        "<https://x.example/u/1>",
        "List-Unsubscribe=One-Click",
    )
    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]
    assert state(message) == ("sent", 1, "")
    delivery = Delivery.objects.get()
    assert (delivery.well, delivery.status) == (True, 250)


def test_a_secret_is_forgotten_once_it_is_sent(cast: Cast, box: Box) -> None:
    switch(cast, "on")
    message = put(workspace=cast.larkspur, kind="mail", address="ann@example.com", body="the link", secret=True)
    sending.send_due(seconds=5)
    message.refresh_from_db()
    assert (message.state, message.body) == ("sent", "")
    assert "the link" in box.mails[0].get_content()


def test_a_refused_address_fails_at_once_and_a_busy_server_is_asked_again(cast: Cast, box: Box) -> None:
    switch(cast, "on")
    box.refused = {"gone@example.com": "550 no such person", "busy@example.com": "451 try later"}
    gone, busy, ann = a_mail(cast, "gone@example.com"), a_mail(cast, "busy@example.com"), a_mail(cast)
    sending.send_due(seconds=5)
    assert state(gone) == ("failed", 1, "The mail server says: no such person")
    assert state(busy) == ("waiting", 1, "The mail server says: try later")
    assert state(ann)[0] == "sent", "one that is refused does not hold up the others"
    box.refused = {}
    sending.send_due(seconds=5)
    assert state(busy)[0] == "waiting", "not before its time"
    sending.send_due(seconds=5, now=timezone.now() + dt.timedelta(minutes=2))
    assert state(busy)[:2] == ("sent", 2)


def test_a_server_that_stays_away(cast: Cast, box: Box, settings: Any) -> None:
    switch(cast, "on")
    settings.EMAIL_PORT = 1
    message = a_mail(cast)
    now = timezone.now()
    for attempt in range(1, rules.MOST_ATTEMPTS + 1):
        sending.send_due(seconds=5, now=now)
        wanted = "failed" if attempt == rules.MOST_ATTEMPTS else "waiting"
        assert state(message)[:2] == (wanted, attempt)
        now += dt.timedelta(days=1, hours=1)
    assert state(message)[2].startswith("The mail server does not answer")
    assert Delivery.objects.count() == rules.MOST_ATTEMPTS


def test_a_killed_worker_leaves_a_lease_that_runs_out(cast: Cast, box: Box) -> None:
    switch(cast, "on")
    message = a_mail(cast)
    assert sending._claim(message, cast.larkspur)
    sending.send_due(seconds=5)
    assert box.mails == []
    sending.send_due(seconds=5, now=timezone.now() + sending.LEASE + dt.timedelta(seconds=1))
    assert len(box.mails) == 1
    assert state(message)[0] == "sent"


def test_two_workers_never_hold_the_same_message(cast: Cast) -> None:
    message = a_mail(cast)
    same = OutboxMessage.objects.get(pk=message.pk)
    assert sending._claim(message, cast.larkspur)
    assert not sending._claim(same, cast.larkspur)


@pytest.mark.parametrize(("to", "listed"), [("off", ""), ("listed", "me@larkspur.example")])
def test_who_switches_sending_off_has_nothing_sent_in_the_middle_of_a_round_either(
    cast: Cast, to: str, listed: str
) -> None:
    switch(cast, "on")
    message, looked_up = a_mail(cast), Workspace.objects.get(pk=cast.larkspur.pk)
    switch(cast, to, listed)
    assert not sending._claim(message, looked_up)
    assert state(message)[:2] == ("waiting", 0)


def test_a_place_that_wants_no_more_is_told_no_more_in_the_same_round(cast: Cast, place: Place) -> None:
    switch(cast, "on")
    target = add_target(by=cast.access("ingrid"), url=place.url)
    place.status = 410
    two = [put(workspace=cast.larkspur, kind="webhook", address=place.url, body="{}", target=target) for _ in "ab"]
    sending.send_due(seconds=5)
    assert [state(message)[0] for message in two] == ["failed", "waiting"]
    assert len(place.came) == 1


def test_a_place_may_be_removed_while_it_is_being_told(cast: Cast, place: Place) -> None:
    switch(cast, "on")
    target = add_target(by=cast.access("ingrid"), url=place.url)
    message = put(workspace=cast.larkspur, kind="webhook", address=place.url, body="{}", target=target)
    remove_target(by=cast.access("ingrid"), target=target)
    sending._write_down(message, sending.Attempt(True, "taken", 200), 12)
    assert not Delivery.objects.exists()


def test_a_webhook_is_signed_as_the_standard_says(cast: Cast, place: Place) -> None:
    switch(cast, "on")
    target = add_target(by=cast.access("ingrid"), url=place.url)
    message = put(
        workspace=cast.larkspur,
        kind="webhook",
        address=place.url,
        subject="test",
        body='{"type":"test"}',
        target=target,
    )
    sending.send_due(seconds=5)
    assert state(message) == ("sent", 1, "")
    ((head, body),) = place.came
    assert json.loads(body) == {"type": "test"}
    assert head["webhook-id"] == f"msg_{message.token}"
    assert head["content-type"] == "application/json"
    assert signing.verified(target.secret, head, body, now=int(timezone.now().timestamp()))
    assert Delivery.objects.get().status == 204


@pytest.mark.parametrize(
    ("status", "wanted", "says"),
    [
        (500, "waiting", "It answered 500"),
        (302, "waiting", "no redirect"),
        (404, "waiting", "404"),
        (410, "failed", "off now"),
    ],
)
def test_what_a_place_answers(cast: Cast, place: Place, status: int, wanted: str, says: str) -> None:
    switch(cast, "on")
    target = add_target(by=cast.access("ingrid"), url=place.url)
    place.status, place.to = status, place.url
    message = put(workspace=cast.larkspur, kind="webhook", address=place.url, body="{}", target=target)
    sending.send_due(seconds=5)
    assert state(message)[0] == wanted
    assert says in state(message)[2]
    assert len(place.came) == 1
    assert (WebhookTarget.objects.get().off_at is not None) == (status == 410)


def test_private_addresses_are_refused_unless_the_operator_allows_them(cast: Cast, place: Place, settings: Any) -> None:
    switch(cast, "on")
    settings.PRIVATE_HOSTS = ()
    target = add_target(by=cast.access("ingrid"), url=place.url)
    message = put(workspace=cast.larkspur, kind="webhook", address=place.url, body="{}", target=target)
    sending.send_due(seconds=5)
    assert state(message)[0] == "failed"
    assert "private network" in state(message)[2]
    assert place.came == []


def test_a_workspace_on_its_way_out_sends_nothing(cast: Cast, box: Box) -> None:
    switch(cast, "on")
    a_mail(cast)
    Workspace.objects.filter(pk=cast.larkspur.pk).update(removing_at=timezone.now())
    sending.send_due(seconds=5)
    assert box.mails == []


def test_a_round_ends_when_its_time_is_up(cast: Cast, box: Box) -> None:
    switch(cast, "on")
    a_mail(cast)
    assert sending.send_due(seconds=-1) is True
    assert box.mails == []
