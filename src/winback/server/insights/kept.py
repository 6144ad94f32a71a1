"""What was counted once is kept in this process: by state of the warehouse, scope, sort and window, and bounded.

A page asks for the same counts again and again until the next refresh. Whoever asks first counts; who asks meanwhile
waits for that. A key holds the version of the warehouse, so that nothing stale is ever found; the oldest go first.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

MOST_KEPT = 128  # windows
MOST_BYTES = 256 * 1024 * 1024


@dataclass
class Kept:
    """What is known of one window: results by name, and tallies by their attributes."""

    found: dict[Hashable, Any] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def once(self, name: Hashable, make: Callable[[], Any]) -> Any:
        """The result of that name, made on the first asking."""
        with self.lock:
            if name not in self.found:
                self.found[name] = make()
            return self.found[name]

    def has(self, name: Hashable) -> bool:
        return name in self.found

    def size(self) -> int:
        """Bytes of the tallies, and of what says how many it takes; what is made from them is small beside it."""
        return sum(_size(value) for value in list(self.found.values()))


def _size(value: Any) -> int:
    if isinstance(value, dict):
        return sum(_size(inner) for inner in list(value.values()))
    large = getattr(value, "cells", value)
    return int(getattr(large, "nbytes", 2_000))


class Shelf:
    """The windows looked at lately."""

    def __init__(self, most: int = MOST_KEPT, most_bytes: int = MOST_BYTES) -> None:
        self.most, self.most_bytes = most, most_bytes
        self._windows: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._windows)

    def of(self, key: Hashable) -> Kept:
        """What is kept under this key, made empty where there is nothing; the oldest make room."""
        with self._lock:
            kept = self._windows.pop(key, None) or Kept()
            self._windows[key] = kept
            while len(self._windows) > 1 and (len(self._windows) > self.most or self.size() > self.most_bytes):
                self._windows.popitem(last=False)
            return kept

    def size(self) -> int:
        return sum(kept.size() for kept in self._windows.values())

    def clear(self) -> None:
        with self._lock:
            self._windows.clear()


shelf = Shelf()
