"""What says nothing names no theme."""

from __future__ import annotations

import pytest

from winback.text.nothing import says_nothing


@pytest.mark.parametrize(
    "comment",
    [
        "",
        "  ",
        "n/a",
        "N/A.",
        "Nothing.",
        "Did not answer",
        "nada",
        "Keine Angabe",
        "RAS",
        "...",
        "no  comment!",
        "???",
    ],
)
def test_nothing(comment: str) -> None:
    assert says_nothing(comment)


@pytest.mark.parametrize(
    "comment", ["Nothing works", "No parking", "❤", "nada funciona", "slow", "Nothing. " * 10 + "The lift is broken"]
)
def test_something(comment: str) -> None:
    assert not says_nothing(comment)
