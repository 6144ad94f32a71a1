"""Reads of workspaces: keys, members, and what was done."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from winback.server.workspaces import keys
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import ApiKey, AuditEvent, Membership, SavedView, User, Welcome, Workspace
from winback.server.workspaces.rules import Scope


def access_for_key(token: str, *, address: str | None = None) -> Access | None:
    """What a key of the API may do, or None where it opens nothing. One query; once a day also one write.

    The database is asked each time, so that a revoked key is shut at once; what is kept is only what was made of the
    same answer before.
    """
    match = keys.KEY.fullmatch(token)
    if match is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_KEY, [match[1]])
        row = cursor.fetchone()
    if row is None or not hmac.compare_digest(row[1], keys.digest(token)):
        return None
    told = tuple(str(value) for value in row)
    known = _opened.get(match[1])
    today = str(timezone.now().date())
    if known is None or known[0] != told or str(row[2]) != today:
        key = ApiKey.objects.select_related("workspace").get(pk=row[0])
        if key.last_used_on != timezone.now().date():
            keys.note_use(key=key)
        label = f"key {key.name} ({key.prefix})"
        known = told, Access(key.workspace, key.role, Scope.of(key.scope), label=label)
        if str(row[2]) == today:
            _opened[match[1]] = known
    return replace(known[1], address=address)


_opened: dict[str, tuple[tuple[str, ...], Access]] = {}
_KEY = """
    SELECT k.id, k.digest, k.last_used_on, k.role, k.scope, k.name, w.*
    FROM winback_apikey AS k JOIN winback_workspace AS w ON w.id = k.workspace_id
    WHERE k.prefix = %s AND k.revoked_at IS NULL AND w.removing_at IS NULL"""


def members(workspace: Workspace) -> QuerySet[Membership]:
    """Everybody with a role here, administrators first."""
    return Membership.objects.filter(workspace=workspace).select_related("user").order_by("user__name", "user__email")


def whole_admins(workspace: Workspace) -> QuerySet[Membership]:
    """The administrators who may reach everything. There is always one, so that nobody is locked out."""
    return Membership.objects.filter(workspace=workspace, role="admin", scope={}, user__is_active=True)


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
