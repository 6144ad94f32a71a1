from __future__ import annotations

import pytest

from winback.errors import UserError
from winback.server.privacy.rules import checked_days, digest


def test_days_are_whole_and_bounded() -> None:
    assert checked_days(" 365 ") == 365
    for text in ("0", "-1", "1.5", "36501", "", "٣"):
        with pytest.raises(UserError, match="no number of days"):
            checked_days(text)


def test_a_digest_tells_workspaces_kinds_and_keys_apart() -> None:
    one = digest(b"k", 1, "customer", "C-1")
    assert one == digest(b"k", 1, "customer", "C-1")
    others = [digest(b"k", 2, "customer", "C-1"), digest(b"k", 1, "contact", "C-1"), digest(b"j", 1, "customer", "C-1")]
    assert one not in others and len(set(others)) == 3
