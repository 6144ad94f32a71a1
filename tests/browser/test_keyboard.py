"""The keyboard: to a page, to the search, along rows, between periods, and how all of it is switched off."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.site import SERVED, Browsers

pytestmark = SERVED


def test_to_pages_rows_and_what_is_behind_them(browsers: Browsers) -> None:
    with browsers.open("readiness/") as opened:
        page = opened.page
        page.keyboard.press("g")
        page.keyboard.press("b")
        page.wait_for_url("**/feedback/")
        page.keyboard.press("/")
        expect(page.get_by_label("What to look for in comments")).to_be_focused()
        page.keyboard.type("gj")  # letters, while one types
        expect(page.get_by_label("What to look for in comments")).to_have_value("gj")
        page.keyboard.press("Backspace")
        page.keyboard.press("Backspace")
        page.evaluate("document.activeElement.blur()")
        rows = page.locator("[data-rows] > li:not(.more)")
        for key, place in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
            page.keyboard.press(key)
            expect(rows.nth(place).locator("a").first).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_url("**/feedback/*/")
        assert opened.complaints == []


def test_between_periods(browsers: Browsers) -> None:
    with browsers.open("pulse/") as opened:
        page = opened.page
        here = page.url
        page.keyboard.press("[")
        page.wait_for_url(lambda url: url != here)
        earlier = page.url
        opened.settled()
        page.keyboard.press("]")
        page.wait_for_url(lambda url: url != earlier)


def test_the_list_of_keys_and_switching_them_off(browsers: Browsers) -> None:
    with browsers.open("readiness/", who="amara") as opened:
        page = opened.page
        page.keyboard.press("?")
        page.wait_for_url("**/me/#kb")
        switch = page.get_by_label("Shortcuts, in this browser")
        switch.uncheck()
        opened.go(browsers.site.url("readiness/"))
        page.keyboard.press("g")
        page.keyboard.press("b")
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert page.url.endswith("/readiness/")
        page.evaluate("localStorage.removeItem('winback-keys')")


def test_the_first_tab_skips_to_the_page(browsers: Browsers) -> None:
    with browsers.open("customers/") as opened:
        page = opened.page
        page.keyboard.press("Tab")
        expect(page.get_by_text("Skip to the page")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#main")).to_be_focused()


def test_light_and_dark_is_chosen_and_kept(browsers: Browsers) -> None:
    with browsers.open("readiness/", who="rafael") as opened:
        page, root = opened.page, opened.page.locator("html")
        expect(root).to_have_attribute("data-bs-theme", "light")
        page.locator(".wb-side").get_by_role("button", name="Dark or light").click()
        opened.go(browsers.site.url("feedback/"))
        expect(root).to_have_attribute("data-bs-theme", "dark")
        page.evaluate("localStorage.removeItem('winback-theme')")
