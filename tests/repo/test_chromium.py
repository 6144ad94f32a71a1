"""The system's Chromium runs under Playwright, with a font to write in."""

from __future__ import annotations

from playwright.sync_api import Page


def test_a_page_is_drawn_and_runs(page: Page) -> None:
    page.set_content(
        "<p id=a>Grüße</p><script>document.getElementById('a').textContent += ' aus ' + 'winback'</script>"
    )
    assert page.inner_text("#a") == "Grüße aus winback"
    width = page.evaluate("document.getElementById('a').getBoundingClientRect().width")
    assert width > 0
    assert len(page.screenshot()) > 1000


def test_the_browser_is_the_systems_own(page: Page, chromium: str) -> None:
    assert page.context.browser is not None
    assert page.context.browser.browser_type.name == "chromium"
    assert "playwright" not in chromium
