from __future__ import annotations

import pytest
from django.utils import timezone

from tests.server.factories import Cast
from winback.server.outbox import queries, rules
from winback.server.outbox.actions import put
from winback.server.outbox.models import Delivery, OutboxMessage, WebhookTarget
from winback.server.workspaces.models import Workspace

ADDRESSES = (
    "ann@example.com", "bo@larkspur.example", "bo@notlarkspur.example", "a_b@example.com", "axb@example.com",
)  # fmt: skip
PLACES = (
    "https://hooks.example.com", "https://hooks.example.com/in", "https://hooks.example.com.evil.example/in",
    "http://hooks.example.com/in",
)  # fmt: skip


@pytest.fixture
def _full(cast: Cast) -> None:
    for address in ADDRESSES:
        put(workspace=cast.larkspur, kind="mail", address=address)
    for url in PLACES:
        target = WebhookTarget.objects.create(workspace=cast.larkspur, url=url, secret="whsec_YQ==")
        put(workspace=cast.larkspur, kind="webhook", address=url, target=target)
    put(workspace=cast.larkspur, kind="message", address="+351910000000")
    put(workspace=cast.merritt, kind="mail", address="ann@example.com")


@pytest.mark.usefixtures("_full")
def test_the_database_lists_what_the_rules_allow(cast: Cast, settings: object) -> None:
    settings.MAIL_CONFIGURED = True  # type: ignore[attr-defined]
    for text in (
        "ann@example.com",
        "@larkspur.example",
        "https://hooks.example.com",
        "a_b@example.com\nhttps://hooks.example.com/",
    ):
        lines = rules.allow_list(text)
        asked = set(queries.sendable(cast.larkspur, sending="listed", lines=lines).values_list("address", flat=True))
        assert asked == {address for address in (*ADDRESSES, *PLACES) if rules.allowed("listed", lines, address)}
        assert asked
    assert queries.sendable(cast.larkspur, sending="on").count() == len(ADDRESSES) + len(PLACES), (
        "nothing carries messages"
    )
    assert queries.sendable(cast.larkspur).count() == 0


@pytest.mark.usefixtures("_full")
def test_without_a_mail_server_mails_are_never_due(cast: Cast, settings: object) -> None:
    settings.MAIL_CONFIGURED = False  # type: ignore[attr-defined]
    Workspace.objects.filter(pk=cast.larkspur.pk).update(sending="on")
    WebhookTarget.objects.filter(url=PLACES[0]).update(off_at=timezone.now())
    cast.larkspur.refresh_from_db()
    due = queries.due(cast.larkspur, timezone.now())
    assert {message.address for message in due} == set(PLACES[1:]), "and a place that rests waits"


@pytest.mark.usefixtures("_full")
def test_shelves(cast: Cast) -> None:
    first = OutboxMessage.objects.filter(workspace=cast.larkspur).earliest("id")
    OutboxMessage.objects.filter(pk=first.pk).update(state="failed")
    assert queries.counts(cast.larkspur) == {"waiting": 9, "sent": 0, "failed": 1, "withdrawn": 0}
    assert [message.pk for message in queries.messages(cast.larkspur, "failed")] == [first.pk]
    Delivery.objects.create(message=first, outcome="no")
    assert queries.deliveries(first).count() == 1
    assert queries.targets(cast.larkspur).count() == 4
    assert not queries.targets(cast.merritt)
