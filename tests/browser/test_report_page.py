"""The report in a real browser: it draws, fits, stays offline, keeps its policy, and can be used by keyboard alone."""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.site import DESKTOP, PHONE, sideways, violations
from tests.report import documents
from winback import charts
from winback.report import as_html

PAPER = 695
"""Width of an A4 page between its margins, in CSS pixels."""
PAPER_HEIGHT = 1010
READ_ALOUD = {("full", DESKTOP, "light"), ("full", DESKTOP, "dark"), ("full", PHONE, "light"), ("bare", PHONE, "dark")}
"""Pages that axe-core looks at: it takes longer than to load them."""


@dataclass
class Opened:
    """A page of the report, with what it complained about."""

    page: Page
    complaints: list[str] = field(default_factory=list)


Open = Callable[..., Opened]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every document as a page on disk."""
    folder = tmp_path_factory.mktemp("reports")
    found = {}
    for name, document in {**documents.everything(), "many": documents.many()}.items():
        found[name] = folder / f"{name}.html"
        found[name].write_text(as_html.render(document), encoding="utf-8")
    return found


@pytest.fixture
def report(browser: Browser, files: dict[str, Path]) -> Iterator[Open]:
    """Opens a report without a network and listens for errors, violations and requests."""
    contexts = []

    def start(name: str = "full", width: int = DESKTOP, scheme: Any = "light", script: bool = True) -> Opened:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script, offline=True
        )
        contexts.append(context)
        page = context.new_page()
        opened = Opened(page)
        said = opened.complaints
        page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: said.append(f"error: {error}"))
        page.on(
            "request", lambda sent: None if sent.url.startswith(("file:", "data:", "blob:")) else said.append(sent.url)
        )
        page.on("dialog", lambda dialog: said.append(f"dialog: {dialog.message}"))
        if script:
            page.add_init_script(
                "addEventListener('securitypolicyviolation', e => console.error('CSP', e.violatedDirective, e.sample))"
            )
        page.goto(files[name].as_uri())
        if script:
            page.wait_for_function(
                "document.querySelectorAll('[data-chart]').length === document.querySelectorAll('[data-drawn]').length"
            )
        return opened

    yield start
    for context in contexts:
        context.close()


def names(page: Page) -> list[str]:
    """Names of the segments that can be seen, in their order."""
    return [text.strip() for text in page.locator(".group tbody th:visible").all_inner_texts()]


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize(
    ("name", "scheme"),
    [("full", "light"), ("full", "dark"), ("small", "light"), ("bare", "dark"), ("hostile", "light"), ("many", "dark")],
)
def test_draws_fits_and_stays_silent(report: Open, name: str, width: int, scheme: str) -> None:
    opened = report(name, width, scheme)
    page = opened.page
    assert sideways(page) == 0
    charts_on_page = page.locator(".chart")
    assert charts_on_page.count() >= 1
    for place in charts_on_page.all():
        assert place.locator("svg .mark-group, svg .mark-rect").count() > 0
        box, inside = place.bounding_box(), place.locator("svg").bounding_box()
        assert box and inside and inside["width"] <= box["width"] + 1
    assert opened.complaints == []
    if (name, width, scheme) in READ_ALOUD:
        assert violations(page) == []


def test_hostile_words_stay_words(report: Open) -> None:
    opened = report("hostile")
    page = opened.page
    assert documents.HOSTILE in page.locator("h1").inner_text()
    page.get_by_label("Find").fill("script")
    assert documents.HOSTILE.lower() in " ".join(names(page)).lower()
    assert page.locator("img").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0
    assert "$promoter" in page.locator("#chart-heat").inner_text()
    assert opened.complaints == []


def test_a_tooltip_tells_the_figures_without_a_style_of_its_own(report: Open) -> None:
    opened = report()
    page = opened.page
    point = page.locator("#chart-trend-month .mark-symbol path").nth(3)
    point.scroll_into_view_if_needed()
    point.hover()
    tip = page.locator("#vg-tooltip-element")
    expect(tip).to_be_visible()
    assert "Feb 2026" in tip.inner_text() and "Answers" in tip.inner_text()
    assert opened.complaints == []


def test_find_by_keyboard(report: Open) -> None:
    page = report().page
    page.keyboard.press("/")
    expect(page.get_by_label("Find")).to_be_focused()
    page.keyboard.type("north · b")
    assert names(page) == ["North · Business"]
    expect(page.locator("#status")).to_have_text("1 segment found")
    page.keyboard.type("xyz")
    expect(page.get_by_text("No segment matches.")).to_be_visible()
    page.keyboard.press("Escape")
    assert names(page) == ["West", "(no region)", "North", "Midlands", "South", "East"]


def test_choose_attributes_by_keyboard(report: Open) -> None:
    page = report().page
    page.get_by_role("radio", name="region", exact=True).focus()
    page.keyboard.press("ArrowRight")
    assert names(page) == ["Business", "Enterprise", "Home", "Home Plus"]
    expect(page.locator("#status")).to_have_text("4 segments by plan")
    page.keyboard.press("ArrowRight")
    assert names(page)[0] == "North · Business" and len(names(page)) == 12
    page.get_by_role("button", name="Show all 20 rows").press("Enter")
    assert len(names(page)) == 20 and names(page)[-1] == "West · Enterprise"
    page.get_by_role("button", name="Show fewer rows").press("Enter")
    assert len(names(page)) == 12


def test_sort_by_keyboard(report: Open) -> None:
    page = report().page
    head = page.locator(".group:visible th[data-key=answers] button")
    head.focus()
    page.keyboard.press("Enter")
    assert names(page)[0] == "North"
    expect(page.locator(".group:visible th[data-key=answers]")).to_have_attribute("aria-sort", "descending")
    page.keyboard.press("Enter")
    assert names(page)[0] == "(no region)"
    expect(page.locator(".group:visible th[data-key=answers]")).to_have_attribute("aria-sort", "ascending")
    page.locator("#rank").select_option("worse:-1")
    assert names(page)[0] == "West"


def test_few_answers_stay_last_however_it_is_sorted(report: Open) -> None:
    page = report().page
    page.get_by_role("radio", name="region × plan").check()
    page.get_by_role("button", name="Show all 20 rows").click()
    for key in ("answers", "score", "worse", "name"):
        button = page.locator(f".group:visible th[data-key={key}] button")
        for _ in range(2):
            button.click()
            assert names(page)[-1] == "West · Enterprise", key


def test_two_rows_of_attributes_where_there_are_many(browser: Browser, tmp_path: Path) -> None:
    document = documents.full()
    extra = [dict(row, by=["region", f"third_{n}"]) for n in range(3) for row in document["segments"][10:14]]
    document["segments"] += extra
    target = tmp_path / "pairs.html"
    target.write_text(as_html.render(document), encoding="utf-8")
    page = browser.new_page()
    page.goto(target.as_uri())
    page.get_by_role("group", name="and by").get_by_role("radio", name="plan").check()
    assert names(page)[0] == "North · Business"
    page.get_by_role("group", name="Split by").get_by_role("radio", name="plan").check()
    expect(page.locator("input[name=and][value=third_1]")).to_be_disabled()
    page.close()


def test_light_and_dark(report: Open) -> None:
    page = report().page
    ground = "getComputedStyle(document.body).backgroundColor"
    line = "getComputedStyle(document.querySelector('#chart-trend-month .mark-line path')).stroke"
    light, ink = page.evaluate(ground), page.evaluate(line)
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate(ground) != light and page.evaluate(line) != ink
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
    page.reload()
    assert page.evaluate(ground) != light, "remembered while open"
    page.emulate_media(media="print")
    assert page.evaluate(line) == ink, "paper is light"
    page.emulate_media(media="screen")
    page.keyboard.press("d")
    assert page.evaluate(ground) == light


def test_help_and_single_keys(report: Open) -> None:
    page = report().page
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.get_by_label("single keys are on").uncheck()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("/")
    expect(page.get_by_label("Find")).not_to_be_focused()


def test_pictures_can_be_saved(report: Open, tmp_path: Path) -> None:
    opened = report(scheme="dark")
    page = opened.page
    for kind in ("SVG", "PNG"):
        with page.expect_download() as waited:
            page.get_by_role("button", name=f"Save the picture “Score by month” as {kind}").click()
        target = tmp_path / waited.value.suggested_filename
        waited.value.save_as(target)
        content = target.read_bytes()
        if kind == "SVG":
            assert content.startswith(b"<svg") and b"var(" not in content and b"#ece7df" in content
        else:
            assert content.startswith(b"\x89PNG") and struct.unpack(">I", content[16:20])[0] > 800
    assert opened.complaints == []


def saved_csv(page: Page, button: str, target: Path) -> list[str]:
    with page.expect_download() as waited:
        page.get_by_role("button", name=button).click()
    waited.value.save_as(target)
    return target.read_text(encoding="utf-8-sig").splitlines()


def test_tables_can_be_saved(report: Open, tmp_path: Path) -> None:
    page = report().page
    rows = saved_csv(page, "Save the table segments-1 as CSV", tmp_path / "a.csv")
    assert rows[0] == "Segment,Answers,Score and interval,Of all detractors,Worse than the rest,Margin from detractors"
    assert rows[1].startswith("West,398,11.809,0.2004,")
    rows = saved_csv(page, "Save the table trend-month as CSV", tmp_path / "b.csv")
    assert rows[1].startswith("2026-11-01,150,17.3333,")


def test_a_saved_table_holds_no_formula(report: Open, tmp_path: Path) -> None:
    page = report("hostile").page
    rows = saved_csv(page, "Save the table segments-1 as CSV", tmp_path / "a.csv")
    cells = [row.split(",")[0] for row in rows]
    assert not [cell for cell in cells if cell.lstrip('"')[:1] in ("=", "+", "-", "@")]
    rows = saved_csv(page, "Save the table what-moved as CSV", tmp_path / "b.csv")
    assert rows[-1].startswith("All,-2.4,-0.6,"), "a number stays a number"


def test_print_shows_everything_and_cuts_nothing(report: Open) -> None:
    opened = report(scheme="dark")
    page = opened.page
    page.set_viewport_size({"width": PAPER, "height": PAPER_HEIGHT})
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("button:not(th button):visible, .toc:visible").count() == 0
    assert page.locator(".group:visible").count() == 3
    assert page.locator("details table:visible").count() == 6
    for chart in page.locator(".chart").all():
        box = chart.locator("svg").bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= PAPER + 1 and box["height"] < PAPER_HEIGHT
        assert chart.evaluate("element => getComputedStyle(element).breakInside") == "avoid"
    for wide in page.locator("table:visible").all():
        box = wide.bounding_box()
        assert box and box["x"] + box["width"] <= PAPER + 2
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    assert opened.complaints == []


def test_works_without_script(report: Open) -> None:
    page = report(script=False).page
    expect(page.get_by_text("likely between +18 and +24")).to_be_visible()
    assert page.locator(".chart:visible").count() == 0
    assert page.locator("button:visible").count() == 0
    assert len(names(page)) == 6 + 4 + 20
    tables = page.locator("details.same table")  # those that stand for a picture
    assert tables.count() == 5
    for table in tables.all():
        expect(table).to_be_visible()


def test_a_phone_draws_its_own_pictures(report: Open) -> None:
    page = report(width=PHONE).page
    assert page.locator("#chart-heat .role-axis-label text").count() > 0
    months = [text for text in page.locator("#chart-heat svg text").all_text_contents() if text.endswith(" 26")]
    assert "Nov 26" in months or "Oct 26" in months
    assert "Jan 26" not in months
    for button in page.locator("button:not(th button):visible, select:visible, summary:visible").all():
        box = button.bounding_box()
        assert box and box["height"] >= 43.5


def test_a_saved_chart_is_a_page_of_its_own(browser: Browser, tmp_path: Path) -> None:
    path = charts.over_time(documents.full()["trend"]).save(tmp_path / "trend.html")
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(path.as_uri())
    page.wait_for_selector("#chart svg")
    assert said == []
    page.close()
