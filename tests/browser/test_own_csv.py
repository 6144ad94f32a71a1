"""A new user's own file, in the browser: dropped, looked at, corrected, imported, on Pulse, and undone."""

from __future__ import annotations

import base64
import csv
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.site import SERVED, Browsers, Site, fine
from tests.docs.pages import pages

pytestmark = SERVED

PULSE = "pulse/?last=all&survey=relationship"


def own_file() -> str:
    """The file that the tutorial shows."""
    (block,) = (block for block in pages()["docs/tutorials/first-workspace.md"].blocks if block.info[:1] == ("csv",))
    return block.text + "\n"


TOLD = """async ([address, wanted]) => {
  const page = await (await fetch(address)).text();
  const found = /data-figure="answers" data-v="([0-9]+)"/.exec(page);
  return found && (wanted === null || Number(found[1]) === wanted) ? found[1] : false;
}"""


def answers(page: Page, site: Site, wanted: int | None = None) -> int:
    """The answers that Pulse counts, as soon as they are so many: figures follow within a minute."""
    found = page.wait_for_function(TOLD, arg=[site.url(PULSE), wanted], polling=500, timeout=150_000)
    return int(found.json_value())


def dropped(page: Page, name: str, text: str) -> None:
    """Drop a file on the page, as a mouse would."""
    content = base64.b64encode(text.encode()).decode()
    page.evaluate(
        """([name, content]) => {
            const file = new File([Uint8Array.from(atob(content), c => c.charCodeAt(0))], name, { type: "text/csv" });
            const data = new DataTransfer();
            data.items.add(file);
            const box = document.querySelector("[data-drop]");
            for (const kind of ["dragover", "drop"])
                box.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
        }""",
        [name, content],
    )
    page.wait_for_url("**/import/*/", timeout=60_000)
    expect(page.locator("#mapping, main [role=alert]").first).to_be_visible(timeout=90_000)


def test_her_own_file_from_the_drop_to_the_undoing(browsers: Browsers, site: Site, tmp_path: Path) -> None:
    with browsers.open("import/") as opened:
        page = opened.page
        before = answers(page, site)
        dropped(page, "answers.csv", own_file())
        # what was detected
        for role, column in (
            ("score", "How likely are you to recommend us?"),
            ("date", "Answered"),
            ("customer", "Account"),
        ):
            expect(page.locator(f"#col-{role}")).to_have_value(column)
        expect(page.locator("main")).to_contain_text("2 rejected")
        expect(page.get_by_role("button", name="Import 4 rows")).to_be_visible()
        expect(page.get_by_role("region", name="The first rows")).to_contain_text("Quick, and they call back")
        fine(opened)
        # corrected
        page.get_by_label("Sort of survey").select_option("relationship")
        page.get_by_role("button", name="Read again").click()
        expect(page.get_by_label("Sort of survey")).to_have_value("relationship")
        page.get_by_role("button", name="Import 4 rows").click()
        expect(page.get_by_role("heading", name="What came in")).to_be_visible(timeout=90_000)
        fine(opened)
        with page.expect_download() as waited:
            page.get_by_role("link", name="All of them with line, reason and what to do").click()
        rejected = list(csv.reader(waited.value.path().read_text(encoding="utf-8-sig").splitlines()))
        assert len(rejected) == 3 and "nine" in ",".join(rejected[1]) and "last week" in ",".join(rejected[2])
        own = page.url
        # everybody sees it
        with browsers.open("feedback/?q=Third+outage+this+month", who="rafael") as viewer:
            expect(viewer.page.get_by_text("nobody told us")).to_be_visible()
        answers(page, site, before + 4)

        # the same file again changes nothing
        opened.go(site.url("import/"))
        dropped(page, "answers.csv", own_file())
        page.get_by_role("button", name="Import 4 rows").click()
        expect(page.get_by_role("status").first).to_contain_text("importing it again would change nothing")
        page.get_by_role("button", name="Give it up").click()

        # undone
        opened.go(own)
        page.get_by_role("link", name="Undo").click()
        expect(page.get_by_role("heading", name="What would happen")).to_be_visible()
        fine(opened)
        page.get_by_role("button", name="Undo the import").click()
        expect(page.locator("main")).to_contain_text("undone on", timeout=90_000)
        answers(page, site, before)
        opened.go(site.url("feedback/?q=Third+outage+this+month"))
        expect(page.get_by_text("nobody told us")).to_have_count(0)
        assert [said for said in opened.complaints if "ERR_ABORTED" not in said] == []


def test_what_cannot_be_read_is_said_where_it_was_dropped(browsers: Browsers, site: Site) -> None:
    with browsers.open("import/") as opened:
        page = opened.page
        dropped(page, "empty.csv", "score\n")
        expect(page.get_by_role("alert").first).to_be_visible()
        page.get_by_role("button", name="Give it up").click()
        expect(page.locator("main")).to_contain_text("given up")
