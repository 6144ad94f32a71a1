"""Webhooks hear of imports, and of customers who left. Part of the action that switches."""

from __future__ import annotations

from typing import Any

from winback.server.customers.models import Departure
from winback.server.outbox.actions import announce
from winback.server.sources.models import SyncRun
from winback.tables import STAYED

NAMED = 100  # customers in one message


def tell_published(run: SyncRun) -> None:
    """An import is there; and who left, by a file of departures."""
    data = {**_of(run), "read": run.read, "new": run.new, "changed": run.changed, "same": run.same}
    announce(workspace=run.workspace, event="import.published", data={**data, "rejected": run.rejected_total})
    if run.table != "departures":
        return
    told_before = Departure.objects.filter(superseded_by=run).exclude(kind__in=STAYED).values("customer_id")
    gone = Departure.objects.filter(run=run).exclude(kind__in=STAYED).exclude(customer_id__in=told_before)
    rows = gone.order_by("id").values_list("customer__external_id", "kind", "end_date")[: NAMED + 1]
    if rows:
        named = [
            {"customer": key, "kind": kind, "end_date": end and end.isoformat()} for key, kind, end in rows[:NAMED]
        ]
        announce(
            workspace=run.workspace, event="customers.left", data={**_of(run), "count": gone.count(), "first": named}
        )


def tell_undone(run: SyncRun) -> None:
    announce(workspace=run.workspace, event="import.undone", data=_of(run))


def _of(run: SyncRun) -> dict[str, Any]:
    return {"import": run.pk, "file": run.file_name, "source": run.source.name, "table": run.table}
