"""A browser without JavaScript: every page is read, and a file comes in."""

from __future__ import annotations

import time
from pathlib import Path

from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from tests.browser.site import SERVED, SLUG, Browsers, Site
from winback.server.navigation import PAGES

pytestmark = SERVED


def test_every_page_can_be_read(browsers: Browsers, site: Site) -> None:
    with browsers.open(script=False) as opened:
        page = opened.page
        for address in [site.address + reverse(shown.url, args=[SLUG]) for _, pages in PAGES for shown in pages]:
            answer = page.goto(address)
            assert answer is not None and answer.status == 200, address
            expect(page.locator("h1")).to_be_visible()
            assert len(page.locator("main").inner_text()) > 60, address
            for table in page.locator("main .chart + details table, main figure details").all():
                assert table.inner_text() or table.text_content(), address
        page.goto(f"{site.address}/api/v1/docs")
        expect(page.get_by_role("heading", name="One piece of feedback")).to_be_visible()


def test_figures_and_money_are_text(browsers: Browsers, site: Site) -> None:
    with browsers.open(script=False) as opened:
        page = opened.page
        page.goto(site.url("pulse/?last=all"))
        expect(page.locator("[data-figure=nps]")).to_be_visible()
        if page.get_by_role("link", name="Show it").count():
            page.get_by_role("link", name="Show it").click()
        expect(page.locator("#money")).to_contain_text("€")


def loaded_again_until(page: Page, wanted: Locator) -> None:
    """What a person does who has no script: load the page again."""
    end = time.monotonic() + 240
    while not wanted.count():
        assert time.monotonic() < end, page.locator("main").inner_text()
        page.reload()


def test_a_file_is_imported(browsers: Browsers, site: Site, tmp_path: Path) -> None:
    file = tmp_path / "plain.csv"
    file.write_text("Customer ID,Name,Region\nP-1,Pear Ltd,North\nP-2,Quince Ltd,South\n")
    with browsers.open(script=False) as opened:
        page = opened.page
        page.goto(site.url("import/"))
        page.locator("#files").set_input_files(file)
        page.get_by_role("button", name="Read").click()
        loaded_again_until(page, page.get_by_role("button", name="Import 2 rows"))
        page.get_by_role("button", name="Import 2 rows").click()
        loaded_again_until(page, page.get_by_role("heading", name="What came in"))
        page.goto(site.url("customers/?q=Quince"))
        expect(page.get_by_role("link", name="Quince Ltd")).to_be_visible()
