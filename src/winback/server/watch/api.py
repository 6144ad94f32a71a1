"""Flare-ups by the API: what burns now, what was, and one of them; within the scope of the key."""

from __future__ import annotations

from typing import Any, Literal, cast

from django.http import HttpRequest
from ninja import Router
from ninja.errors import HttpError

from winback.server.watch import queries
from winback.server.watch.telling import document
from winback.server.workspaces import limits
from winback.server.workspaces.access import Access

PER_MINUTE = 60

router = Router(tags=["flare-ups"])


@router.get("", summary="Flare-ups", response=list[dict[str, Any]])
def alarms(request: HttpRequest, state: Literal["burning", "past"] = "burning") -> list[dict[str, Any]]:
    """Those that burn, most money first, or the latest hundred that are over or dismissed."""
    access = _access(request)
    found = queries.burning(access) if state == "burning" else queries.past(access)[0]
    return [document(alarm) for alarm in found]


@router.get("/{int:pk}", summary="One flare-up", response=dict[str, Any])
def alarm(request: HttpRequest, pk: int) -> dict[str, Any]:
    """One flare-up with its course, period by period, and where exactly it is."""
    found = queries.alarm_for(_access(request), pk)
    return {**document(found), "course": found.course, "causes": found.causes}


def _access(request: HttpRequest) -> Access:
    access = cast(Access, request.auth)  # type: ignore[attr-defined]  # ninja sets it
    if seconds := limits.wait(f"api-alarms {access.workspace.pk} {access.label}", per_minute=PER_MINUTE):
        raise HttpError(429, f"More than {PER_MINUTE} questions a minute with this key; ask again in {seconds} s.")
    return access
