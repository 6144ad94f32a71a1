from __future__ import annotations

from typing import Any

from django.test import Client

from tests.server.factories import Cast
from winback.server.workspaces.models import SavedView, User


def text(answer: Any) -> str:
    return answer.content.decode()


def test_ones_own_name(cast: Cast, amara: Client) -> None:
    page = text(amara.get("/me/"))
    for words in ("Amara Diallo", "Second factor", "data-keys-toggle", "Larkspur Broadband"):
        assert words in page
    assert amara.post("/me/", {"name": ""}).status_code == 400
    assert amara.post("/me/", {"name": "Amara D.", "title": "Service"}).status_code == 302
    assert User.objects.get(pk=cast.people["amara"].pk).title == "Service"


def test_saved_views_are_ones_own(cast: Cast, amara: Client, nell: Client) -> None:
    view = SavedView.objects.create(
        workspace=cast.larkspur, user=cast.people["amara"], page="segments", name="By plan", query=""
    )
    assert "By plan" in text(amara.get("/me/"))
    assert nell.post(f"/me/views/{view.pk}/delete/").status_code == 404
    assert amara.post(f"/me/views/{view.pk}/delete/").status_code == 302
    assert "By plan" not in text(amara.get("/me/")).split("Saved views")[1]
