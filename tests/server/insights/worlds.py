"""A small company over eight months, whose figures can be worked out by hand.

Every month from March to October 2025 twelve persons of the North and twelve of the South answer, each once. North: six
promoters and six detractors a month until July, three and nine from August on. South: nine promoters, three detractors.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tests.server.exports.worlds import answer, fresh, told
from winback.server.customers.models import Customer, CustomerPeriod, Invitation
from winback.server.exports.queries import Holding, holding
from winback.server.feedback.rules import NewFeedback
from winback.server.insights.basis import Basis, open_basis
from winback.server.insights.rules import Asked
from winback.server.sources.actions import ensure_source, live_run, mark_dirty
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Workspace

TODAY = dt.date(2025, 11, 22)
MONTHS = [f"2025-{month:02}" for month in range(3, 11)]
ALL = {"answers": 192, "promoters": 111, "passives": 0, "detractors": 81, "nps": 15.625}
QUARTER = {"answers": 72, "promoters": 36, "passives": 0, "detractors": 36, "nps": 0.0}


def year(workspace: Workspace, **more: Any) -> None:
    """The company's answers, written to the warehouse; `more` is said of every answer."""
    rows: list[NewFeedback] = []
    for month in MONTHS:
        unhappy = {"North": 9 if month >= "2025-08" else 6, "South": 3}
        for region, low in unhappy.items():
            for i in range(12):
                key = f"{month}-{region}-{i}"
                rows.append(
                    answer(
                        key, 2 if i < low else 9, f"{month}-{10 + i}", customer=f"c-{region}-{i}", respondent=key,
                        attributes={"region": region, "plan": "A" if i % 2 else "B"}, **more,
                    )
                )  # fmt: skip
    told(workspace, rows)
    workspace.attributes = ["region", "plan"]
    workspace.save()
    fresh(workspace)


def paid(workspace: Workspace, revenue: Sequence[tuple[str, str]]) -> None:
    """Revenue of October 2025 by customer, and margin of half of it."""
    run = live_run(source=ensure_source(workspace=workspace, name="billing", kind="api", table="customer_periods"))
    for external_id, amount in revenue:
        customer, _ = Customer.objects.get_or_create(workspace=workspace, external_id=external_id)
        CustomerPeriod.objects.create(
            workspace=workspace, run=run, customer=customer, month=dt.date(2025, 10, 1), revenue=Decimal(amount),
            margin=Decimal(amount) / 2,
        )  # fmt: skip
    mark_dirty(workspace=workspace, table="customer_periods", days=[dt.date(2025, 10, 1)])
    fresh(workspace)


def invited(
    workspace: Workspace, customers: Sequence[str], *, answered: int, day: str = "2025-10-01", **more: Any
) -> None:
    """These customers were asked on a day, and the first so many answered."""
    run = live_run(source=ensure_source(workspace=workspace, name="mailer", kind="api", table="invitations"))
    at = dt.datetime.fromisoformat(day).replace(tzinfo=dt.UTC)
    for place, external_id in enumerate(customers):
        customer, _ = Customer.objects.get_or_create(workspace=workspace, external_id=external_id)
        Invitation.objects.create(
            workspace=workspace, run=run, external_id=f"{day}-{place}-{external_id}", customer=customer,
            **{"sent_at": at, "answered_at": at if place < answered else None, **more},
        )  # fmt: skip
    mark_dirty(workspace=workspace, table="invitations")
    fresh(workspace)


def held(access: Access, sort: str | None = None) -> Holding:
    found = holding(access, sort=sort)
    assert found is not None
    return found


def basis(access: Access, choice: Asked | None = None, *, usual: int | None = None, minimum: int = 10) -> Basis:
    return open_basis(
        held(access), choice or Asked(), scope=str(access.scope.stored()), today=TODAY, level=0.95, minimum=minimum,
        usual=usual,
    )  # fmt: skip


def counts(cell: Any) -> dict[str, Any]:
    """What a cell says without its interval."""
    return {name: cell[name] for name in ("answers", "promoters", "passives", "detractors", "nps")}
