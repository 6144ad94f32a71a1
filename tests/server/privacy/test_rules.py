from __future__ import annotations

import pytest

from winback.errors import UserError
from winback.server.privacy.rules import checked_days


def test_days_are_whole_and_bounded() -> None:
    assert checked_days(" 365 ") == 365
    for text in ("0", "-1", "1.5", "36501", "", "٣"):
        with pytest.raises(UserError, match="no number of days"):
            checked_days(text)
