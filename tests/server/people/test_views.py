from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests.server.factories import Cast, make_customer
from winback.server.people.actions import invite
from winback.server.workspaces import limits
from winback.server.workspaces.models import Membership, User, Welcome

PASSWORD = "seven rainy harbours"


@pytest.fixture(autouse=True)
def _no_counts() -> None:
    limits.forget()
    cache.clear()


def text(answer: Any) -> str:
    return answer.content.decode()


def path_of(link: str) -> str:
    return link.removeprefix("http://127.0.0.1:8000")


def test_everybody_stands_there_in_few_queries(cast: Cast, ingrid: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(10):
        page = text(ingrid.get("/w/larkspur/people/"))
    for words in ("Ingrid Solheim", "region: North", "norah@larkspur.example", ">you<"):
        assert words in page
    for number in range(20):
        user = User.objects.create_user(f"person-{number}@example.com")
        Membership.objects.create(workspace=cast.larkspur, user=user, role="viewer")
    with django_assert_max_num_queries(10):
        ingrid.get("/w/larkspur/people/")


def test_from_the_invitation_to_the_first_page(cast: Cast, ingrid: Client) -> None:
    make_customer(cast.larkspur, "C1", attributes={"region": "North"})
    answer = ingrid.post(
        "/w/larkspur/people/invite/",
        {
            "email": "new@example.com",
            "role": "member",
            "part": "yes",
            "attribute": ["region", ""],
            "value-0": ["North"],
        },
    )
    assert "sends nothing yet" in text(answer)
    assert answer.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    link = path_of(re.search(r'id="link" value="([^"]+)"', text(answer))[1])  # type: ignore[index]
    listed = text(ingrid.get("/w/larkspur/people/"))
    assert "new@example.com" in listed
    assert link not in listed, "shown once"

    client = Client()
    page = text(client.get(link))
    assert "Join Larkspur Broadband" in page
    assert "to see region: North" in page
    weak = client.post(link, {"name": "New One", "password": "short"})
    assert (weak.status_code, 'value="New One"' in text(weak)) == (400, True)
    assert client.post(link, {"name": "New One", "password": PASSWORD})["Location"] == "/"
    assert client.get("/w/larkspur/more/").status_code == 200
    assert client.get("/w/larkspur/people/").status_code == 403
    assert Client().get(link).status_code == 404
    again = Client().post("/accounts/login/", {"login": "new@example.com", "password": PASSWORD})
    assert again.status_code == 302


def test_whoever_has_an_account_signs_in_first(cast: Cast, nell: Client, amara: Client) -> None:
    _, link = invite(by=cast.access("ingrid"), email="nell@merritt.example", role="viewer")
    stranger = Client()
    assert "Sign in, then join" in text(stranger.get(path_of(link)))
    refused = stranger.post(path_of(link), {"name": "Eve", "password": PASSWORD})
    assert (refused.status_code, "sign in first" in text(refused)) == (400, True)
    assert "sign out first" in text(amara.get(path_of(link)))
    assert amara.post(path_of(link)).status_code == 400
    assert nell.post(path_of(link))["Location"] == "/"
    assert nell.get("/w/larkspur/more/").status_code == 200


def test_joining_with_single_sign_on_sets_no_password(cast: Cast, settings: Any) -> None:
    _, link = invite(by=cast.access("ingrid"), email="new@example.com", role="viewer")
    assert Client().post(path_of(link), {"name": "New", "by": "single sign-on"}).status_code == 400, "it is not set up"
    app = {
        "provider_id": "oidc",
        "name": "Larkspur ID",
        "client_id": "a",
        "secret": "b",
        "settings": {"server_url": "x"},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    assert "Join, and sign in with Larkspur ID" in text(Client().get(path_of(link)))
    client = Client()
    answer = client.post(path_of(link), {"name": "New", "by": "single sign-on"})
    assert answer["Location"] == "/accounts/oidc/oidc/login/"
    assert not User.objects.get(email="new@example.com").has_usable_password()
    assert client.get("/w/larkspur/more/").status_code == 302, "the provider says first who it is"


def test_tokens_are_not_guessed(db: None) -> None:
    answers = [Client().get(f"/welcome/guess-{number}/").status_code for number in range(22)]
    assert answers[:20] == [404] * 20
    assert answers[21] == 429


def test_an_invitation_is_taken_back(cast: Cast, ingrid: Client) -> None:
    welcome, link = invite(by=cast.access("ingrid"), email="new@example.com", role="viewer")
    assert ingrid.post(f"/w/larkspur/people/invitations/{welcome.pk}/withdraw/").status_code == 302
    assert "This invitation is over" in text(Client().get(path_of(link)))
    assert Welcome.objects.get().withdrawn_at is not None


def test_a_members_rights_are_changed(cast: Cast, ingrid: Client) -> None:
    membership = Membership.objects.get(user=cast.people["amara"])
    page = f"/w/larkspur/people/{membership.pk}/"
    assert 'value="member" checked' in text(ingrid.get(page))
    refused = ingrid.post(page, {"role": "emperor", "part": "no"})
    assert (refused.status_code, "not a role" in text(refused)) == (400, True)
    wish = {"role": "manager", "part": "yes", "attribute": ["region"], "others-0": "North, South", "team": "Service"}
    assert ingrid.post(page, wish)["Location"] == "/w/larkspur/people/"
    membership.refresh_from_db()
    assert (membership.role, membership.scope, membership.team) == (
        "manager",
        {"segments": {"region": ["North", "South"]}},
        "Service",
    )
    assert "North, South" in text(ingrid.get(page))


def test_the_last_administrator_stays(cast: Cast, ingrid: Client) -> None:
    mine = Membership.objects.get(user=cast.people["ingrid"])
    assert "Nobody changes their own rights" in text(ingrid.get(f"/w/larkspur/people/{mine.pk}/"))
    refused = ingrid.post(f"/w/larkspur/people/{mine.pk}/remove/")
    assert (refused.status_code, "last administrator" in text(refused)) == (400, True)
    other = Membership.objects.get(user=cast.people["amara"])
    assert ingrid.post(f"/w/larkspur/people/{other.pk}/remove/").status_code == 302
    assert cast.client("amara").get("/w/larkspur/more/").status_code == 404
