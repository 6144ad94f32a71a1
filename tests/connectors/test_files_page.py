"""What docs/reference/files.md says of the reader is so. What it shows is run by tests/docs."""

from __future__ import annotations

import re
from pathlib import Path

from winback.connectors.csvfile import (
    delimited,
    engine,
    feedback,
    jsonlines,
    lines,
    mapping,
    scoring,
    shelf,
    staged,
    unpacking,
    workbook,
)
from winback.connectors.csvfile.numbers import BLANKS
from winback.connectors.rejected import REASONS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "files.md").read_text(encoding="utf-8")


def test_every_reason_stands_on_the_page_in_the_words_of_the_code() -> None:
    assert dict(re.findall(r"^\| `(\w+)` \| (.+?) \|$", PAGE, re.MULTILINE)) == REASONS


def test_every_word_for_nothing_stands_on_the_page() -> None:
    listed = PAGE[PAGE.index("**No answer**") : PAGE.index("or what you give with `--blank`")]
    assert "`-` or two of it" in listed
    assert {*re.findall("`(.+?)`", listed), "", "--"} == BLANKS


def test_limits_are_those_of_the_code() -> None:
    limits = PAGE[PAGE.index("## Limits") :]
    for number in (workbook.MAX_CELLS, jsonlines.MAX_COLUMNS, jsonlines.HEAD_LINES, scoring.MOST_DISTINCT, staged.KEPT):
        assert f"{number:,}" in limits
    assert f"{lines.MAX_LINE >> 20} million characters" in limits
    assert f"{delimited.MAX_RECORD >> 20} million characters" in limits
    assert f"| {delimited.HOPELESS}, and one" in limits
    assert f"{unpacking.MAX_RATIO} times its size, from {unpacking.RATIO_FROM >> 20} MiB on" in limits
    assert f"{workbook.MAX_UNPACKED >> 30} GiB unpacked" in limits
    assert f"{staged.KEPT_CHARACTERS >> 20} million characters" in limits
    assert f"the first {shelf.IN_MEMORY >> 20} MiB" in limits
    assert f"may use {engine.MEMORY[:-2]} MB" in limits
    assert f"a sample of {shelf.SAMPLE:,} rows" in PAGE
    assert "two million rows" in PAGE and feedback.SAFE_TO_CHECK_IDS == 2_000_000
    assert "up to eight columns" in PAGE and mapping.MOST_ATTRIBUTES == 8
