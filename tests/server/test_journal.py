from __future__ import annotations

import pytest

from winback.errors import UserError
from winback.server import journal


def test_the_key_is_made_once_and_lines_are_added() -> None:
    assert journal.lines() == []
    key = journal.key()
    assert journal.key() == key and len(key) == 32
    line = journal.Line("2026-11-22T10:00:00+00:00", 1, "customer", "d" * 64)
    journal.write(line)
    journal.write(line)
    assert journal.lines() == [line, line] and line.moment.year == 2026
    with journal.path().open("a") as file:
        file.write('{"at": "2026')  # a crash in the middle of a line
    assert journal.lines() == [line, line]


def test_a_damaged_journal_is_not_passed_over() -> None:
    journal.path().write_text("not ours\n")
    with pytest.raises(UserError, match="damaged in its first line"):
        journal.key()


def test_a_digest_tells_workspaces_kinds_and_keys_apart() -> None:
    one = journal.digest(b"k", 1, "customer", "C-1")
    assert one == journal.digest(b"k", 1, "customer", "C-1")
    others = [
        journal.digest(b"k", 2, "customer", "C-1"),
        journal.digest(b"k", 1, "contact", "C-1"),
        journal.digest(b"j", 1, "customer", "C-1"),
    ]
    assert one not in others and len(set(others)) == 3
