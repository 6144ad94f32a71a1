"""Reads of workspaces: keys, members, and what was done."""

from __future__ import annotations

import datetime as dt
import hmac
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from winback.server.workspaces import keys
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import ApiKey, AuditEvent, Membership, SavedView, User, Welcome, Workspace
from winback.server.workspaces.rules import Scope


def access_for_key(token: str, *, address: str | None = None, now: float | None = None) -> Access | None:
    """What a key of the API may do, or None where it opens nothing; once a day its use is written.

    The database is asked once for each second in which a key is used: see lately.py. `now` is for tests.
    """
    match = keys.KEY.fullmatch(token)
    if match is None:
        return None
    now = time.monotonic() if now is None else now
    digest = keys.digest(token)
    access = keys.open_keys.get(digest, now=now)
    if access is None:
        good = ApiKey.objects.filter(prefix=match[1], revoked_at__isnull=True, workspace__removing_at__isnull=True)
        key = good.select_related("workspace").first()
        if key is None or not hmac.compare_digest(key.digest, digest):
            return None
        if key.last_used_on != timezone.now().date():
            keys.note_use(key=key)
        access = Access(key.workspace, key.role, Scope.of(key.scope), label=f"key {key.name} ({key.prefix})")
        keys.open_keys.keep(digest, access, now=now)
    return replace(access, address=address)


def members(workspace: Workspace) -> QuerySet[Membership]:
    """Everybody with a role here, administrators first."""
    return Membership.objects.filter(workspace=workspace).select_related("user").order_by("user__name", "user__email")


def whole_admins(workspace: Workspace) -> QuerySet[Membership]:
    """The administrators who may reach everything. There is always one, so that nobody is locked out."""
    return Membership.objects.filter(workspace=workspace, role="admin", scope={}, user__is_active=True)


def colleagues(workspace_id: int) -> frozenset[str]:
    """The addresses, in small letters, of everybody who works here or was ever invited to."""
    here = Membership.objects.filter(workspace=workspace_id).values_list("user__email", flat=True)
    invited = Welcome.objects.filter(workspace=workspace_id).values_list("email", flat=True)
    return frozenset(address.lower() for address in (*here, *invited))


def open_welcomes(workspace: Workspace) -> QuerySet[Welcome]:
    """Invitations that nobody has accepted or withdrawn; the expired ones too, so that they can be sent again."""
    return Welcome.objects.filter(workspace=workspace, accepted_at__isnull=True, withdrawn_at__isnull=True).order_by(
        "email", "id"
    )


def welcome_for(token: str) -> Welcome | None:
    """The invitation this link stands for, while it is good."""
    return (
        Welcome.objects.select_related("workspace", "invited_by")
        .filter(
            digest=keys.digest(token),
            accepted_at__isnull=True,
            withdrawn_at__isnull=True,
            expires_at__gt=timezone.now(),
            workspace__removing_at__isnull=True,
        )
        .first()
    )


def keys_of(workspace: Workspace) -> QuerySet[ApiKey]:
    """The keys of a workspace, those that work first."""
    return ApiKey.objects.filter(workspace=workspace).select_related("created_by").order_by("revoked_at", "name", "id")


def views_of(user: User) -> QuerySet[SavedView]:
    """The views somebody saved, in every workspace the person is still in."""
    return (
        SavedView.objects.filter(user=user, workspace__memberships__user=user, workspace__removing_at__isnull=True)
        .select_related("workspace")
        .order_by("workspace__name", "page", "name")
    )


def events(
    workspace: Workspace, *, who: str = "", verb: str = "", since: dt.datetime | None = None,
    until: dt.datetime | None = None,
) -> QuerySet[AuditEvent]:  # fmt: skip
    """What was done here, newest first; `until` is the first moment that no longer counts."""
    found = AuditEvent.objects.filter(workspace=workspace)
    if who:
        found = found.filter(by_label__icontains=who)
    if verb:
        found = found.filter(verb=verb)
    if since:
        found = found.filter(at__gte=since)
    if until:
        found = found.filter(at__lt=until)
    return found.order_by("-at", "-id")


def page_of_events(
    found: QuerySet[AuditEvent], *, before: tuple[dt.datetime, int] | None, most: int
) -> list[AuditEvent]:
    """`most` events older than the one at `before` (time and id): by key, so that a late page costs what the first does."""
    if before:
        at, pk = before
        found = found.filter(Q(at__lt=at) | Q(at=at, id__lt=pk))
    return list(found[:most])


def verbs(workspace: Workspace) -> list[str]:
    """Everything that was ever done here, by name."""
    return list(
        AuditEvent.objects.filter(workspace=workspace).order_by("verb").values_list("verb", flat=True).distinct()
    )


def event_rows(found: QuerySet[AuditEvent]) -> Iterator[list[Any]]:
    """Events as rows of a table, a head first."""
    yield ["at (UTC)", "by", "did", "to", "detail", "from"]
    for event in found.iterator(chunk_size=2000):
        detail = "; ".join(f"{name}: {value}" for name, value in event.detail.items())
        yield [
            event.at.strftime("%Y-%m-%d %H:%M:%S"),
            event.by_label,
            event.verb,
            event.target,
            detail,
            event.address or "",
        ]
