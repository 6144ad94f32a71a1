"""Reads of personal data, for the audit: gathered in memory and written once a minute, since a GET writes nothing.

A process that is killed loses at most the last minute of them; one that is told to stop writes them first.
"""

from __future__ import annotations

import atexit
import contextlib
import threading
import time
from collections import Counter

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from winback.server.database import atomic
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import AuditEvent, Workspace

Key = tuple[int, int | None, str, str | None, str]


class _Gathered:
    """What was read since the last writing, and the clock that will write it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.writing = threading.Lock()
        self.reads: Counter[Key] = Counter()
        self.timer: threading.Timer | None = None

    def add(self, key: Key, times: int = 1) -> None:
        with self.lock:
            self.reads[key] += times
            if self.timer is None and settings.READS_WRITTEN_AFTER:
                self.timer = threading.Timer(settings.READS_WRITTEN_AFTER, _flush_in_thread)
                self.timer.daemon = True
                self.timer.start()

    def take(self) -> dict[Key, int]:
        with self.lock:
            reads, self.timer = dict(self.reads), None
            self.reads.clear()
        return reads


_gathered = _Gathered()


def note_read(access: Access, target: str) -> None:
    """Remember that somebody read personal data; it stands in the audit within a minute."""
    user = access.user.pk if access.user else None
    _gathered.add((access.workspace.pk, user, access.label, access.address, target))


def flush_reads() -> int:
    """Write what was read since the last time; returns how many events. What cannot be written is kept for later."""
    with _gathered.writing:  # who ends the process waits for whoever is at it
        reads = _gathered.take()
        try:
            return _written(reads) if reads else 0
        except BaseException:
            for key, times in reads.items():
                _gathered.add(key, times)
            raise


def _written(reads: dict[Key, int]) -> int:
    now = timezone.now()
    with atomic():
        there = set(Workspace.objects.filter(pk__in={key[0] for key in reads}).values_list("pk", flat=True))
        reads = {key: times for key, times in reads.items() if key[0] in there}  # one may be removed meanwhile
        AuditEvent.objects.bulk_create(
            AuditEvent(
                workspace_id=workspace, by_id=user, by_label=label, address=address, verb="personal data read",
                target=target, detail={"times": times}, at=now,
            )
            for (workspace, user, label, address, target), times in reads.items()
        )  # fmt: skip
    return len(reads)


def _flush_in_thread() -> None:
    try:
        flush_reads()
    finally:
        connection.close()


def flush_until_the_end(every: float = 0.1) -> None:
    """Write reads as they come, until the process ends: for a thread of one that was told to stop."""
    while True:
        with contextlib.suppress(DatabaseError):  # the process ends, whatever the database says
            flush_reads()
        time.sleep(every)


@atexit.register
def last_reads() -> None:
    """Write what is left, at the end of the process."""
    if settings.configured and settings.READS_WRITTEN_AFTER:
        flush_reads()
