"""The audit: who did what, newest first, and as a file."""

from __future__ import annotations

import csv
import datetime as dt
import zoneinfo
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from winback.connectors.rejected import guarded
from winback.errors import UserError
from winback.server.workspaces import audit, queries
from winback.server.workspaces.access import Access, workspace_for
from winback.server.workspaces.models import AuditEvent

PAGE = 50


@require_GET
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """What was done here. A page begins where the one before ended, by time and id."""
    access = workspace_for(request, slug, at_least="admin", whole=True)
    found = _found(request, access)
    events = queries.page_of_events(found, before=_before(request.GET.get("before", "")), most=PAGE + 1)
    later = ""
    if len(events) > PAGE:
        events = events[:PAGE]
        later = f"{events[-1].at.isoformat()}~{events[-1].pk}"
    context: dict[str, Any] = {"events": events, "later": later, "verbs": queries.verbs(access.workspace)}
    return render(request, "people/audit.html", context)


@require_GET
def export(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """The same as a file for a spreadsheet; cells that it would run as a formula get an apostrophe in front."""
    access = workspace_for(request, slug, at_least="admin", whole=True)
    found = _found(request, access)
    audit.record(verb="audit exported", by=access, asked=request.GET.urlencode()[:300])
    response = StreamingHttpResponse(_lines(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'audit-{slug}.csv')}"
    return response


def _lines(found: QuerySet[AuditEvent]) -> Iterator[str]:
    class Last:
        def write(self, line: str) -> str:
            return line

    writer: Any = csv.writer(Last())
    yield "\ufeff"  # spreadsheets take the file for UTF-8 only with it
    for row in queries.event_rows(found):
        yield writer.writerow(guarded(str(cell) for cell in row))


def _found(request: HttpRequest, access: Access) -> QuerySet[AuditEvent]:
    zone = zoneinfo.ZoneInfo(access.workspace.zone)
    day = request.GET.get("day", "").strip()
    since = until = None
    if day:
        try:
            since = dt.datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=zone)
            _require_near(since)
        except ValueError:
            raise UserError(f'"{day}" is not a day; it should be one like 2026-11-19.') from None
        until = since + dt.timedelta(days=1)
    return queries.events(
        access.workspace, who=request.GET.get("who", "").strip(), verb=request.GET.get("verb", "").strip(), since=since, until=until
    )  # fmt: skip


def _require_near(moment: dt.datetime) -> None:
    """Raise ValueError for a moment so far off that it has no day in another zone."""
    if not 1 < moment.year < dt.MAXYEAR:
        raise ValueError


def _before(text: str) -> tuple[dt.datetime, int] | None:
    if not text:
        return None
    at, _, pk = text.partition("~")
    try:
        moment = dt.datetime.fromisoformat(at)
        number = int(pk)
        _require_near(moment)
    except ValueError:
        raise UserError("This page does not exist; begin with the newest.") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)), number
