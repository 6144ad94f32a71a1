"""The page of contact rules."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.server.factories import Cast, make_contact
from winback.server.customers.contacting import ask_to_contact
from winback.server.customers.models import SuppressedAddress, SuppressionList


def load(client: Client, text: bytes = b"+351912345678\n", **more: str) -> int:
    today = dt.datetime.now(dt.UTC).date().isoformat()
    body = {"name": "do not call", "channel": "phone", "screened_on": today, **more}
    return client.post(
        "/w/larkspur/contacting/list", {**body, "file": SimpleUploadedFile("list.txt", text)}
    ).status_code


def test_what_was_held_back_is_counted_with_its_reason(cast: Cast, amara: Client) -> None:
    contact = make_contact(cast.larkspur, "P1", email="a@example.com")
    now = dt.datetime.now(dt.UTC)
    for _ in range(3):
        ask_to_contact(
            contact=contact, touch="survey", purpose="research", channel="mail", at=now, survey="relationship"
        )
    page = amara.get("/w/larkspur/contacting/").content.decode()
    assert "1 <small>let through</small>" in page
    assert '<td class="num">2</td>' in page


def test_a_manager_loads_and_takes_away_a_list(cast: Cast, hanna: Client, amara: Client) -> None:
    assert load(amara) == 403
    assert load(hanna) == 302
    assert SuppressedAddress.objects.count() == 1
    assert "do not call" in hanna.get("/w/larkspur/contacting/").content.decode()
    assert hanna.post("/w/larkspur/contacting/list", {"remove": "do not call"}).status_code == 302
    assert SuppressionList.objects.count() == 0
    assert hanna.post("/w/larkspur/contacting/list", {"remove": "do not call"}).status_code == 400


@pytest.mark.parametrize(
    ("text", "more"),
    [
        (b"nobody\n", {}),
        (b"\xff\xfe\x00", {}),
        (b"+351912345678", {"screened_on": "soon"}),
        (b"+351912345678", {"name": " "}),
        (b"+351912345678", {"channel": "smoke"}),
    ],
)
def test_a_list_that_cannot_be_one_is_a_sentence(cast: Cast, hanna: Client, text: bytes, more: dict[str, str]) -> None:
    assert load(hanna, text, **more) == 400
    assert SuppressionList.objects.count() == 0


def test_a_stale_list_says_so(cast: Cast, hanna: Client) -> None:
    load(hanna, screened_on="2020-01-01")
    assert "out of date" in hanna.get("/w/larkspur/contacting/").content.decode()
