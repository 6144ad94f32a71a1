"""What was read a moment ago and is not asked for again just yet: it may be SECONDS old, and no older.

For what every row of the API needs and nothing changes between two of them. Whoever changes it calls `forget`: then this
process knows at once, and others within SECONDS.
"""

from __future__ import annotations

import time
from collections.abc import Hashable
from typing import Generic, TypeVar

SECONDS = 1.0
MOST = 1000
Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Lately(Generic[Key, Value]):
    """Values by key, each good for SECONDS."""

    def __init__(self) -> None:
        self._held: dict[Key, tuple[float, Value]] = {}

    def get(self, key: Key, *, now: float | None = None) -> Value | None:
        """The value, unless it is too old or was forgotten."""
        held = self._held.get(key)
        if held is None or (time.monotonic() if now is None else now) - held[0] >= SECONDS:
            return None
        return held[1]

    def keep(self, key: Key, value: Value, *, now: float | None = None) -> None:
        """Keep a value that was asked for at `now`: the time before asking, so that nothing is older than it seems."""
        if len(self._held) >= MOST:
            self._held = {}
        self._held[key] = (time.monotonic() if now is None else now, value)

    def forget(self, key: Key) -> None:
        self._held.pop(key, None)
