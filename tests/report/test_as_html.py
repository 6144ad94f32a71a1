"""The page as text: self-contained, escaped, under a policy that fits it exactly."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.report import documents
from tests.report.figures import cell
from winback.charts import tokens
from winback.report import as_html

STATIC = Path(as_html.__file__).parent / "static"
PAGES = {name: as_html.render(document) for name, document in documents.everything().items()}


class Reader(HTMLParser):
    """What the page is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.blocks: list[tuple[str, dict[str, str | None], str]] = []
        self.words: list[str] = []
        self._open: tuple[str, dict[str, str | None]] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open = (tag, dict(attrs)) if tag in ("script", "style") else None

    def handle_data(self, data: str) -> None:
        if self._open:
            self.blocks.append((*self._open, data))
            self._open = None
        else:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


READ = {name: Reader(page) for name, page in PAGES.items()}


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_fetched(name: str) -> None:
    for tag, attributes in READ[name].tags:
        for attribute in ("src", "href", "action", "srcset", "poster"):
            target = attributes.get(attribute)
            assert target is None or target.startswith(("#", "data:")), (tag, target)


@pytest.mark.parametrize("name", PAGES)
def test_no_styles_and_no_handlers_in_attributes(name: str) -> None:
    for tag, attributes in READ[name].tags:
        assert "style" not in attributes, tag
        assert not [key for key in attributes if key.startswith("on")], tag


@pytest.mark.parametrize("name", PAGES)
def test_the_policy_fits_the_inline_blocks_exactly(name: str) -> None:
    policy = next(
        str(found["content"]) for tag, found in READ[name].tags if found.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy
    for kind, source in (("script", "script-src"), ("style", "style-src")):
        blocks = [data for tag, found, data in READ[name].blocks if tag == kind and "type" not in found]
        hashes = {
            "'sha256-" + base64.b64encode(hashlib.sha256(data.encode()).digest()).decode() + "'" for data in blocks
        }
        allowed = next(rule for rule in policy.split("; ") if rule.startswith(source))
        assert set(allowed.split()[1:]) == hashes


@pytest.mark.parametrize("name", PAGES)
def test_json_blocks_are_json_without_angle_brackets(name: str) -> None:
    blocks = [data for tag, found, data in READ[name].blocks if found.get("type") == "application/json"]
    assert len(blocks) >= 2
    for data in blocks:
        assert "<" not in data and "\u2028" not in data
        json.loads(data)


def test_hostile_words_are_text() -> None:
    tags = [tag for tag, _ in READ["hostile"].tags]
    assert tags.count("script") == [tag for tag, _ in READ["full"].tags].count("script")
    assert "img" not in tags
    assert documents.HOSTILE in READ["hostile"].text
    assert "{{ 7 * 7 }}" in READ["hostile"].text
    assert not any(
        str(value).startswith("javascript:") for _, found in READ["hostile"].tags for value in found.values()
    )


@pytest.mark.parametrize("name", PAGES)
def test_one_heading_and_every_box_is_named(name: str) -> None:
    tags = READ[name].tags
    assert [tag for tag, _ in tags].count("h1") == 1
    ids = [found["id"] for _, found in tags if "id" in found]
    assert len(ids) == len(set(ids))
    for tag, found in tags:
        if tag == "section":
            assert found["aria-labelledby"] in ids
        if tag == "a" and str(found.get("href", "")).startswith("#"):
            assert str(found["href"])[1:] in ids


def test_every_figure_stands_in_the_text() -> None:
    text = READ["full"].text
    for said in (
        "likely between +18 and +24", "2,386 answers", "23 % detractors", "On a scale of 0–10: detractors 0–6",
        "Figures as of Thu 19 Nov 2026, 13:05", "score from nps_score", "4 rows were rejected", "−3.0 points [−7.5, +1.5]",
        "€351,200", "[€34,000, €88,000]", "+10 %", "Dunmore Cycles", "€48,200", "(no region)", "> 99 %", "feedback.csv line 14",
        "Left out: postcode", "7 answers: too few to show a score (10 needed)",
    ):  # fmt: skip
        assert said in text.replace("\u00a0", " "), said
    for row in documents.full()["trend"]:
        assert f"{row['answers']:,}" in text


def test_missing_data_say_what_would_open_them() -> None:
    text = READ["bare"].text
    assert "No dates, so no movement" in text and "What would open it: a date column: --date COL" in text
    assert "(assumed from the values found)" in text


def test_small_programmes_begin_with_people() -> None:
    order = [found["id"] for tag, found in READ["small"].tags if tag == "section"]
    assert order[:2] == ["people", "voices"]
    assert "late-in" in PAGES["small"]


def test_suppressed_whole() -> None:
    document = documents.small()
    document["overall"].update(cell(3, 2, 2))
    document["segments"] = []
    assert "7 answers: too few to show a score" in Reader(as_html.render(document)).text


def test_weighted_whole_says_so() -> None:
    document = documents.full()
    document["overall"].update(weighted=True, n_eff=1500.0, promoter_share=0.4, passive_share=0.4, detractor_share=0.2)
    text = Reader(as_html.render(document)).text
    assert (
        "Net Promoter Score, weighted" in text and "worth 1,500 unweighted ones" in text and "20 % detractors" in text
    )


def test_size() -> None:
    assert len(PAGES["full"].encode()) < 1_150_000
    assert len(as_html.render(documents.many()).encode()) < 1_700_000


def test_the_same_document_makes_the_same_page() -> None:
    assert as_html.render(documents.full()) == PAGES["full"]


def test_the_style_sheet_is_made_of_the_tokens() -> None:
    sheet = as_html.stylesheet()
    for mode in ("light", "dark"):
        for name, colour in tokens.TOKENS[mode].items():  # type: ignore[index]
            assert f"--wb-{name}:{colour};" in sheet
    own = (STATIC / "report.css").read_text(encoding="utf-8")
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?![\w-]*\s*[{.,#])", own.replace("#vg-tooltip-element", "")), (
        "a colour of its own"
    )
    assert set(re.findall(r"var\(--wb-([a-z0-9-]+)", own)) <= tokens.LIGHT.keys()


def test_vendored_scripts_are_what_versions_says() -> None:
    rows = re.findall(r"^(vega\S*)\s+(\S+)\s+([0-9a-f]{64})$", (STATIC / "VERSIONS").read_text(encoding="utf-8"), re.M)
    assert [name for name, _, _ in rows] == ["vega", "vega-lite", "vega-embed"]
    for name, version, digest in rows:
        content = (STATIC / f"{name}.min.js").read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest, name
        assert version.encode() in content
        assert (STATIC / "LICENSES" / f"{name}.txt").is_file()


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        ("23 % <b>", "23\u00a0% &lt;b&gt;"),
        ("[+18, +25]", "[+18,\u00a0+25]"),
        ("use --blank 11, or --by COL.", '<span class="nowrap">--blank 11</span>'),
    ],
)
def test_say(raw: str, safe: str) -> None:
    assert safe in as_html.say(raw)
