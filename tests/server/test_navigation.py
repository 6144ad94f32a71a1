"""The frame around every page."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.server.factories import Cast
from winback.server.navigation import PAGES


def test_every_role_sees_its_pages(cast: Cast) -> None:
    def links(name: str) -> int:
        return cast.client(name).get("/w/larkspur/customers/").content.decode().count('class="nav"')

    everyone = 1 + sum(page.role == "viewer" for _, pages in PAGES for page in pages)  # Search is no page of its own
    assert links("rafael") == everyone
    assert links("rafael") < links("amara") < links("hanna") <= links("ingrid")
    assert links("ingrid") == 1 + sum(len(pages) for _, pages in PAGES)


def test_one_is_told_where_one_is(rafael: Client) -> None:
    page = rafael.get("/w/larkspur/customers/").content.decode()
    assert page.count('aria-current="page"') == 2  # in the side and among the tabs of a phone
    assert 'href="/w/larkspur/customers/" aria-current="page"' in page


def test_keys_and_tabs_are_few_and_each_is_one(rafael: Client) -> None:
    pages = [page for _, group in PAGES for page in group]
    keys = [page.keys for page in pages if page.keys]
    assert len(keys) == len(set(keys))
    assert sum(page.tab for page in pages) == 4  # and More


@pytest.mark.django_db
def test_a_page_without_a_workspace_has_no_navigation(client: Client) -> None:
    assert 'class="nav"' not in client.get("/accounts/login/").content.decode()
