"""Writes to who may do what here: invitations, roles, scopes. Each change of rights is audited."""

from __future__ import annotations

import datetime as dt
import secrets

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from winback.errors import UserError
from winback.server.database import atomic
from winback.server.outbox import actions as outbox
from winback.server.outbox.rules import MAIL
from winback.server.workspaces import audit, ended, queries
from winback.server.workspaces.access import Access
from winback.server.workspaces.actions import create_user
from winback.server.workspaces.keys import digest, revoke_beyond
from winback.server.workspaces.models import Membership, User, Welcome, Workspace
from winback.server.workspaces.rules import Scope, may_grant

GOOD_FOR = dt.timedelta(days=7)


def invite(*, by: Access, email: str, role: str, scope: Scope | None = None) -> tuple[Welcome, str]:
    """Invite a colleague; return the invitation and its link, which nobody sees again.

    The link goes by mail through the outbox. An open invitation of the same address is replaced. Raises UserError where
    the person is here already, or would get more than whoever invites has.
    """
    email = email.strip().lower()
    scope = scope or Scope()
    if not MAIL.fullmatch(email) or len(email) > 254:
        raise UserError(f'"{email}" is not an e-mail address.')
    _check(by, role, scope)
    token = secrets.token_urlsafe(32)
    link = f"{settings.BASE_URL}{reverse('welcome', args=[token])}"
    with atomic():
        if Membership.objects.filter(workspace=by.workspace, user__email=email).exists():
            raise UserError(f"{email} is here already. Change the role below instead.")
        for former in queries.open_welcomes(by.workspace).filter(email=email):
            _end(former)
        welcome = Welcome.objects.create(
            workspace=by.workspace, email=email, role=role, scope=scope.stored(), digest=digest(token), invited_by=by.user,
            expires_at=timezone.now() + GOOD_FOR,
        )  # fmt: skip
        body = render_to_string("people/welcome.txt", {"welcome": welcome, "link": link, "by": by.user or by.label})
        outbox.put(
            workspace=by.workspace, kind="mail", address=email, subject=f"Join {by.workspace.name} on winback", body=body,
            about=f"welcome:{welcome.pk}", secret=True, by=by,
        )  # fmt: skip
        audit.record(verb="member invited", target=email, by=by, role=role, scope=str(scope))
    return welcome, link


def withdraw_welcome(*, by: Access, welcome: Welcome) -> None:
    """Take an invitation back; its link opens nothing from then on."""
    with atomic():
        _end(welcome)
        audit.record(verb="invitation withdrawn", target=welcome.email, by=by)


def accept_welcome(*, welcome: Welcome, user: User, address: str | None = None) -> Membership:
    """Make the membership an invitation promises, for the person it was sent to. Raises UserError where it is over."""
    if user.email.lower() != welcome.email.lower():
        raise UserError(f"This invitation is for {welcome.email}; you are signed in as {user.email}.")
    with atomic():
        now = timezone.now()
        good = Welcome.objects.filter(
            pk=welcome.pk, accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now
        ).update(accepted_at=now)
        if not good:
            raise UserError("This invitation is over: it was accepted, taken back, or is more than 7 days old.")
        membership, made = Membership.objects.get_or_create(
            workspace=welcome.workspace, user=user, defaults={"role": welcome.role, "scope": welcome.scope}
        )
        outbox.withdraw_about(workspace=welcome.workspace, about=f"welcome:{welcome.pk}")
        who = Access(welcome.workspace, membership.role, Scope.of(membership.scope), user, user.email, address)
        if made:
            ended.membership_again(membership)
            audit.record(
                verb="member added", target=user.email, by=who, role=welcome.role, scope=str(Scope.of(welcome.scope)),
                invited_by=welcome.invited_by.email if welcome.invited_by else "",
            )  # fmt: skip
    return membership


def accept_as_new(*, welcome: Welcome, name: str, password: str | None, address: str | None = None) -> User:
    """Make the account an invitation is for, and its membership. Without a password one signs in by single sign-on.

    Raises UserError where there is such an account already: an invitation never changes somebody's password.
    """
    if not 1 <= len(name.strip()) <= 120:
        raise UserError("Please say what you are called, in 1 to 120 characters.")
    if password is not None:
        try:
            validate_password(password, User(email=welcome.email, name=name))
        except ValidationError as error:
            raise UserError(" ".join(error.messages)) from None
    with atomic():
        user = create_user(email=welcome.email, name=name.strip(), password=password)
        accept_welcome(welcome=welcome, user=user, address=address)
    return user


def change_member(
    *, by: Access, membership: Membership, role: str, scope: Scope, team: str = "", keep_keys: bool = False
) -> list[str]:
    """Give a member another role, scope or team. Raises UserError where that would leave nobody in charge.

    Nobody changes their own rights, nor those of somebody with more; nobody gives more than they have. Keys the member
    has made end where they open more than the member may now, unless `keep_keys`; returns their names. So do open
    invitations, always: who invites is shown the link.
    """
    _not_self(by, membership)
    _check(by, membership.role, Scope.of(membership.scope))
    _check(by, role, scope)
    with atomic():
        current = (
            Membership.objects.select_for_update().select_related("user").get(pk=membership.pk, workspace=by.workspace)
        )
        if role != "admin" or not scope.everything:
            _keep_one(current)
        before = current.role, Scope.of(current.scope)
        was = (current.role, str(before[1]), current.team)
        current.role, current.scope, current.team = role, scope.stored(), team.strip()[:80]
        if may_grant(role, scope, *before):
            ended.membership(current)
        elif may_grant(*before, role, scope):
            ended.membership_again(current)
        current.save(update_fields=["role", "scope", "team"])
        if was != (role, str(scope), current.team) or before != (role, scope):
            audit.record(
                verb="member changed", target=current.user.email, by=by, role=f"{was[0]} → {role}",
                scope=f"{was[1]} → {scope}", team=f"{was[2]} → {current.team}",
            )  # fmt: skip
        _withdraw_beyond(by=by, user=current.user, role=role, scope=scope, why="who invited may less now")
        if keep_keys:
            return []
        return revoke_beyond(by=by, user=current.user, role=role, scope=scope, why="its maker may less now")


def remove_member(*, by: Access, membership: Membership, keep_keys: bool = False) -> list[str]:
    """Take somebody out of the workspace; one may leave oneself. Raises UserError for the last administrator.

    The keys they have made end, since they have seen them, unless `keep_keys`; returns their names. Their open
    invitations end, too.
    """
    if by.user is None or membership.user_id != by.user.pk:
        _check(by, membership.role, Scope.of(membership.scope))
    with atomic():
        current = (
            Membership.objects.select_for_update().select_related("user").get(pk=membership.pk, workspace=by.workspace)
        )
        _keep_one(current)
        ended.membership(current)
        _withdraw_beyond(by=by, user=current.user, why="who invited was taken out")
        names = [] if keep_keys else revoke_beyond(by=by, user=current.user, why="its maker was taken out")
        current.delete()
        audit.record(verb="member removed", target=current.user.email, by=by, role=current.role, keys_ended=len(names))
    return names


def _withdraw_beyond(*, by: Access, user: User, role: str = "", scope: Scope | None = None, why: str) -> None:
    """End somebody's open invitations that promise more than they may give now (blank `role`: nothing)."""
    for welcome in queries.open_welcomes(by.workspace).filter(invited_by=user):
        if not role or may_grant(role, scope or Scope(), welcome.role, Scope.of(welcome.scope)):
            _end(welcome)
            audit.record(verb="invitation withdrawn", target=welcome.email, by=by, why=why)


def _check(by: Access, role: str, scope: Scope) -> None:
    sentence = may_grant(by.role, by.scope, role, scope)
    if sentence:
        raise UserError(sentence)


def _not_self(by: Access, membership: Membership) -> None:
    if by.user is not None and membership.user_id == by.user.pk:
        raise UserError("Nobody changes their own rights. Ask another administrator.")


def _keep_one(membership: Membership) -> None:
    """Raise UserError where this is the last administrator who reaches everything. Called in the transaction."""
    workspace = Workspace.objects.select_for_update().get(pk=membership.workspace_id)
    others = queries.whole_admins(workspace).exclude(pk=membership.pk)
    if membership.role == "admin" and not membership.scope and not others.exists():
        raise UserError(
            f"{membership.user} is the last administrator who reaches everything. Make somebody else one first, "
            "or delete the workspace."
        )


def _end(welcome: Welcome) -> None:
    ended.invitation(welcome)
    Welcome.objects.filter(pk=welcome.pk, accepted_at__isnull=True, withdrawn_at__isnull=True).update(
        withdrawn_at=timezone.now()
    )
    outbox.withdraw_about(workspace=welcome.workspace, about=f"welcome:{welcome.pk}")
