"""A winback with the sample company, made once and served by `winback serve`, and browsers signed in to it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.peers import processes
from tests.server.processes.installations import free_port

SERVED = [  # for each module whose tests ask for the site: one worker makes it, which takes the first of them a while
    pytest.mark.xdist_group("server"),
    pytest.mark.timeout(1800),
]
WINBACK = Path(sys.executable).parent / "winback"
SLUG = "larkspur-broadband"
DESKTOP, PHONE = 1440, 390
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
MAKE = """
import sys
from pathlib import Path
from winback.datasets import write_sample
from winback.server.demo import make_demo
files = write_sample(sys.argv[1], seed=1, size=int(sys.argv[3]))
print(make_demo(Path(sys.argv[2]), {path.stem: path for path in files}, say=lambda text: None).password)
"""


@dataclass(frozen=True)
class Site:
    """Where it is, and who may sign in with which password."""

    address: str
    password: str
    home: Path
    slug: str = SLUG

    def url(self, rest: str = "") -> str:
        """The address of a page of the workspace: `url("pulse/")`."""
        return f"{self.address}/w/{self.slug}/{rest}"


def make(folder: Path, size: int) -> str:
    """A home folder with the sample company imported; the password. In a process of its own: it sets Django up."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("WINBACK_", "DJANGO_"))}
    words = [sys.executable, "-c", MAKE, str(folder / "files"), str(folder / "home"), str(size)]
    ran = subprocess.run(words, env=environ, capture_output=True, text=True, timeout=800)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip().splitlines()[-1]


@contextmanager
def serving(folder: Path, password: str) -> Iterator[Site]:
    """The home in this folder, served as a user would, until the end of the block."""
    address = f"http://127.0.0.1:{free_port()}"
    log = folder / "serve.log"
    environ = {
        "WINBACK_HOME": str(folder / "home"), "WINBACK_BASE_URL": address, "WINBACK_LOG": "warning",
        "DJANGO_SETTINGS_MODULE": "winback.server.settings", "DATABASE_URL": "",
    }  # fmt: skip
    running = processes.start([str(WINBACK), "serve", "--port", address.rpartition(":")[2]], log=log, env=environ)
    try:
        end = time.monotonic() + 240
        while "winback is at" not in log.read_text(errors="replace"):
            assert running.poll() is None and time.monotonic() < end, log.read_text(errors="replace")
            time.sleep(0.1)
        with urlopen(f"{address}/healthz", timeout=200) as answer:
            assert answer.status == 200
        yield Site(address, password, folder / "home")
    finally:
        processes.stop(running, patience=30)


@dataclass
class Opened:
    """A page, and what it complained about: errors, warnings, violations of the policy, answers of 500 and more."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def go(self, address: str, *, status: int = 200) -> Page:
        """Open an address and wait until its charts are drawn and its parts have come."""
        answer = self.page.goto(address)
        assert answer is not None and answer.status == status, f"{address}: {answer and answer.status}"
        self.settled()
        return self.page

    def settled(self) -> None:
        self.page.wait_for_load_state("load")
        self.page.wait_for_function(  # a function: an expression would be evaluated anew, which the pages' policy forbids
            "() => !document.querySelector('.htmx-request, [hx-trigger=load]') && (!window.vegaEmbed ||"
            " [...document.querySelectorAll('script[data-chart]')].every(block => {"
            "   const place = document.getElementById(block.dataset.chart); return !place || place.dataset.drawn; }))"
        )


class Browsers:
    """Contexts of one browser, signed in once a person and kept: a new one for each test costs most of its time."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self.browser = browser
        self.site = site
        self.states: dict[str, Any] = {}
        self.contexts: dict[tuple[Any, ...], BrowserContext] = {}

    def state(self, who: str) -> Any:
        """Cookies of somebody signed in: hanna (administrator), amara (member), rafael (viewer); "" is a stranger."""
        if who and who not in self.states:
            context = self.browser.new_context()
            sign_in(context.new_page(), self.site, who)
            self.states[who] = context.storage_state()
            context.close()
        return self.states.get(who)

    def context(self, who: str, width: int, scheme: Any, script: bool) -> BrowserContext:
        key = (who, width, scheme, script)
        if key not in self.contexts:
            context = self.browser.new_context(
                storage_state=self.state(who), viewport={"width": width, "height": 900 if width > 992 else 844},
                color_scheme=scheme, java_script_enabled=script, locale="en-GB",
                reduced_motion="reduce",  # a colour on its way to another has no contrast of its own
            )  # fmt: skip
            if script:
                context.add_init_script(
                    "addEventListener('securitypolicyviolation', e => console.error('CSP', e.violatedDirective, e.sample))"
                )
            self.contexts[key] = context
        return self.contexts[key]

    @contextmanager
    def open(
        self, rest: str | None = None, *, who: str = "hanna", width: int = DESKTOP, scheme: str = "light",
        script: bool = True,
    ) -> Iterator[Opened]:  # fmt: skip
        """A page of the workspace (`rest` as in Site.url), closed at the end of the block."""
        page = self.context(who, width, scheme, script).new_page()
        opened = Opened(page)
        said = opened.complaints
        page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: said.append(f"error: {error}"))
        page.on("response", lambda got: said.append(f"{got.status} {got.url}") if got.status >= 500 else None)
        try:
            if rest is not None:
                opened.go(self.site.url(rest))
            yield opened
        finally:
            page.close()

    def close(self) -> None:
        for context in self.contexts.values():
            context.close()


def sign_in(page: Page, site: Site, who: str) -> None:
    """As a person does it: by the form."""
    page.goto(f"{site.address}/accounts/login/")
    page.locator("[name=login]").fill(f"{who}@larkspur.example")
    page.locator("[name=password]").fill(site.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/login" not in url)
    page.wait_for_load_state()


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RUN_AXE = """options => axe.run(document, {...options, resultTypes: ["violations"], elementRef: false}).then(found =>
  found.violations.flatMap(one => one.nodes.map(node => `${one.id}: ${node.html.slice(0, 200)} ${node.failureSummary || ""}`)))"""


def violations(page: Page) -> list[str]:
    """What axe-core finds, by the rules of WCAG 2.2 A and AA."""
    if not page.evaluate("!!window.axe"):  # it is large: once a page
        page.evaluate(AXE)
    found: list[str] = page.evaluate(RUN_AXE, RULES)
    return found


def fine(opened: Opened) -> None:
    """Accessible and no wider than its window as it stands, and on a phone in the dark; the page is loaded once."""
    page = opened.page
    size = page.viewport_size
    assert size is not None
    assert violations(page) == [], f"{size['width']} px wide"
    assert sideways(page) == 0, f"{size['width']} px wide"
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": PHONE, "height": 844})
    opened.settled()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")  # told with the next frame, not at once
    assert violations(page) == [], "on a phone in the dark"
    assert sideways(page) == 0, "on a phone in the dark"
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(size)
