"""Jobs: what runs and how far it is, what failed and why."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from winback.errors import UserError
from winback.server.jobs.models import Job
from winback.server.operations import actions, queries
from winback.server.operations.rules import title
from winback.server.workspaces.access import Access, workspace_for

PAGE = 50


@require_GET
@never_cache
def jobs(request: HttpRequest, slug: str) -> HttpResponse:
    """What runs, and what ran; `part=open` is the box that the page asks for again every two seconds."""
    access = workspace_for(request, slug, at_least="member", whole=True)
    if request.GET.get("part") == "open":
        return render(request, "operations/open.html", _open(access))
    shelf = request.GET.get("shelf", "all")
    if shelf not in queries.SHELVES:
        raise UserError(f'There is no shelf "{shelf}": {", ".join(queries.SHELVES)}.')
    found = queries.ended(access.workspace, shelf)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found[: PAGE + 1])
    context = {
        **_open(access),
        "rows": [_row(job) for job in rows[:PAGE]],
        "older": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "shelf": shelf,
        "shelves": list(queries.SHELVES),
        "clock": [_row(job) for job in queries.by_the_clock()] if access.may("admin") else [],
    }
    return render(request, "operations/jobs.html", context)


@require_POST
def retry(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = workspace_for(request, slug, at_least="manager", whole=True)
    job = actions.retry(by=access, pk=pk)
    messages.success(request, f"{title(job.task)}: tried again.")
    return redirect("jobs", slug)


@require_POST
def cancel(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = workspace_for(request, slug, at_least="manager", whole=True)
    job = actions.cancel(by=access, pk=pk)
    messages.success(request, f"{title(job.task)}: cancelled.")
    return redirect("jobs", slug)


def _open(access: Access) -> dict[str, Any]:
    found = list(queries.open_jobs(access.workspace)[: queries.SHOWN + 1])
    return {
        "open": [_row(job) for job in found[: queries.SHOWN]],
        "more_open": len(found) > queries.SHOWN,
        "nobody_works": queries.nobody_works(),
    }


def _row(job: Job) -> dict[str, Any]:
    took = job.ended_at - job.started_at if job.ended_at and job.started_at else None
    return {
        "job": job,
        "title": title(job.task),
        "share": f"{100 * job.done // job.total} %" if job.total else "",
        "took": f"{took.total_seconds():,.1f} s" if took is not None else "",
    }
