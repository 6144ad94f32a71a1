from __future__ import annotations

import re
from typing import Any

from django.test import Client

from tests.server.factories import Cast
from winback.server.workspaces.actions import add_member
from winback.server.workspaces.keys import make_key
from winback.server.workspaces.models import ApiKey, Membership
from winback.server.workspaces.queries import access_for_key
from winback.server.workspaces.rules import Scope


def text(answer: Any) -> str:
    return answer.content.decode()


def test_a_key_is_shown_once(cast: Cast, ingrid: Client) -> None:
    assert "No key yet" in text(ingrid.get("/w/larkspur/keys/"))
    wish = {"name": "shop", "role": "member", "part": "yes", "attribute": ["region"], "others-0": "North"}
    answer = ingrid.post("/w/larkspur/keys/", wish)
    token = re.search(r'id="token" value="(wb_[^"]+)"', text(answer))[1]  # type: ignore[index]
    access = access_for_key(token)
    assert access is not None
    assert (access.role, access.scope) == ("member", Scope({"region": ("North",)}))
    assert "no-store" in answer.headers["Cache-Control"]
    listed = text(ingrid.get("/w/larkspur/keys/"))
    assert token not in listed
    assert ApiKey.objects.get().prefix in listed
    refused = ingrid.post("/w/larkspur/keys/", {"name": "", "role": "member"})
    assert (refused.status_code, "needs a name" in text(refused)) == (400, True)


def test_a_key_is_ended(cast: Cast, ingrid: Client) -> None:
    ingrid.post("/w/larkspur/keys/", {"name": "shop", "role": "member", "part": "no"})
    assert ingrid.post(f"/w/larkspur/keys/{ApiKey.objects.get().pk}/revoke/").status_code == 302
    assert "ended" in text(ingrid.get("/w/larkspur/keys/"))


def test_a_page_says_whose_keys_end_and_which_were_kept(cast: Cast, ingrid: Client) -> None:
    membership = Membership.objects.get(user=cast.people["hanna"])
    Membership.objects.filter(pk=membership.pk).update(role="admin")
    for name in ("shop", "till"):
        make_key(by=cast.access("hanna"), name=name)
    page = text(ingrid.get(f"/w/larkspur/people/{membership.pk}/"))
    assert "made <b>shop</b>, <b>till</b>, and may have kept what was shown" in page
    kept = ingrid.post(f"/w/larkspur/people/{membership.pk}/remove/", {"keep_keys": "on"}, follow=True)
    assert "Ended with that" not in text(kept)
    assert text(ingrid.get("/w/larkspur/keys/")).count("no longer here") == 2
    again = add_member(workspace=cast.larkspur, user=cast.people["hanna"], role="viewer")
    gone = ingrid.post(f"/w/larkspur/people/{again.pk}/remove/", follow=True)
    assert "Ended with that: shop, till (2 keys)." in text(gone)
    assert "no longer here" not in text(ingrid.get("/w/larkspur/keys/"))
