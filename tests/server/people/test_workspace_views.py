from __future__ import annotations

from typing import Any

from django.test import Client

from tests.server.factories import Cast, make_feedback
from winback.server.jobs.actions import run_due
from winback.server.workspaces.models import AuditEvent, User, Workspace


def text(answer: Any) -> str:
    return answer.content.decode()


def test_settings_are_saved_or_refused_in_place(cast: Cast, ingrid: Client) -> None:
    assert 'value="Europe/Lisbon"' in text(ingrid.get("/w/larkspur/settings/"))
    refused = ingrid.post("/w/larkspur/settings/", {"name": "Larkspur", "zone": "Mars"})
    assert (refused.status_code, "not a time zone" in text(refused), 'value="Larkspur"' in text(refused)) == (
        400,
        True,
        True,
    )
    assert ingrid.post("/w/larkspur/settings/", {"minimum": "5", "attributes": "region\r\nplan\r\n"}).status_code == 302
    workspace = Workspace.objects.get(slug="larkspur")
    assert (workspace.minimum, workspace.attributes, workspace.name) == (5, ["region", "plan"], "Larkspur Broadband")


def test_masking_is_switched_on_and_off_and_that_is_in_the_audit(cast: Cast, ingrid: Client) -> None:
    page = text(ingrid.get("/w/larkspur/settings/"))
    assert 'placeholder="PT"' in page and "Empty: PT, by the time zone" in page
    ingrid.post("/w/larkspur/settings/", {"mask_comments": ["no", "yes"], "phone_regions": "gb, de"})
    workspace = Workspace.objects.get(slug="larkspur")
    assert (workspace.mask_comments, workspace.phone_regions) == (True, "GB DE")
    assert AuditEvent.objects.filter(verb="settings changed").latest("id").detail["mask_comments"] == "False → True"
    assert ingrid.post("/w/larkspur/settings/", {"phone_regions": "Mars"}).status_code == 400
    ingrid.post("/w/larkspur/settings/", {"mask_comments": "no"})
    assert not Workspace.objects.get(slug="larkspur").language_model, "what was not asked stays off"
    assert not Workspace.objects.get(slug="larkspur").mask_comments


def test_deleting_says_what_goes_and_needs_the_name(cast: Cast, ingrid: Client) -> None:
    make_feedback(cast.larkspur, "F1")
    page = text(ingrid.get("/w/larkspur/settings/delete/"))
    assert "Answers and other feedback" in page
    assert ingrid.post("/w/larkspur/settings/delete/", {"typed": "Larkspur"}).status_code == 400
    assert ingrid.post("/w/larkspur/settings/delete/", {"typed": "larkspur"})["Location"] == "/"
    for client in (ingrid, cast.client("amara")):
        assert client.get("/w/larkspur/more/").status_code == 404, "out of reach at once"
    assert "in no workspace yet" in text(ingrid.get("/"))
    run_due()
    assert not Workspace.objects.filter(slug="larkspur").exists()


def test_operators_make_workspaces(cast: Cast) -> None:
    client = cast.client("nell")
    refused = client.get("/workspaces/new/")
    assert (refused.status_code, "Only operators" in text(refused)) == (403, True)
    User.objects.filter(pk=cast.people["nell"].pk).update(is_operator=True)
    assert client.post("/workspaces/new/", {"name": "X", "slug": "larkspur"}).status_code == 400
    wish = {"name": "Tern Ferries", "slug": "tern", "zone": "Europe/Oslo", "currency": "nok"}
    assert client.post("/workspaces/new/", wish)["Location"] == "/w/tern/settings/"
    made = Workspace.objects.get(slug="tern")
    assert (made.currency, made.sending, made.memberships.get().user) == ("NOK", "off", cast.people["nell"])
    assert client.get("/w/tern/settings/").status_code == 200


def test_more_holds_what_has_no_tab(rafael: Client, ingrid: Client) -> None:
    seen = text(rafael.get("/w/larkspur/more/"))
    assert "/w/larkspur/accounts/" in seen
    main = seen[seen.index("<main") :]
    assert "/w/larkspur/people/" not in main
    assert "/w/larkspur/people/" in text(ingrid.get("/w/larkspur/more/"))
    assert "Sign out" in main
