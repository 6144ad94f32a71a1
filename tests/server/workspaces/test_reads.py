"""Reads of personal data reach the audit, gathered."""

from __future__ import annotations

from tests.server.factories import Cast
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
