"""The way in, and what is shown when there is nothing to show."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory

from tests.server.factories import Cast
from winback.server import pages
from winback.server.workspaces.actions import add_member


@pytest.mark.django_db
def test_a_stranger_is_led_to_the_sign_in_and_back(client: Client) -> None:
    assert client.get("/")["Location"] == "/accounts/login/?next=/"
    response = client.get("/w/larkspur/pulse/?since=2026-11-01")
    assert response["Location"] == "/accounts/login/?next=/w/larkspur/pulse/%3Fsince%3D2026-11-01"


def test_one_workspace_opens_at_once_and_several_are_a_choice(cast: Cast, nell: Client) -> None:
    assert nell.get("/")["Location"] == "/w/merritt/month/"
    add_member(workspace=cast.larkspur, user=cast.people["nell"], role="viewer")
    page = nell.get("/").content.decode()
    assert "Larkspur Broadband" in page
    assert "Merritt Dairies" in page


def test_the_process_answers(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


def test_no_such_page_gives_nothing_away(cast: Cast, rafael: Client) -> None:
    unknown, foreign = rafael.get("/w/nowhere/pulse/"), rafael.get("/w/merritt/pulse/")
    assert (unknown.status_code, foreign.status_code) == (404, 404)
    assert unknown.content == foreign.content
    assert "There is no such page" in foreign.content.decode()


def test_a_sentence_is_a_page_or_a_note_in_place(cast: Cast, rafael: Client) -> None:
    page = rafael.get("/w/larkspur/feedback/?since=soon")
    note = rafael.get("/w/larkspur/feedback/?since=soon", headers={"HX-Request": "true"})
    assert (page.status_code, note.status_code) == (400, 400)
    assert "<html" in page.content.decode()
    assert note.content.decode().startswith('<div class="note late" role="alert">')


def test_what_is_not_open_says_who_can_help(cast: Cast, rafael: Client) -> None:
    page = rafael.get("/w/larkspur/contacting/")
    assert page.status_code == 403
    assert "This is for members; you are a viewer here. Ask Amara Diallo or Hanna Lindqvist" in page.content.decode()


def test_a_bug_is_a_page_that_needs_nothing(rf: RequestFactory) -> None:
    response = pages.broken(rf.get("/"))
    assert response.status_code == 500
    assert "Something broke here" in response.content.decode()


@pytest.mark.django_db
def test_a_form_from_elsewhere_is_refused_in_words() -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x", "password": "y"})
    assert response.status_code == 403
    assert "This page was open for too long" in response.content.decode()
