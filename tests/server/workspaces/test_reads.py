"""Reads of personal data reach the audit, gathered."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from tests.server.factories import Cast
from winback.server.workspaces import reads
from winback.server.workspaces.models import AuditEvent
from winback.server.workspaces.reads import flush_reads, note_read


def test_reads_of_a_minute_are_one_event_each(cast: Cast) -> None:
    for name in ("amara", "amara", "hanna"):
        note_read(cast.access(name), "customer 7")
    assert AuditEvent.objects.filter(verb="personal data read").count() == 0
    assert flush_reads() == 2
    told = (
        AuditEvent.objects.filter(verb="personal data read")
        .order_by("by_label")
        .values_list("by_label", "target", "detail")
    )
    assert list(told) == [
        ("amara@larkspur.example", "customer 7", {"times": 2}),
        ("hanna@larkspur.example", "customer 7", {"times": 1}),
    ]
    assert flush_reads() == 0


def test_what_cannot_be_written_is_kept(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    note_read(cast.access("amara"), "customer 7")

    def full() -> None:
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(reads.timezone, "now", full)
        with pytest.raises(OperationalError):
            flush_reads()
    assert flush_reads() == 1
