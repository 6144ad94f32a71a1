"""Writes to workspaces, memberships and keys."""

from __future__ import annotations

import re
import zoneinfo

from winback.errors import UserError
from winback.server.database import atomic
from winback.server.workspaces import audit
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Membership, User, Workspace
from winback.server.workspaces.rules import Scope

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?")


def create_user(*, email: str, name: str = "", password: str | None = None, operator: bool = False) -> User:
    """Make somebody who can sign in. Raises UserError where the address is taken or is none."""
    email = email.strip().lower()
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        raise UserError(f'"{email}" is not an e-mail address.')
    with atomic():
        if User.objects.filter(email=email).exists():
            raise UserError(f"There is a user {email} already.")
        user = User.objects.create_user(email, password, name=name, is_operator=operator)
        audit.record(verb="user made", target=email, by=None)
    return user


def create_workspace(*, slug: str, name: str, owner: User, zone: str = "UTC", currency: str = "") -> Workspace:
    """Make a workspace with its first administrator. It sends nothing until an administrator switches sending on."""
    if not SLUG.fullmatch(slug):
        raise UserError(f'"{slug}" cannot stand in an address: use small letters, digits and hyphens, up to 50.')
    if zone not in zoneinfo.available_timezones():
        raise UserError(f'"{zone}" is not a time zone; it should be one like Europe/Lisbon.')
    if currency and not re.fullmatch(r"[A-Z]{3}", currency):
        raise UserError(f'"{currency}" is not a currency; it should be three letters like EUR.')
    with atomic():
        if Workspace.objects.filter(slug=slug).exists():
            raise UserError(f"There is a workspace {slug} already; choose another name.")
        workspace = Workspace.objects.create(slug=slug, name=name.strip() or slug, zone=zone, currency=currency)
        Membership.objects.create(workspace=workspace, user=owner, role="admin")
        audit.record(verb="workspace made", target=slug, by=owner, workspace=workspace)
    return workspace


def add_member(
    *, workspace: Workspace, user: User, role: str, scope: Scope | None = None, by: Access | None = None
) -> Membership:
    """Give somebody a role in a workspace, all of it or within a scope."""
    with atomic():
        membership, made = Membership.objects.get_or_create(
            workspace=workspace, user=user, defaults={"role": role, "scope": (scope or Scope()).stored()}
        )
        if not made:
            raise UserError(f"{user.email} is a {membership.role} here already.")
        audit.record(
            verb="member added", target=user.email, by=by, workspace=workspace, role=role, scope=str(scope or Scope())
        )
    return membership
