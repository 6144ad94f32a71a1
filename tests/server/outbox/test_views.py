from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests.server.factories import Cast
from winback.server.outbox.actions import put
from winback.server.outbox.models import OutboxMessage, WebhookTarget
from winback.server.workspaces.models import AuditEvent, Workspace
from winback.server.workspaces.reads import flush_reads

HTML = '<p style="color:red">Olá <script>alert(1)</script></p>'


def a_mail(cast: Cast, **more: Any) -> OutboxMessage:
    said = {
        "workspace": cast.larkspur,
        "kind": "mail",
        "address": "ann@example.com",
        "subject": "<b>Hi</b>",
        "body": "Hello",
    }
    return put(**said | more)


def text(answer: Any) -> str:
    return answer.content.decode()


def test_an_empty_outbox_says_that_nothing_leaves(hanna: Client) -> None:
    page = text(hanna.get("/w/larkspur/outbox/"))
    assert "Nothing leaves." in page
    assert "Nothing waits." in page
    assert "WINBACK_MAIL_URL" in page
    assert "/outbox/sending/" not in page, "a manager looks; an administrator switches"


def test_shelves_are_paged_by_key(cast: Cast, hanna: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(120):
        a_mail(cast, address=f"person-{number:03d}@example.com")
    seen: list[str] = []
    path: str | None = "/w/larkspur/outbox/"
    while path:
        with django_assert_max_num_queries(12):
            page = text(hanna.get(path))
        seen += re.findall(r"person-\d{3}", page)
        later = re.search(r'href="(\?[^"]*before=\d+[^"]*)" data-earlier', page)
        path = f"/w/larkspur/outbox/{later[1].replace('&amp;', '&')}" if later else None
    assert seen == [f"person-{number:03d}" for number in reversed(range(120))]
    assert hanna.get("/w/larkspur/outbox/?shelf=lost").status_code == 400
    assert hanna.get("/w/larkspur/outbox/?before=9" + "9" * 40).status_code == 200


def test_a_mail_is_shown_in_a_frame_without_rights(cast: Cast, hanna: Client) -> None:
    message = a_mail(cast, body_html=HTML, headers={"List-Unsubscribe": "<https://x.example/u/1>"})
    page = text(hanna.get(f"/w/larkspur/outbox/{message.pk}/"))
    assert re.search(r'<iframe class="preview" sandbox title="[^"]+" src="/w/larkspur/outbox/\d+/preview/">', page)
    assert "&lt;b&gt;Hi" in page
    assert "List-Unsubscribe" in page
    preview = hanna.get(f"/w/larkspur/outbox/{message.pk}/preview/")
    assert text(preview) == HTML
    policy = preview.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "script" not in policy
    flush_reads()
    assert AuditEvent.objects.get(verb="personal data read").target == f"outbox {message.pk}"


def test_what_lets_somebody_in_is_shown_to_nobody(cast: Cast, ingrid: Client) -> None:
    message = a_mail(cast, body="https://winback.example/welcome/secret-token", body_html="secret-token", secret=True)
    page = text(ingrid.get(f"/w/larkspur/outbox/{message.pk}/"))
    assert "secret-token" not in page
    assert "only its reader sees it" in page
    assert ingrid.get(f"/w/larkspur/outbox/{message.pk}/preview/").status_code == 404


def test_take_back_and_try_again(cast: Cast, hanna: Client, ingrid: Client) -> None:
    message = a_mail(cast)
    assert hanna.post(f"/w/larkspur/outbox/{message.pk}/withdraw/").status_code == 302
    again = hanna.post(f"/w/larkspur/outbox/{message.pk}/withdraw/")
    assert again.status_code == 400
    assert "too late" in text(again)
    OutboxMessage.objects.update(state="failed")
    assert hanna.post(f"/w/larkspur/outbox/{message.pk}/retry/")["Location"] == f"/w/larkspur/outbox/{message.pk}/"
    assert ingrid.post("/w/larkspur/outbox/withdraw/").status_code == 302
    assert OutboxMessage.objects.get().state == "withdrawn"


def test_sending_is_switched_on_knowingly(cast: Cast, ingrid: Client, settings: Any) -> None:
    settings.MAIL_CONFIGURED = True
    a_mail(cast)
    a_mail(cast, address="me@larkspur.example")
    page = text(ingrid.get("/w/larkspur/outbox/sending/?allow_list=@larkspur.example"))
    assert "1 message goes at once" in page
    assert "2 messages go at once" in page
    wish = {"to": "listed", "allow_list": "@larkspur.example"}
    refused = ingrid.post("/w/larkspur/outbox/sending/", wish)
    assert "Nothing was switched" in text(refused)
    assert Workspace.objects.get(slug="larkspur").sending == "off"
    assert ingrid.post("/w/larkspur/outbox/sending/", wish | {"sure": "yes"}).status_code == 302
    assert Workspace.objects.get(slug="larkspur").sending == "listed"
    assert "Only listed addresses" in text(ingrid.get("/w/larkspur/outbox/"))
    assert ingrid.post("/w/larkspur/outbox/sending/", wish | {"to": "off"}).status_code == 302, (
        "off needs no second thought"
    )
    assert Workspace.objects.get(slug="larkspur").sending == "off"


def test_a_webhooks_secret_is_shown_once(cast: Cast, ingrid: Client) -> None:
    made = text(ingrid.post("/w/larkspur/outbox/webhooks/", {"url": "https://example.com/hooks"}))
    target = WebhookTarget.objects.get()
    assert target.secret in made
    assert target.secret not in text(ingrid.get("/w/larkspur/outbox/webhooks/"))
    assert ingrid.post("/w/larkspur/outbox/webhooks/", {"url": "x"}).status_code == 400
    place = f"/w/larkspur/outbox/webhooks/{target.pk}/"
    assert "/outbox/" in ingrid.post(place, {"do": "test"})["Location"]
    assert OutboxMessage.objects.get().subject == "test"
    assert target.secret not in text(ingrid.get(f"/w/larkspur/outbox/{OutboxMessage.objects.get().pk}/"))
    for do in ("off", "on", "remove"):
        assert ingrid.post(place, {"do": do}).status_code == 302
    assert not WebhookTarget.objects.exists()
    assert ingrid.post(place, {"do": "remove"}).status_code == 404


@pytest.mark.parametrize("do", ["", "everything"])
def test_a_button_that_says_nothing(cast: Cast, ingrid: Client, do: str) -> None:
    target = WebhookTarget.objects.create(workspace=cast.larkspur, url="https://example.com", secret="whsec_YQ==")
    assert ingrid.post(f"/w/larkspur/outbox/webhooks/{target.pk}/", {"do": do}).status_code == 400
