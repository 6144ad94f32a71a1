"""The page about oneself: name, password, second factor, keyboard, saved views."""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from winback.errors import UserError
from winback.server.workspaces import actions, queries
from winback.server.workspaces.access import signed_in
from winback.server.workspaces.models import Membership, SavedView


@require_http_methods(["GET", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """One's own account."""
    user = signed_in(request)
    refusal = ""
    if request.method == "POST":
        try:
            actions.change_profile(user=user, name=request.POST.get("name", ""), title=request.POST.get("title", ""))
        except UserError as error:
            refusal = str(error)
        else:
            messages.success(request, "Saved.")
            return redirect("me")
    memberships = (
        Membership.objects.filter(user=user, workspace__removing_at__isnull=True)
        .select_related("workspace")
        .order_by("workspace__name")
    )
    context = {
        "refusal": refusal, "memberships": memberships, "views": queries.views_of(user),
        "second_factor": is_mfa_enabled(user), "single_sign_on": "openid_connect" in settings.SOCIALACCOUNT_PROVIDERS,
    }  # fmt: skip
    return render(request, "people/me.html", context, status=400 if refusal else 200)


@require_POST
def forget_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a saved view of one's own."""
    user = signed_in(request)
    view = get_object_or_404(SavedView, pk=pk, user=user)
    actions.forget_view(user=user, view=view)
    messages.success(request, f"The view {view.name} is deleted.")
    return redirect("me")
