"""The audit: written inside the action that it tells of."""

from __future__ import annotations

from typing import Any

from winback.server.workspaces.access import Access
from winback.server.workspaces.models import AuditEvent, User, Workspace


def record(
    *, verb: str, target: str = "", by: Access | User | None = None, workspace: Workspace | None = None, **detail: Any
) -> AuditEvent:
    """Write one event. `by` is who asked (None: winback itself); `detail` never holds a customer's words."""
    access = by if isinstance(by, Access) else None
    user = access.user if access else by if isinstance(by, User) else None
    return AuditEvent.objects.create(
        workspace=workspace or (access.workspace if access else None),
        by=user,
        by_label=(access.label if access else user.email if user else "winback"),
        verb=verb,
        target=target,
        detail=detail,
        address=access.address if access else None,
    )
