from __future__ import annotations

from winback.server.imports.rules import UndoPreview, share


def test_share_is_whole_only_when_all_is_done() -> None:
    assert [share(0, 10), share(5, 10), share(999_999, 1_000_000), share(10, 10), share(0, 0)] == [0, 50, 99, 100, 0]


def test_nothing_to_undo() -> None:
    assert UndoPreview(0, 0, 0).nothing and not UndoPreview(0, 0, 1).nothing
