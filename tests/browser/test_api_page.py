"""The page on the API in the documentation: a key made in the browser, and every line it shows, run."""

from __future__ import annotations

import json
import os
import subprocess

from tests.browser.site import SERVED, Browsers, Site
from tests.docs.pages import pages

pytestmark = SERVED


def test_what_the_page_on_the_api_shows_is_so(browsers: Browsers, site: Site) -> None:
    with browsers.open("keys/") as opened:
        page = opened.page
        page.get_by_label("For which tool").fill("helpdesk")
        page.locator("[name=role][value=member], select[name=role]").first.wait_for()
        if page.locator("select[name=role]").count():
            page.locator("select[name=role]").select_option("member")
        else:
            page.locator("[name=role][value=member]").check()
        page.get_by_role("button", name="Make the key").click()
        key = page.get_by_label("The key", exact=True).input_value()
        assert key.startswith("wb_") and opened.complaints == []
    blocks = [block for block in pages()["docs/how-to/api.md"].blocks if block.language in ("sh", "json")]
    assert len(blocks) == 12
    for asked, shown in zip(blocks[::2], blocks[1::2], strict=True):
        ran = subprocess.run(
            ["bash", "-c", asked.text.replace("http://127.0.0.1:8000", site.address)],
            env={**os.environ, "WINBACK_KEY": key}, capture_output=True, text=True, timeout=200,
        )  # fmt: skip
        where = f"docs/how-to/api.md line {asked.line}"
        if shown.text == "True":
            assert ran.stdout.strip() == "True", where + ran.stderr
        else:
            assert json.loads(ran.stdout) == json.loads(shown.text), where
