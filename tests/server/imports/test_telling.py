from __future__ import annotations

import json
from typing import Any

import pytest

from tests.server.factories import Cast
from tests.server.imports.bringing import brought
from winback.server.imports import undoing
from winback.server.jobs.actions import run_due
from winback.server.outbox.models import OutboxMessage, WebhookTarget

pytestmark = pytest.mark.django_db


def told(cast: Cast) -> list[tuple[str, dict[str, Any]]]:
    found = OutboxMessage.objects.filter(workspace=cast.larkspur, kind="webhook").order_by("id")
    assert {one.state for one in found} <= {"waiting"}
    return [(one.subject, json.loads(one.body)["data"]) for one in found]


def test_webhooks_hear_of_imports_and_of_who_left(cast: Cast) -> None:
    WebhookTarget.objects.create(workspace=cast.larkspur, url="https://example.com/hooks", secret="whsec_YQ==")
    head = "customer,kind,notice date,end date\n"
    text = f"{head}C1,cancelled,2026-09-01,2026-10-01\nC2,downgraded,,2026-10-02\nC3,lapsed,,2026-10-03\n"
    first = brought(cast.larkspur, text, "departures.csv")
    same = {"import": first.pk, "file": "departures.csv", "source": "departures", "table": "departures"}
    left = [
        {"customer": "C1", "kind": "cancelled", "end_date": "2026-10-01"},
        {"customer": "C3", "kind": "lapsed", "end_date": "2026-10-03"},
    ]
    assert told(cast) == [
        ("import.published", {**same, "read": 3, "new": 3, "changed": 0, "same": 0, "rejected": 0}),
        ("customers.left", {**same, "count": 2, "first": left}),
    ]
    second = brought(
        cast.larkspur, f"{text}C4,cancelled,2026-09-01,2026-10-04\n".replace("10-01", "10-31"), "departures.csv"
    )
    assert [data.get("count") for _, data in told(cast)[2:]] == [None, 1], "a corrected day is nobody who left"
    undoing.begin(run=second)
    run_due()
    assert told(cast)[-1] == ("import.undone", {**same, "import": second.pk})
