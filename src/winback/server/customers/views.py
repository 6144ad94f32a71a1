"""The page of contact rules: what was let through and what was not, and the lists that say whom to leave alone."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from winback.errors import UserError
from winback.server.customers.actions import today_in
from winback.server.customers.contact_rules import CAP_DAYS, DEFAULT_BASES, LEFT_OPEN, REASONS
from winback.server.customers.models import CHANNELS
from winback.server.customers.queries import blocked_by_reason, lists_of
from winback.server.customers.suppression import load_suppression_list, remove_suppression_list
from winback.server.uploads import Uploads, take_files
from winback.server.workspaces.access import Access, workspace_for

LARGEST = 64 * 1024 * 1024


@require_safe
def contacting(request: HttpRequest, slug: str) -> HttpResponse:
    """Whom we may contact, and how often the answer was no."""
    access = workspace_for(request, slug, at_least="member", whole=True)
    counted = blocked_by_reason(access, since=timezone.now() - dt.timedelta(days=CAP_DAYS))
    context = {
        "allowed": sum(row["count"] for row in counted if row["allowed"]),
        "blocked": [{**row, "words": REASONS[row["reason"]]} for row in counted if not row["allowed"]],
        "lists": lists_of(access.workspace, on=today_in(access.workspace)),
        "channels": CHANNELS,
        "bases": DEFAULT_BASES,
        "left_open": {reason: ", ".join(purposes) or "nothing" for reason, purposes in LEFT_OPEN.items()},
        "today": today_in(access.workspace),
    }
    return render(request, "customers/contacting.html", context)


@csrf_exempt  # the form is checked below, when it is known that its file may be written down
@require_POST
def contacting_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Load a suppression list, or take one away."""
    access = workspace_for(request, slug, at_least="manager", whole=True)
    return _load(request, access, take_files(request, most=LARGEST))


@csrf_protect
def _load(request: HttpRequest, access: Access, uploads: Uploads) -> HttpResponse:
    if "remove" in request.POST:
        remove_suppression_list(access=access, name=request.POST["remove"])
        messages.success(request, "The list is gone; it bars nobody any more.", extra_tags="done")
        return HttpResponseRedirect(reverse("contacting", args=[access.workspace.slug]))
    file = request.FILES.get("file")
    name = request.POST.get("name", "").strip()[:120]
    if uploads.too_large:
        raise UserError("The list is larger than 64 MiB; split it.")
    if file is None or not name:
        raise UserError("Choose a file with one address a line, and give the list a name.")
    try:
        screened = dt.date.fromisoformat(request.POST.get("screened_on", ""))
    except ValueError:
        raise UserError("Give the day on which the list was screened, like 2026-11-19.") from None
    lines = file.read().decode("utf-8-sig", errors="replace").splitlines()
    held = load_suppression_list(
        access=access, name=name, channel=request.POST.get("channel", ""), screened_on=screened, lines=lines
    )
    messages.success(request, f"{held:,} addresses are left alone from now on.", extra_tags="done")
    return HttpResponseRedirect(reverse("contacting", args=[access.workspace.slug]))
