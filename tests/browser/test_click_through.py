"""From a figure to the answers it counts, to the customer who gave one: every step is a link."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import SERVED, Browsers, Opened, Site

pytestmark = SERVED


def listed(page: Page) -> int:
    """How many answers the list of feedback holds, with all its further pages."""
    while page.locator("li.more a").count():
        page.locator("li.more a").click()
        page.wait_for_load_state("networkidle")
    return page.locator("[data-rows] > li").count()


def story_of_the_first(opened: Opened) -> None:
    """From a list of feedback on to a customer, whose story holds what was said."""
    page = opened.page
    page.locator("[data-rows] a[href*='/customers/']").first.click()
    page.wait_for_url("**/customers/*/")
    expect(page.get_by_role("heading", name="Story")).to_be_visible()
    assert page.locator("[data-rows] > li").count() >= 1


def test_from_the_score_to_a_customer(browsers: Browsers) -> None:
    with browsers.open("pulse/") as opened:
        page = opened.page
        share = page.locator("[data-figure=detractors]")
        detractors = int(share.get_attribute("data-v") or 0)
        assert detractors > 0
        share.click()
        page.wait_for_url("**/feedback/?**")
        # the figure counts each person once, the list shows every answer of the window
        assert listed(page) >= detractors
        assert page.locator("[data-rows] blockquote:not(.d)").count() == 0
        story_of_the_first(opened)
        assert opened.complaints == []


@pytest.mark.parametrize(
    ("rest", "figure"),
    [
        ("month/", "main a[href*='/feedback/']"),
        ("segments/?by=Region&last=all", "table.segments a[href*='/feedback/']"),
        ("segments/?by=Region&last=all", ".heat td a"),
        ("profit/?last=all", "main a[href*='/feedback/']"),
        ("journey/?last=all", "main a[href*='/feedback/']"),
    ],
)
def test_figures_of_other_pages_lead_to_answers_too(browsers: Browsers, site: Site, rest: str, figure: str) -> None:
    with browsers.open(rest) as opened:
        page = opened.page
        link = page.locator(figure).first
        expect(link).to_be_visible()
        link.click()
        page.wait_for_url(re.compile(r"/feedback/"))
        assert page.locator("[data-rows] > li").count() > 0, page.url
        story_of_the_first(opened)


def test_a_customer_is_found_by_name(browsers: Browsers, site: Site) -> None:
    with browsers.open("customers/", width=390, scheme="dark") as opened:
        page = opened.page
        name = page.locator("tbody a").first.inner_text()
        opened.go(site.url(f"search?q={name.split()[0]}"))
        page.get_by_role("link", name=name, exact=True).first.click()
        expect(page.locator("h1")).to_have_text(name)
