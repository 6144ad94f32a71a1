"""The one way to a workspace: who asks, with which role, within which scope."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from winback.server.workspaces.models import Membership, User, Workspace
from winback.server.workspaces.rules import Scope, at_least


@dataclass(frozen=True)
class Access:
    """What a request may do in a workspace. Everything a view reads or writes is fetched through it."""

    workspace: Workspace
    role: str
    scope: Scope
    user: User | None = None  # None for an API key
    label: str = ""  # what the audit calls whoever asks
    address: str | None = None

    def may(self, role: str) -> bool:
        """Whether the role is enough for what is open to `role` and above."""
        return at_least(self.role, role)


class SignInNeeded(Exception):  # noqa: N818 (it is an answer, not an error)
    """Somebody who is not signed in asks for a page: middleware.sentences leads to the sign-in page."""

    def response(self, request: HttpRequest) -> HttpResponse:
        return redirect_to_login(request.get_full_path())


def signed_in(request: HttpRequest) -> User:
    """Whoever is signed in. Raises SignInNeeded where nobody is."""
    if not isinstance(request.user, User):
        raise SignInNeeded
    return request.user


def workspace_for(request: HttpRequest, slug: str, at_least: str = "viewer", *, whole: bool = False) -> Access:
    """The workspace of this name as this request may use it.

    Raises SignInNeeded where nobody is signed in, Http404 for strangers (with no hint that it exists), and
    PermissionDenied with a sentence where the role is too low, or where the page shows the `whole` workspace and the
    membership is limited to a part of it.
    """
    user = signed_in(request)
    membership = (
        Membership.objects.select_related("workspace")
        .filter(workspace__slug=slug, workspace__removing_at__isnull=True, user=user)
        .first()
    )
    if membership is None:
        raise Http404("There is no such page.")
    access = Access(
        workspace=membership.workspace,
        role=membership.role,
        scope=Scope.of(membership.scope),
        user=user,
        label=user.email,
        address=request.META.get("REMOTE_ADDR") or None,
    )
    request.access = access  # type: ignore[attr-defined]  # the frame around the page reads it
    require(access, at_least)
    if whole:
        require_whole(access)
    return access


def require_whole(access: Access) -> None:
    """Raise PermissionDenied where the membership has a scope: what follows concerns the whole workspace."""
    if not access.scope.everything:
        raise PermissionDenied(f"This shows the whole workspace; your membership here is limited to {access.scope}.")


def require(access: Access, role: str) -> None:
    """Raise PermissionDenied, saying who could help, unless the role is `role` or above."""
    if access.may(role):
        return
    able = (
        Membership.objects.filter(workspace=access.workspace)
        .select_related("user")
        .order_by("user__name", "user__email")
    )
    names = [str(membership.user) for membership in able if at_least(membership.role, role)][:3]
    ask = f" Ask {' or '.join(names)}." if names else ""
    raise PermissionDenied(f"This is for {_plural(role)}; you are a {access.role} here.{ask}")


def _plural(role: str) -> str:
    return {"viewer": "viewers", "member": "members", "manager": "managers", "admin": "administrators"}[role]
