"""Figures by the API: the same documents that pages and exports show."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal, cast

from django.http import HttpRequest
from ninja import Query, Router
from ninja.errors import HttpError

from winback.server.insights import queries
from winback.server.workspaces import limits
from winback.server.workspaces.access import Access

PER_MINUTE = 60

router = Router(tags=["figures"])
DOCUMENTS = {"pulse": queries.pulse, "segments": queries.segments, "profit": queries.profit, "journey": queries.journey}


@router.get("/readiness", summary="What the data at hand allow", response=list[dict[str, Any]])
def readiness(request: HttpRequest) -> list[dict[str, Any]]:
    """Every analysis: whether it is possible, why, and what would open it."""
    return queries.readiness(_access(request))


@router.get("/{page}", summary="The figures of a page", response=dict[str, Any])
def figures(
    request: HttpRequest,
    page: Literal["pulse", "segments", "profit", "journey"],
    since: Annotated[dt.date | None, Query(description="first day counted")] = None,
    until: Annotated[dt.date | None, Query(description="last day counted")] = None,
    last: Annotated[str | None, Query(description="so many whole months before the running one, or all")] = None,
    survey: Annotated[str | None, Query(description="a sort of survey; sorts never mix")] = None,
    by: Annotated[list[str] | None, Query(description="attributes that segments are made of, two at most")] = None,
) -> dict[str, Any]:
    """The document behind the page of that name, within the scope of the key; fields as in the JSON report.

    Any attribute may be given too, as in `?region=North`: then only its answers count.
    """
    document = DOCUMENTS[page](_access(request), dict(request.GET.lists()))
    if document is None:
        raise HttpError(404, "There are no answers yet.")
    return document


def _access(request: HttpRequest) -> Access:
    """Whom the key stands for. Figures cost more than rows do, so that they are asked less often."""
    access = cast(Access, request.auth)  # type: ignore[attr-defined]  # ninja sets it
    if seconds := limits.wait(f"api-figures {access.workspace.pk} {access.label}", per_minute=PER_MINUTE):
        raise HttpError(429, f"More than {PER_MINUTE} figures a minute with this key; ask again in {seconds} s.")
    return access
