"""The watchdog of a worker: ends its process where a chunk of work takes longer than it may.

Its thread is C's own, so it ends a task that holds the interpreter's lock, too. What it says is where (file and line), never
a value.
"""

from __future__ import annotations

import datetime as dt
import faulthandler
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_watched = threading.Event()


@contextmanager
def ended_after(limit: dt.timedelta) -> Iterator[None]:
    """End this process unless what is done inside is done by then."""
    _begin(limit)
    _watched.set()
    try:
        yield
    finally:
        _watched.clear()
        faulthandler.cancel_dump_traceback_later()


def not_before(limit: dt.timedelta) -> None:
    """Give what is being done so long from now on; nothing where nobody watches."""
    if _watched.is_set():
        _begin(limit)


def _begin(limit: dt.timedelta) -> None:
    faulthandler.dump_traceback_later(limit.total_seconds(), exit=True, file=sys.__stderr__ or sys.stderr)
