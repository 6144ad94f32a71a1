from __future__ import annotations

import json

import pytest

from tests.server.factories import Cast
from winback.errors import UserError
from winback.server.jobs.models import Job
from winback.server.outbox import actions
from winback.server.outbox.models import OutboxMessage, WebhookTarget
from winback.server.workspaces.models import AuditEvent, Workspace


def a_mail(cast: Cast, **more: object) -> OutboxMessage:
    said = {"workspace": cast.larkspur, "kind": "mail", "address": "ann@example.com", "subject": "Hi", "body": "Hello"}
    return actions.put(**said | more)  # type: ignore[arg-type]


def test_what_is_put_in_waits(cast: Cast) -> None:
    message = a_mail(cast, about="welcome:1", by=cast.access("ingrid"))
    assert (message.state, message.created_by, len(message.token)) == ("waiting", cast.people["ingrid"], 32)
    assert not Job.objects.exists(), "nothing is to be sent, so nobody is woken"
    Workspace.objects.filter(pk=cast.larkspur.pk).update(sending="on")
    cast.larkspur.refresh_from_db()
    a_mail(cast)
    a_mail(cast)
    assert Job.objects.filter(task="outbox.send").count() == 1


def test_what_can_never_be_sent_is_refused_at_the_door(cast: Cast) -> None:
    for address in ("ann at home", "a@b, c@d", "<a@b>", ""):
        with pytest.raises(UserError, match="not an e-mail address"):
            a_mail(cast, address=address)
    for wrong in ({"subject": "a\nBcc: x@y"}, {"headers": {"Bcc": "x@y"}}, {"kind": "pigeon"}):
        with pytest.raises(ValueError, match=r"one line|no kind"):
            a_mail(cast, **wrong)
    assert not OutboxMessage.objects.exists()


def test_taking_back(cast: Cast) -> None:
    access = cast.access("hanna")
    plain, secret = a_mail(cast), a_mail(cast, secret=True)
    for message in (plain, secret):
        actions.withdraw(by=access, message=message)
        message.refresh_from_db()
    assert (plain.state, plain.body, secret.state, secret.body) == ("withdrawn", "Hello", "withdrawn", "")
    with pytest.raises(UserError, match="too late"):
        actions.withdraw(by=access, message=plain)
    with pytest.raises(UserError, match="too late"):
        actions.withdraw(by=cast.access("nell"), message=a_mail(cast))


def test_taking_back_all_that_waits(cast: Cast) -> None:
    a_mail(cast)
    a_mail(cast, secret=True)
    sent = a_mail(cast)
    OutboxMessage.objects.filter(pk=sent.pk).update(state="failed")
    assert actions.withdraw_waiting(by=cast.access("ingrid")) == 2
    assert sorted(OutboxMessage.objects.values_list("state", "body")) == [
        ("failed", "Hello"), ("withdrawn", ""), ("withdrawn", "Hello"),
    ]  # fmt: skip
    assert AuditEvent.objects.get(verb="messages withdrawn").detail == {"count": 2}


def test_sending_is_switched_to_a_list_first(cast: Cast) -> None:
    access = cast.access("ingrid")
    assert cast.larkspur.sending == "off"
    with pytest.raises(UserError, match="list at least one"):
        actions.switch_sending(by=access, to="listed", allow_list=" \n")
    with pytest.raises(UserError, match="allows nothing"):
        actions.switch_sending(by=access, to="listed", allow_list="example.com")
    with pytest.raises(UserError, match="not a way of sending"):
        actions.switch_sending(by=access, to="always", allow_list="")
    actions.switch_sending(by=access, to="listed", allow_list="Me@larkspur.example\n@example.com\n")
    workspace = Workspace.objects.get(pk=cast.larkspur.pk)
    assert (workspace.sending, workspace.allow_list) == ("listed", "me@larkspur.example\n@example.com")
    event = AuditEvent.objects.get(verb="sending switched")
    assert (event.target, event.detail) == ("listed", {"was": "off", "listed": 2, "list_was": 0})
    assert Job.objects.filter(task="outbox.send").count() == 1
    assert Workspace.objects.get(pk=cast.merritt.pk).sending == "off"


def test_targets_are_told_and_rest(cast: Cast) -> None:
    access = cast.access("ingrid")
    target = actions.add_target(by=access, url=" https://example.com/hooks ")
    assert target.secret.startswith("whsec_")
    assert target.secret not in str(list(AuditEvent.objects.values()))
    with pytest.raises(UserError, match="told already"):
        actions.add_target(by=access, url="https://example.com/hooks")
    with pytest.raises(UserError, match="not an address"):
        actions.add_target(by=access, url="ftp://example.com")
    assert actions.announce(workspace=cast.larkspur, event="import.published", data={"rows": 3}) == 1
    message = OutboxMessage.objects.get(kind="webhook")
    body = json.loads(message.body)
    assert (body["type"], body["data"], message.target) == ("import.published", {"rows": 3}, target)
    actions.switch_target(by=access, target=target, on=False)
    assert actions.announce(workspace=cast.larkspur, event="import.published", data={}) == 0
    actions.switch_target(by=access, target=target, on=True)
    assert actions.test_target(by=access, target=target).subject == "test"
    actions.remove_target(by=access, target=target)
    assert not WebhookTarget.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_only_what_failed_is_tried_again(cast: Cast) -> None:
    message = a_mail(cast)
    with pytest.raises(UserError, match="Only what failed"):
        actions.retry(by=cast.access("hanna"), message=message)
    OutboxMessage.objects.filter(pk=message.pk).update(state="failed", attempts=8, error="no")
    actions.retry(by=cast.access("hanna"), message=message)
    message.refresh_from_db()
    assert (message.state, message.attempts, message.error) == ("waiting", 0, "")


def test_what_belongs_to_something_over_goes_with_it(cast: Cast) -> None:
    message = a_mail(cast, about="welcome:1", secret=True)
    other = a_mail(cast, about="welcome:2")
    actions.withdraw_about(workspace=cast.larkspur, about="welcome:1")
    message.refresh_from_db()
    other.refresh_from_db()
    assert (message.state, message.body, other.state) == ("withdrawn", "", "waiting")
