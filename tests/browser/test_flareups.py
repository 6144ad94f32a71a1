"""The pages of flare-ups in a real browser, with one that burns: accessible, silent, no wider than a phone, without script."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.site import DESKTOP, PHONE, SERVED, Browsers, Site, sideways, violations

pytestmark = SERVED

ROOT = Path(__file__).resolve().parents[2]
PLANT = """
import sys
sys.path.insert(0, sys.argv[1])
from winback.server.start import django_ready
django_ready()
from tests.server.watch.worlds import planted
print(planted().pk)
"""
PAGES = ("", "past/", "watched/", "who/", "{pk}/", "{pk}/same-boat/")


def plant(site: Site) -> int:
    """Have North x Business burn at the sample company, as the watch would write it; the number of the alarm."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("WINBACK_", "DJANGO_"))}
    environ |= {"WINBACK_HOME": str(site.home), "WINBACK_BASE_URL": site.address, "DATABASE_URL": ""}
    words = [sys.executable, "-c", PLANT, str(ROOT)]
    ran = subprocess.run(words, env=environ, capture_output=True, text=True, timeout=400)
    assert ran.returncode == 0, ran.stderr
    return int(ran.stdout.strip().splitlines()[-1])


@pytest.fixture(scope="session")
def burning(site: Site) -> int:
    return plant(site)


@pytest.mark.parametrize(("width", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_every_page_is_accessible_silent_and_fits(
    browsers: Browsers, site: Site, burning: int, width: int, scheme: str
) -> None:
    for page in PAGES:
        with browsers.open(width=width, scheme=scheme) as opened:
            opened.go(site.url("flareups/" + page.format(pk=burning)))
            assert sideways(opened.page) == 0, page
            assert violations(opened.page) == [], page
            assert opened.complaints == [], page


def test_it_is_read_taken_on_and_undone_without_script(browsers: Browsers, site: Site, burning: int) -> None:
    with browsers.open(script=False, who="amara") as opened:
        page = opened.page
        page.goto(site.url("pulse/"))
        page.get_by_role("link", name="Twice as many detractors in North · Business").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Twice as many detractors in North · Business")
        assert "burns" in (page.locator("figure details table").text_content() or "")
        page.get_by_role("button", name="I have it").click()
        expect(page.get_by_text("Amara Diallo has it")).to_be_visible()
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("nobody has it yet")).to_be_visible()
        page.get_by_role("link", name="Whom to tell before they ask").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("In the same boat: North · Business")


def test_its_course_is_drawn_and_a_menu_opens_by_keyboard(browsers: Browsers, site: Site, burning: int) -> None:
    with browsers.open(f"flareups/{burning}/") as opened:
        page = opened.page
        expect(page.locator("#course svg")).to_be_visible()
        assert "where 24 % was expected" in (page.locator("#course").get_attribute("aria-label") or "")
        page.get_by_text("Dismiss…").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_label("Chance: there is nothing behind it")).to_be_visible()


@pytest.mark.skipif("PICTURES" not in os.environ, reason="pictures are taken by docs/generate.py --pictures")
@pytest.mark.parametrize(
    ("name", "width", "height", "scheme"),
    [("flareup.png", 1280, 1100, "light"), ("flareup-phone-dark.png", PHONE, 844, "dark")],
)
def test_pictures(
    browsers: Browsers, site: Site, burning: int, name: str, width: int, height: int, scheme: str
) -> None:
    from tests.browser.test_pictures import taken

    with browsers.open(f"flareups/{burning}/", width=width, scheme=scheme) as opened:
        taken(opened.page, name, height, width)
