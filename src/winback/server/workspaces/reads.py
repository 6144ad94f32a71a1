"""Reads of personal data, for the audit: gathered in memory and written once a minute, since a GET writes nothing.

A process that is killed loses at most the last minute of them.
"""

from __future__ import annotations

import atexit
import threading
from collections import Counter

from django.conf import settings
from django.db import connection
from django.utils import timezone

from winback.server.database import atomic
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import AuditEvent, Workspace

Key = tuple[int, int | None, str, str | None, str]


class _Gathered:
    """What was read since the last writing, and the clock that will write it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.reads: Counter[Key] = Counter()
        self.timer: threading.Timer | None = None

    def add(self, key: Key) -> None:
        with self.lock:
            self.reads[key] += 1
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
    """Write what was read since the last time; returns how many events."""
    reads = _gathered.take()
    now = timezone.now()
    if reads:
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


@atexit.register
def _last_reads() -> None:
    if settings.configured and settings.READS_WRITTEN_AFTER:
        flush_reads()
