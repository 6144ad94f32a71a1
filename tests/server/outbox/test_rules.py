from __future__ import annotations

import datetime as dt

import pytest

from winback.server.outbox.rules import MOST_ATTEMPTS, allow_list, allowed, unusable, wait_after

LINES = allow_list(" Ann@Example.com \n@larkspur.example\n\nhttps://hooks.example.com\n+351910000000\nann@example.com")


def test_the_lines_of_a_list() -> None:
    assert LINES == ("ann@example.com", "@larkspur.example", "https://hooks.example.com", "+351910000000")
    assert unusable(LINES) == []
    assert unusable(["example.com", "https://a.example/path", "*@example.com", "@", "ann at home"]) == [
        "example.com", "https://a.example/path", "@", "ann at home",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("ann@example.com", True),
        ("ANN@example.com", True),
        ("bo@example.com", False),
        ("bo@larkspur.example", True),
        ("bo@sub.larkspur.example", False),
        ("bo@notlarkspur.example", False),
        ("https://hooks.example.com/in?x=1", True),
        ("https://hooks.example.com:443/in", True),
        ("http://hooks.example.com/in", False),
        ("https://hooks.example.com.evil.example/in", False),
        ("https://hooks.example.com@evil.example/in", False),
        ("+351910000000", True),
        ("+3519100000001", False),
    ],
)
def test_what_a_list_allows(address: str, may: bool) -> None:
    assert allowed("listed", LINES, address) is may
    assert allowed("on", (), address)
    assert not allowed("off", LINES, address)


def test_waits_grow_and_end() -> None:
    waits = [wait_after(attempts) for attempts in range(1, MOST_ATTEMPTS)]
    assert waits == sorted(waits, key=lambda wait: wait or dt.timedelta())
    assert waits[0] == dt.timedelta(minutes=1)
    assert wait_after(MOST_ATTEMPTS) is None
    assert sum((wait for wait in waits if wait), dt.timedelta()) > dt.timedelta(days=1), "a night without an answer"
