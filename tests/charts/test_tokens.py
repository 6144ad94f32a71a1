"""The colours: the same names in both modes, text that can be read, tokens filled in and data left alone."""

from __future__ import annotations

import re

import pytest

from winback.charts import tokens


def test_both_modes_know_the_same_tokens() -> None:
    assert tokens.LIGHT.keys() == tokens.DARK.keys()


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_can_be_read_on_its_ground(mode: tokens.Mode) -> None:
    colours = tokens.TOKENS[mode]
    grounds = {"ink": ["card", "paper", "warm", "heat-0", "heat-d1", "heat-d2", "heat-p1", "heat-p2", "brand-soft"]}
    grounds |= {"ink-2": ["card", "paper", "warm", "passive-soft"], "heat-on": ["heat-d3", "heat-p3"]}
    grounds |= {f"{band}-ink": [f"{band}-soft", "card"] for band in ("promoter", "passive", "detractor")}
    grounds |= {"brand": ["card", "paper", "brand-soft"], "late": ["late-soft", "card"], "done": ["done-soft", "card"]}
    for text, behind in grounds.items():
        for ground in behind:
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


def test_fill_replaces_tokens_and_leaves_data_and_other_words() -> None:
    spec = {
        "color": "$ink",
        "range": ["$paper", 3, {"value": "$ink"}],
        "text": "$unknown",
        "data": {"values": ["$ink"]},
        "datasets": {"a": "$ink"},
    }
    assert tokens.fill(spec, {"ink": "#111111", "paper": "#eeeeee"}) == {
        "color": "#111111",
        "range": ["#eeeeee", 3, {"value": "#111111"}],
        "text": "$unknown",
        "data": {"values": ["$ink"]},
        "datasets": {"a": "$ink"},
    }
    assert spec["color"] == "$ink", "a copy is filled, not the spec itself"


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_token_is_a_css_property_with_a_colour(mode: tokens.Mode) -> None:
    found = dict(re.findall(r"--wb-([a-z0-9-]+):(#[0-9a-f]{6});", tokens.variables(mode)))
    assert found == tokens.TOKENS[mode]
    assert tokens.variables("light").startswith("--wb-promoter:#2a6fb5;--wb-promoter-soft:#dce9f6;")
