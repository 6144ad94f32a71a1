"""The loop of a worker: claim, perform, again, until it is told to stop."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.db import DatabaseError, close_old_connections, connection

from winback.server.jobs import actions
from winback.server.jobs.hanging import ended_after
from winback.server.jobs.rules import LIMIT, reason

log = logging.getLogger("winback.jobs")
POLL = 0.5  # seconds between two looks into an empty queue
CLOCK = 60.0  # seconds between two looks at the schedules
TROUBLE = 5.0  # seconds to wait where the database does not answer or the disk is full


def work(*, name: str, stop: Callable[[], bool]) -> None:
    """Do what is due until `stop` says so, which is asked between two chunks. `name` is nobody else's.

    A chunk that takes longer than LIMIT hangs: this process then ends with a traceback of where (file and line, no
    values), and its successor of the same name lets go of the job, which runs again.
    """
    clock = 0.0
    released = False
    while not stop():
        try:
            if not released:
                actions.release(worker=name)
                released = True
            if time.monotonic() - clock > CLOCK or not clock:
                actions.keep_the_clock()
                clock = time.monotonic()
            if not _one(name):
                close_old_connections()
                time.sleep(POLL)
        except DatabaseError as error:
            # what was claimed comes back when its lease runs out
            log.error("the worker waits %.0f s: %s", TROUBLE, reason(error))
            connection.close()
            _sleep(TROUBLE, stop)


def _one(name: str) -> bool:
    """Perform one chunk; False where nothing is due."""
    job = actions.claim(worker=name)
    if job is None:
        return False
    with ended_after(LIMIT):
        actions.perform(job=job)
    return True


def _sleep(seconds: float, stop: Callable[[], bool]) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not stop():
        time.sleep(0.1)
