"""What a task may answer, and when a task that failed is tried again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FIRST_WAIT = dt.timedelta(seconds=5)
LONGEST_WAIT = dt.timedelta(hours=1)
MOST_ATTEMPTS = 6


@dataclass(frozen=True)
class Again:
    """A task's answer where there is more to do: the next chunk's arguments, and when, if not at once."""

    arguments: Mapping[str, Any] = field(default_factory=dict)
    due_at: dt.datetime | None = None


def wait_before(attempt: int) -> dt.timedelta:
    """How long to wait before attempt 2, 3, …: 5 s, 20 s, 80 s, … never more than an hour."""
    return min(FIRST_WAIT * int(4 ** (attempt - 2)), LONGEST_WAIT)
