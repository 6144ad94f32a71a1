from __future__ import annotations

import re
from typing import Any

from django.test import Client

from tests.server.factories import Cast
from winback.server.workspaces.models import ApiKey
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
