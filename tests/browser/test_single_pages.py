"""The pages of `winback drivers` and `winback saturation` in a real browser: they draw, fit, stay offline, and can be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser

from tests.browser.site import violations
from winback.cli.drivers import drivers
from winback.cli.saturation import saturation

EVIL = "</script><img src=x onerror=alert(1)> $ink"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    codings, answers = folder / "codings.csv", folder / "answers.csv"
    named = [(call, (call * step) % 11) for call in range(24) for step in (1, 3)]
    codings.write_text(
        "interview,theme,region\n"
        + "\n".join(f"I{call},{EVIL} {theme},{('North', EVIL)[call % 2]}" for call, theme in named)
    )
    answers.write_text(
        f"score,support,{EVIL}\n"
        + "\n".join(f"{(at * 7) % 11},{1 + (at * 7 % 11) // 3},{1 + at % 5}" for at in range(60))
    )
    for command, words in (
        (saturation, [codings, "--by", "region"]),
        (drivers, [answers, "--driver", "support", "--driver", EVIL]),
    ):
        ran = CliRunner().invoke(command, [str(word) for word in words])
        assert ran.exit_code == 0, ran.exception
    return {"saturation": Path(f"{codings}.saturation.html"), "drivers": Path(f"{answers}.drivers.html")}


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
@pytest.mark.parametrize("name", ["saturation", "drivers"])
def test_it_draws_fits_and_can_be_read(
    browser: Browser, pages: dict[str, Path], name: str, width: int, scheme: Any
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(pages[name].as_uri())
    page.wait_for_function(
        "document.querySelectorAll('[data-chart]').length === document.querySelectorAll('[data-drawn]').length"
    )
    assert page.locator(".chart svg").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    assert said == []
    context.close()
