"""Single sign-on with a real provider of OpenID Connect: who comes in, and who does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests.peers.oidc import CLIENT_ID, CLIENT_SECRET, Provider, oidc_provider
from tests.server.factories import Cast
from winback.server.workspaces.models import AuditEvent, User


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    cache.clear()
    with oidc_provider() as started:
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "OAUTH_PKCE_ENABLED": True,
                "APPS": [
                    {
                        "provider_id": "oidc", "name": "Larkspur ID", "client_id": CLIENT_ID, "secret": CLIENT_SECRET,
                        "settings": {"server_url": started.issuer},
                    }
                ],
            }
        }  # fmt: skip
        yield started


def come_in(client: Client, provider: Provider, **person: Any) -> Any:
    """Press the button, sign in at the provider as this person, and come back."""
    provider.person = {
        "sub": "u-1",
        "email": "amara@larkspur.example",
        "email_verified": True,
        "name": "Amara",
    } | person
    page = client.get("/accounts/login/")
    assert "Sign in with Larkspur ID" in page.content.decode()
    there = client.post("/accounts/oidc/oidc/login/?process=login")
    assert there.status_code == 302, there.content.decode()[:500]
    back = provider.sign_in(there["Location"])
    return client.get(back.replace("http://testserver", ""))


def test_who_was_invited_comes_in_and_is_audited(cast: Cast, provider: Provider) -> None:
    client = Client()
    assert come_in(client, provider)["Location"] == "/"
    assert client.get("/w/larkspur/more/").status_code == 200
    assert AuditEvent.objects.get(verb="signed in").detail == {"way": "socialaccount"}
    asked = provider.asked[0]
    assert asked["code_challenge_method"] == "S256"
    again = Client()
    assert come_in(again, provider, email="new-name@larkspur.example")["Location"] == "/", (
        "known by its subject from then on"
    )
    assert again.get("/w/larkspur/more/").status_code == 200


@pytest.mark.parametrize(
    "person",
    [{"email": "eve@elsewhere.example"}, {"email_verified": False}, {"email": ""}],
    ids=["nobody here has the address", "the address is not confirmed", "no address"],
)
def test_nobody_else_does(cast: Cast, provider: Provider, person: dict[str, Any]) -> None:
    client = Client()
    before = User.objects.count()
    answer = come_in(client, provider, **person)
    assert "Nobody signs up here" in answer.content.decode()
    assert client.get("/w/larkspur/more/").status_code == 302
    assert User.objects.count() == before
    assert not AuditEvent.objects.filter(verb="signed in").exists()


def test_a_password_somebody_else_may_have_set_ends_with_the_first_single_sign_on(
    cast: Cast, provider: Provider
) -> None:
    amara = cast.people["amara"]
    amara.set_password("seven rainy harbours")
    amara.save()
    come_in(Client(), provider)
    assert not User.objects.get(pk=amara.pk).check_password("seven rainy harbours")


def test_a_closed_account_stays_closed(cast: Cast, provider: Provider) -> None:
    User.objects.filter(pk=cast.people["amara"].pk).update(is_active=False)
    client = Client()
    come_in(client, provider)
    assert client.get("/w/larkspur/more/").status_code == 302


def test_an_answer_nobody_asked_for_is_refused(cast: Cast, provider: Provider) -> None:
    client = Client()
    provider.person = {"sub": "u-1", "email": "amara@larkspur.example", "email_verified": True}
    there = client.post("/accounts/oidc/oidc/login/?process=login")
    back = provider.sign_in(there["Location"]).replace("http://testserver", "")
    other = Client()
    assert "Single sign-on failed" in other.get(back).content.decode(), "the state belongs to another browser"
    assert other.get("/w/larkspur/more/").status_code == 302
