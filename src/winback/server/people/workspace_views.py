"""The pages of a workspace itself: its settings, its end, making one; and the page of everything else on a phone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from winback.errors import UserError
from winback.server.people import queries
from winback.server.workspaces import actions, removal
from winback.server.workspaces.access import signed_in, workspace_for
from winback.server.workspaces.rules import phone_regions, zones

FIELDS = ("name", "zone", "currency", "mask_comments", "language_model", "phone_regions", *actions.NUMBERS)


@require_http_methods(["GET", "POST"])
def workspace_settings(request: HttpRequest, slug: str) -> HttpResponse:
    """What an administrator may set."""
    access = workspace_for(request, slug, at_least="admin", whole=True)
    values = {field: str(getattr(access.workspace, field)) for field in FIELDS}
    values["mask_comments"] = "yes" if access.workspace.mask_comments else ""
    values["language_model"] = "yes" if access.workspace.language_model else ""
    attributes = "\n".join(access.workspace.attributes)
    context: dict[str, Any] = {}
    if request.method == "POST":
        # an empty box sends nothing: a hidden field before it says no
        values |= {field: request.POST[field] for field in FIELDS if field in request.POST}
        attributes = request.POST.get("attributes", attributes)
        try:
            changed = actions.change_settings(by=access, wanted=values, attributes=attributes.splitlines())
        except UserError as error:
            context["refusal"] = str(error)
        else:
            messages.success(request, "Saved." if changed else "Nothing was different.")
            return redirect("settings", slug)
    numbers = [(field, values[field], *limits) for field, limits in actions.NUMBERS.items()]
    context |= {
        "values": values, "attributes": attributes, "numbers": numbers, "zones": zones(),
        "regions": " ".join(phone_regions(access.workspace)), "known": sorted(queries.suggestions(access.workspace)),
    }  # fmt: skip
    return render(request, "people/settings.html", context, status=400 if "refusal" in context else 200)


@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, slug: str) -> HttpResponse:
    """Delete the workspace with everything in it, after its name was typed."""
    access = workspace_for(request, slug, at_least="admin", whole=True)
    context: dict[str, Any] = {}
    if request.method == "POST":
        try:
            actions.remove_workspace(by=access, typed=request.POST.get("typed", ""))
        except UserError as error:
            context["refusal"] = str(error)
        else:
            messages.success(request, f"{access.workspace.name} is out of reach now, and is being deleted.")
            return redirect("home")
    context["counts"] = removal.what_would_go(access.workspace)
    return render(request, "people/delete.html", context, status=400 if "refusal" in context else 200)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make a workspace; for operators."""
    user = signed_in(request)
    if not user.is_operator:
        raise PermissionDenied("Only operators, who run this installation, make workspaces.")
    values = {field: request.POST.get(field, "") for field in ("name", "slug", "zone", "currency")}
    context: dict[str, Any] = {"values": values, "zones": zones()}
    if request.method == "POST":
        try:
            made = actions.create_workspace(
                slug=values["slug"].strip(), name=values["name"], owner=user, zone=values["zone"] or "UTC",
                currency=values["currency"].strip().upper(),
            )  # fmt: skip
        except UserError as error:
            context["refusal"] = str(error)
        else:
            messages.success(request, "Made. It sends nothing until you switch sending on.")
            return redirect("settings", made.slug)
    return render(request, "people/new_workspace.html", context, status=400 if "refusal" in context else 200)


@require_GET
def more(request: HttpRequest, slug: str) -> HttpResponse:
    """On a phone: everything that has no tab of its own."""
    workspace_for(request, slug)
    return render(request, "people/more.html")
