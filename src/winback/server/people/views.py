"""The page of people: who is here, with which rights, and who was invited. And the page an invitation leads to."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from winback.errors import UserError
from winback.server.people import actions, forms
from winback.server.workspaces import limits, queries
from winback.server.workspaces.access import Access, workspace_for
from winback.server.workspaces.keys import keys_made_by
from winback.server.workspaces.models import Membership, User, Welcome
from winback.server.workspaces.rules import Scope


@require_GET
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is here, and who was invited."""
    access = workspace_for(request, slug, at_least="admin", whole=True)
    return _people(request, access)


def _people(request: HttpRequest, access: Access, **further: Any) -> HttpResponse:
    rows = [
        {
            "membership": membership,
            "scope": Scope.of(membership.scope),
            "me": membership.user_id == (access.user and access.user.pk),
        }
        for membership in queries.members(access.workspace)
    ]
    now = timezone.now()
    invited = [
        {"welcome": welcome, "scope": Scope.of(welcome.scope), "over": welcome.expires_at <= now}
        for welcome in queries.open_welcomes(access.workspace)
    ]
    context = {"rows": rows, "invited": invited, **forms.frame(access.workspace, Scope(), "member"), **further}
    return render(request, "people/people.html", context, status=400 if "refusal" in further else 200)


@require_POST
@never_cache
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Invite somebody; the link is shown this once, to hand over where mail does not go out."""
    access = workspace_for(request, slug, at_least="admin", whole=True)
    email = request.POST.get("email", "")
    try:
        welcome, link = actions.invite(
            by=access, email=email, role=request.POST.get("role", ""), scope=forms.scope_in(request.POST)
        )
    except UserError as error:
        return _people(request, access, refusal=str(error), email=email)
    return render(request, "people/invited.html", {"welcome": welcome, "link": link})


@require_POST
def withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take an invitation back."""
    access = workspace_for(request, slug, at_least="admin", whole=True)
    welcome = get_object_or_404(Welcome, pk=pk, workspace=access.workspace)
    actions.withdraw_welcome(by=access, welcome=welcome)
    messages.success(request, f"The invitation of {welcome.email} is taken back; its link opens nothing now.")
    return redirect("people", slug)


@require_http_methods(["GET", "POST"])
def member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One member's rights."""
    access = workspace_for(request, slug, at_least="admin", whole=True)
    membership = get_object_or_404(Membership.objects.select_related("user"), pk=pk, workspace=access.workspace)
    context: dict[str, Any] = {"membership": membership, "their_keys": keys_made_by(membership.user, access.workspace)}
    role, scope = membership.role, Scope.of(membership.scope)
    if request.method == "POST":
        role, scope = request.POST.get("role", ""), forms.scope_in(request.POST)
        try:
            stopped = actions.change_member(
                by=access, membership=membership, role=role, scope=scope, team=request.POST.get("team", ""),
                keep_keys="keep_keys" in request.POST,
            )  # fmt: skip
        except UserError as error:
            context["refusal"] = str(error)
        else:
            messages.success(request, f"{membership.user} is a {role} now and sees {scope}.{_told(stopped)}")
            return redirect("people", slug)
    context |= forms.frame(access.workspace, scope, role) | {
        "me": membership.user_id == (access.user and access.user.pk)
    }
    return render(request, "people/member.html", context, status=400 if "refusal" in context else 200)


def _told(stopped: list[str]) -> str:
    return f" Ended with that: {', '.join(stopped)} ({len(stopped)} key{'s' * (len(stopped) != 1)})." if stopped else ""


@require_POST
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take somebody out of the workspace."""
    access = workspace_for(request, slug, at_least="admin", whole=True)
    membership = get_object_or_404(Membership.objects.select_related("user"), pk=pk, workspace=access.workspace)
    stopped = actions.remove_member(by=access, membership=membership, keep_keys="keep_keys" in request.POST)
    messages.success(request, f"{membership.user} is out. What they did stays in the audit.{_told(stopped)}")
    return redirect("home") if membership.user_id == (access.user and access.user.pk) else redirect("people", slug)


@require_http_methods(["GET", "POST"])
@never_cache
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """What an invitation leads to: a name and a password, or one button for those who have an account."""
    address = request.META.get("REMOTE_ADDR") or ""
    seconds = limits.wait(f"welcome:{address}", per_minute=20)
    if seconds:
        return render(request, "429.html", {"seconds": seconds}, status=429)
    invitation = queries.welcome_for(token)
    if invitation is None:
        return render(request, "people/welcome_over.html", status=404)
    user = request.user if isinstance(request.user, User) else None
    known = User.objects.filter(email__iexact=invitation.email).exists()
    context: dict[str, Any] = {
        "invitation": invitation, "scope": Scope.of(invitation.scope), "known": known, "here": request.path,
        "mine": user is not None and user.email.lower() == invitation.email.lower(),
        "single_sign_on": [app["name"] for app in settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])],
    }  # fmt: skip
    if request.method == "POST":
        try:
            return _accepted(request, invitation, user, known=known, address=address)
        except UserError as error:
            context |= {"refusal": str(error), "name": request.POST.get("name", "")}
    return render(request, "people/welcome.html", context, status=400 if "refusal" in context else 200)


def _accepted(
    request: HttpRequest, invitation: Welcome, user: User | None, *, known: bool, address: str
) -> HttpResponse:
    if user is not None:
        actions.accept_welcome(welcome=invitation, user=user, address=address or None)
        return redirect("home")
    if known:
        raise UserError("There is an account with this address: sign in first, then accept.")
    alone = request.POST.get("by") == "single sign-on" and "openid_connect" in settings.SOCIALACCOUNT_PROVIDERS
    password = None if alone else request.POST.get("password", "")
    made = actions.accept_as_new(
        welcome=invitation, name=request.POST.get("name", ""), password=password, address=address or None
    )
    if alone:
        return redirect(reverse("openid_connect_login", args=["oidc"]))
    get_adapter().login(request, made)
    return redirect("home")
