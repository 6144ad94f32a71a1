"""Every page of the server in a real browser: accessible, silent, and no wider than a phone, light and dark."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.site import PHONE, SERVED, SLUG, Browsers, Site, fine, sideways
from winback.server.navigation import PAGES

pytestmark = SERVED

# the name of its address -> the address below the workspace, or from the root
ADDRESSES = {
    **{page.url: reverse(page.url, args=[SLUG]) for _, pages in PAGES for page in pages},
    "more": "more/",
    "search": "search?q=bill",
    "nothing found": "feedback/?q=nobody-says-this",
    "no answers": "pulse/?since=2001-01-01&until=2001-01-31",
    "webhooks": "outbox/webhooks/",
    "delete workspace": "settings/delete/",
    "one segment": "segments/?by=Region&by=Plan",
    "profit tier": "profit/tier/1/",
    "renewing in silence": "accounts/?silent=1",
    "me": "/me/",
    "workspaces": "/?all",
    "second factor": "/accounts/2fa/",
    "change password": "/accounts/password/change/",
    "api": "/api/v1/docs",
}
INNER = {  # a page that is reached by a link: the page it stands on, and the link
    "customer": ("customers/", "tbody a"),
    "feedback_one": ("feedback/", "[data-rows] .grow > a, [data-rows] blockquote a"),
    "member": ("people/", "a[href*='/people/']:not([href$='/people/'])"),
    "what we hold": ("customer", "a[href$='/held/']"),
    "erase": ("what we hold", "a[href$='/erase/']"),
}
STRANGERS = {
    "sign in": "/accounts/login/",
    "forgotten password": "/accounts/password/reset/",
    "a reset link that is none": "/accounts/password/reset/key/1-nothing/",
    "an invitation that is none": "/welcome/nothing/",
}


@pytest.fixture(scope="session")
def inner(browsers: Browsers, site: Site) -> dict[str, str]:
    """Addresses of pages that are reached by a link."""
    found: dict[str, str] = {}
    with browsers.open() as opened:
        for name, (on, link) in INNER.items():
            opened.go(found.get(on) or site.url(on))
            href = opened.page.locator(link).first.get_attribute("href")
            assert href
            found[name] = site.address + href
    return found


def looked_at(browsers: Browsers, address: str, who: str = "hanna", status: int = 200) -> None:
    with browsers.open(who=who) as opened:
        page = opened.go(address, status=status)
        expect(page.locator("html")).to_have_attribute("lang", "en")
        fine(opened)
        assert [said for said in opened.complaints if f"status of {status}" not in said] == []


@pytest.mark.parametrize("name", [*ADDRESSES, *INNER])
def test_a_page_is_accessible_silent_and_fits(browsers: Browsers, site: Site, inner: dict[str, str], name: str) -> None:
    rest = ADDRESSES.get(name, "")
    looked_at(browsers, inner.get(name) or (site.address + rest if rest.startswith("/") else site.url(rest)))


@pytest.mark.parametrize("name", STRANGERS)
def test_the_way_in(browsers: Browsers, site: Site, name: str) -> None:
    status = 404 if "that is none" in name and "invit" in name else 200
    looked_at(browsers, site.address + STRANGERS[name], "", status)


def test_a_viewer_and_a_page_that_is_not_there(browsers: Browsers, site: Site) -> None:
    looked_at(browsers, site.url("settings/"), "rafael", status=403)
    looked_at(browsers, site.url("nothing/"), status=404)


def test_a_page_that_is_opened_on_a_phone_draws_its_charts_for_one(browsers: Browsers) -> None:
    with browsers.open("pulse/", width=PHONE, scheme="dark") as opened:
        assert sideways(opened.page) == 0 and opened.page.locator("#trend svg").count() == 1
        assert opened.complaints == []
