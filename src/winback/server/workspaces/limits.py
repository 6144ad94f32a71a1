"""How often something may be asked: a bucket for each key, in memory, for what comes too often to ask a database.

Each process counts for itself, so several web processes allow that many times as much. Sign-in is limited by allauth,
which counts in the cache; this is for the API and for links that let somebody in.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict

MOST_KEYS = 20_000  # the oldest are forgotten: memory stays bounded whoever asks
_buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
_lock = threading.Lock()


def wait(key: str, *, per_minute: int, burst: int | None = None, now: float | None = None, cost: float = 1.0) -> int:
    """Nought where `key` may go on, else after how many whole seconds it may ask again.

    A bucket holds `burst` (else `per_minute`) and fills evenly; each call takes `cost` out of it. With a cost of 0 it
    takes nothing and says whether a call of 1 would go on now.
    """
    now = time.monotonic() if now is None else now
    size = float(burst or per_minute)
    rate = per_minute / 60
    with _lock:
        left, at = _buckets.pop(key, (size, now))
        left = min(size, left + (now - at) * rate)
        needed = cost or 1.0
        enough = left >= needed
        _buckets[key] = (left - cost if enough else left, now)
        if len(_buckets) > MOST_KEYS:
            _buckets.popitem(last=False)
    return 0 if enough else max(1, math.ceil((needed - left) / rate))


def forget() -> None:
    """Empty all buckets; for tests."""
    with _lock:
        _buckets.clear()
