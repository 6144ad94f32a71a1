"""Writes to workspaces, memberships and keys."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from winback.errors import UserError
from winback.server.database import atomic
from winback.server.jobs.actions import enqueue
from winback.server.workspaces import audit, ended
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Membership, SavedView, User, Workspace
from winback.server.workspaces.rules import Scope, zones
from winback.text.telephones import checked_regions

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
    _check_zone(zone)
    _check_currency(currency)
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
        if by is not None:
            ended.membership_again(membership)
        audit.record(
            verb="member added", target=user.email, by=by, workspace=workspace, role=role, scope=str(scope or Scope())
        )
    return membership


# what an administrator may set, with the least and the most of a number
NUMBERS: Mapping[str, tuple[int, int, str]] = {
    "minimum": (2, 1000, "answers a group needs to show a figure"),
    "rest_days_relationship": (0, 730, "days of rest after a relationship survey"),
    "rest_days_transactional": (0, 730, "days of rest after a transactional survey"),
    "touches_in_30_days": (0, 100, "touches in 30 days"),
    "double_coding": (0, 100, "percent of the comments on the sorting desk that two people code"),
}


def change_settings(*, by: Access, wanted: Mapping[str, str], attributes: list[str] | None = None) -> list[str]:
    """Change settings of a workspace, given as text by name; return the names of those that are different now.

    Takes `name`, `zone`, `currency`, `mask_comments` and `language_model` ("yes"), `phone_regions` and NUMBERS; what is not named stays. `attributes` are the columns that pages offer
    to split by, in their order. Raises UserError for a value that does not fit.
    """
    values: dict[str, Any] = {}
    for field, given in wanted.items():
        text = given.strip()
        if field in NUMBERS:
            least, most, what = NUMBERS[field]
            if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
                raise UserError(f'"{text}" is not a number of {what}; it should be from {least} to {most}.')
            values[field] = int(text)
        elif field == "name":
            if not 1 <= len(text) <= 120:
                raise UserError("The workspace needs a name of 1 to 120 characters.")
            values[field] = text
        elif field == "zone":
            _check_zone(text)
            values[field] = text
        elif field == "currency":
            _check_currency(text.upper())
            values[field] = text.upper()
        elif field in ("mask_comments", "language_model"):
            values[field] = text == "yes"
        elif field == "phone_regions":
            values[field] = " ".join(checked_regions(text))
            if len(values[field]) > 60:
                raise UserError("That are more countries than can be told apart; name up to twenty.")
        else:
            raise UserError(f"There is no setting {field}.")
    if attributes is not None:
        values["attributes"] = list(dict.fromkeys(name.strip() for name in attributes if name.strip()))
    with atomic():
        workspace = Workspace.objects.select_for_update().get(pk=by.workspace.pk)
        was = {field: getattr(workspace, field) for field in values if getattr(workspace, field) != values[field]}
        for field in was:
            setattr(workspace, field, values[field])
        if was:
            workspace.save(update_fields=list(was))
            changes: dict[str, Any] = {field: f"{was[field]} → {values[field]}" for field in was}
            audit.record(verb="settings changed", target=workspace.slug, by=by, **changes)
        if "zone" in was:
            # a little later: a request that is under way may still reckon in the old one
            due = timezone.now() + dt.timedelta(seconds=10)
            enqueue(
                task="feedback.rezone",
                workspace_id=workspace.pk,
                key=str(workspace.pk),
                due_at=due,
                workspace=workspace.pk,
            )
    return list(was)


def remove_workspace(*, by: Access, typed: str) -> None:
    """Take a workspace away with everything in it. It is out of reach at once; a job deletes it row by row.

    Raises UserError unless `typed` is the workspace's name in its address.
    """
    slug = by.workspace.slug
    if typed.strip() != slug:
        raise UserError(
            f'Nothing was deleted. To delete this workspace, type its name as it stands in the address: "{slug}".'
        )
    with atomic():
        gone = Workspace.objects.filter(pk=by.workspace.pk, removing_at__isnull=True).update(
            removing_at=timezone.now(), sending="off"
        )
        if not gone:
            return
        # told of outside the workspace, whose own audit goes with it
        audit.record(verb="workspace deleted", target=slug, by=by.user, name=by.workspace.name)
        enqueue(task="workspaces.remove", key=f"workspace-{by.workspace.pk}", workspace=by.workspace.pk)


def change_profile(*, user: User, name: str, title: str = "") -> None:
    """Change how somebody is called."""
    if not 1 <= len(name.strip()) <= 120 or len(title.strip()) > 120:
        raise UserError("Please give a name of 1 to 120 characters, and a title of at most 120.")
    with atomic():
        User.objects.filter(pk=user.pk).update(name=name.strip(), title=title.strip())


def forget_view(*, user: User, view: SavedView) -> None:
    """Delete one's own saved view."""
    with atomic():
        SavedView.objects.filter(pk=view.pk, user=user).delete()


def _check_zone(zone: str) -> None:
    if zone not in zones():
        raise UserError(f'"{zone}" is not a time zone; it should be one like Europe/Lisbon.')


def _check_currency(currency: str) -> None:
    if currency and not re.fullmatch(r"[A-Z]{3}", currency):
        raise UserError(f'"{currency}" is not a currency; it should be three letters like EUR.')
