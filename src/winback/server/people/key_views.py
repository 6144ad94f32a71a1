"""The page of keys for the API."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from winback.errors import UserError
from winback.server.people import forms
from winback.server.workspaces import keys as key_actions
from winback.server.workspaces import queries
from winback.server.workspaces.access import workspace_for
from winback.server.workspaces.models import ApiKey
from winback.server.workspaces.rules import Scope


@require_http_methods(["GET", "POST"])
@never_cache
def keys(request: HttpRequest, slug: str) -> HttpResponse:
    """The keys there are; a new one is shown this once."""
    access = workspace_for(request, slug, at_least="admin", whole=True)
    context: dict[str, Any] = {"name": request.POST.get("name", "")}
    role, scope = "member", Scope()
    if request.method == "POST":
        role, scope = request.POST.get("role", ""), forms.scope_in(request.POST)
        try:
            key, token = key_actions.make_key(by=access, name=context["name"], role=role, scope=scope)
        except UserError as error:
            context["refusal"] = str(error)
        else:
            return render(request, "people/key_made.html", {"key": key, "token": token})
    here = set(queries.members(access.workspace).values_list("user_id", flat=True))
    context["rows"] = [
        {"key": key, "scope": Scope.of(key.scope), "left": bool(key.created_by_id) and key.created_by_id not in here}
        for key in queries.keys_of(access.workspace)
    ]
    context |= forms.frame(access.workspace, scope, role)
    return render(request, "people/keys.html", context, status=400 if "refusal" in context else 200)


@require_POST
def revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """End a key."""
    access = workspace_for(request, slug, at_least="admin", whole=True)
    key = get_object_or_404(ApiKey, pk=pk, workspace=access.workspace)
    key_actions.revoke_key(by=access, key=key)
    messages.success(request, f"The key {key.name} opens nothing any more.")
    return redirect("keys", slug)
