"""The pictures of the documentation, taken from the pages as they are. Only when asked: `python docs/generate.py --pictures`.

Otherwise they would differ with every run, and nobody would look at the difference.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import PHONE, SERVED, Browsers, Site
from tests.browser.test_own_csv import dropped, own_file

pytestmark = [
    *SERVED,
    pytest.mark.skipif("PICTURES" not in os.environ, reason="pictures are taken by docs/generate.py --pictures"),
]

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
WIDTH = 1280


def taken(page: Page, name: str, height: int, width: int = WIDTH, **options: Any) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(600)
    page.screenshot(path=IMAGES / name, **options)
    assert (IMAGES / name).stat().st_size < 400_000


def test_pulse_and_segments(browsers: Browsers) -> None:
    with browsers.open("pulse/", width=WIDTH) as opened:
        taken(opened.page, "pulse.png", 1040)
    with browsers.open("segments/?by=Region&by=Plan&last=all", width=WIDTH) as opened:
        taken(opened.page, "segments.png", 1300)


def test_an_import_before_it_comes_in(browsers: Browsers) -> None:
    with browsers.open("import/", width=WIDTH) as opened:
        dropped(opened.page, "answers.csv", own_file())
        taken(opened.page, "import.png", 1100)
        opened.page.get_by_role("button", name="Give it up").click()
        expect(opened.page.locator("main")).to_contain_text("given up")


def test_a_customer_on_a_phone(browsers: Browsers, site: Site) -> None:
    with browsers.open("feedback/?band=detractor&commented=1&Plan=Business", width=PHONE, scheme="dark") as opened:
        page = opened.page
        page.locator("[data-rows] a[href*='/customers/']").first.click()
        page.wait_for_url("**/customers/*/")
        taken(page, "customer-phone-dark.png", 844, PHONE)
