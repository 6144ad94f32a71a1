"""The Markdown report says the same, and a customer's words make no markup."""

import re

import pytest

from tests.report import documents
from winback.report import as_markdown


def test_full_report() -> None:
    text = as_markdown.render(documents.full())
    assert text.startswith("# Detractor review of feedback.csv\n")
    assert "**+21** [+18, +24], likely between +18 and +24 at 95 %, from 2,386 answers: 23 % detractors" in text
    assert "| North · Business | −1.1 | −0.3 | −1.4 |" in text
    assert "| West · Enterprise | 7 | too few | – | – | – | – |" in text
    assert "* **Dunmore Cycles** · gave 2 · North · Business · 16 Nov · €48,200" in text
    assert "score from nps_score" in text
    heads = [line for line in text.splitlines() if line.startswith("## ")]
    assert heads[0] == "## Score" and heads[-1] == "## How it was made" and len(heads) == 13


def test_a_small_programme_begins_with_people() -> None:
    heads = [line for line in as_markdown.render(documents.small()).splitlines() if line.startswith("## ")]
    assert heads[:2] == ["## Whom to call first", "## What they say"]


def test_what_is_absent_says_what_would_open_it() -> None:
    text = as_markdown.render(documents.bare())
    assert "*No dates, so no movement.* No answer has a date. What would open it: a date column: --date COL." in text


def test_every_row_of_a_table_has_the_same_number_of_cells() -> None:
    for document in (documents.full(), documents.hostile()):
        block: list[int] = []
        for line in [*as_markdown.render(document).splitlines(), ""]:
            if line.startswith("|"):
                block.append(len(re.findall(r"(?<!\\)\|", line)))
            else:
                assert len(set(block)) <= 1
                block = []


def test_hostile_words_stay_words() -> None:
    text = as_markdown.render(documents.hostile())
    assert "<script" not in text and "<img" not in text and "<!--" not in text
    assert "](javascript" not in text
    assert "\n# c" not in text


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        ("plain words, +21 [+18, +25] and snake_case", "plain words, +21 [+18, +25] and snake_case"),
        ("[a](javascript:x)", "\\[a]\\(javascript:x)"),
        ("see [a](b)", "see [a]\\(b)"),
        ("# head\nline", "\\# head line"),
        ("1. one", "1\\. one"),
        ("- item", "\\- item"),
        ("a | b `c` *d* ~~e~~ _f_", "a \\| b \\`c\\` \\*d\\* \\~~e\\~~ \\_f\\_"),
        ("<b> &lt; AT&T", "&lt;b> &amp;lt; AT&T"),
        ("https://x.example www.y.example", "https\\://x.example www\\.y.example"),
        ("\u202eevil", "\u2068\u202eevil\u2069"),
        ("\\", "\\\\"),
    ],
)
def test_text(raw: str, safe: str) -> None:
    assert as_markdown.text(raw) == safe
