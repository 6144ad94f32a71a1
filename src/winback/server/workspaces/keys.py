"""Writes to keys of the API. A key is 32 random bytes, shown once; kept are a public prefix and its SHA-256."""

from __future__ import annotations

import hashlib
import re
import secrets
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from winback.errors import UserError
from winback.server.database import atomic
from winback.server.lately import Lately
from winback.server.workspaces import audit, ended
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import ApiKey, User, Workspace
from winback.server.workspaces.rules import Scope, may_grant

KEY = re.compile(r"wb_([a-z0-9]{8})_([A-Za-z0-9_-]{43})")


def digest(token: str) -> str:
    """What is kept of a token. Not a password hash: the token has 256 bits of its own, and a request asks each time."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_key(*, by: Access, name: str, role: str = "member", scope: Scope | None = None) -> tuple[ApiKey, str]:
    """Make a key and return it with its token, which nobody sees again.

    Raises UserError where the name is missing, or where it would open more than its maker may.
    """
    name = name.strip()
    if not 1 <= len(name) <= 80:
        raise UserError("A key needs a name of 1 to 80 characters: the tool that will use it.")
    scope = scope or Scope()
    sentence = may_grant(by.role, by.scope, role, scope)
    if sentence:
        raise UserError(sentence)
    alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"
    prefix = "".join(secrets.choice(alphabet) for _ in range(8))
    token = f"wb_{prefix}_{secrets.token_urlsafe(32)}"
    with atomic():
        key = ApiKey.objects.create(
            workspace=by.workspace, name=name, prefix=prefix, digest=digest(token), role=role, scope=scope.stored(),
            created_by=by.user,
        )  # fmt: skip
        audit.record(verb="key made", target=name, by=by, prefix=prefix, role=role, scope=str(scope))
    return key, token


open_keys: Lately[str, Access] = Lately()  # what the token with this digest opens


def revoke_key(*, by: Access, key: ApiKey, why: str = "") -> None:
    """End a key, and for good: no backup brings it back. In this process at once, in others within a second: they may
    just have read what it opens.
    """
    with atomic():
        open_keys.forget(key.digest)
        transaction.on_commit(partial(open_keys.forget, key.digest))  # somebody may have read it again before that
        if ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).exists():
            ended.key(key)
        if ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=timezone.now()):
            reason: dict[str, Any] = {"why": why} if why else {}
            audit.record(verb="key revoked", target=key.name, by=by, prefix=key.prefix, **reason)


def keys_made_by(user: User, workspace: Workspace) -> QuerySet[ApiKey]:
    """The keys somebody has made here that still open something; whoever made a key has seen it."""
    return ApiKey.objects.filter(workspace=workspace, created_by=user, revoked_at__isnull=True).order_by("name", "id")


def revoke_beyond(*, by: Access, user: User, role: str = "", scope: Scope | None = None, why: str) -> list[str]:
    """End somebody's keys that open more than they may now (blank `role`: nothing); returns their names.

    Part of the action that takes the rights away.
    """
    beyond = [
        key
        for key in keys_made_by(user, by.workspace)
        if not role or may_grant(role, scope or Scope(), key.role, Scope.of(key.scope))
    ]
    for key in beyond:
        revoke_key(by=by, key=key, why=why)
    return [key.name for key in beyond]


def note_use(*, key: ApiKey) -> None:
    """Remember the day a key was last used; one write a day."""
    today = timezone.now().date()
    with atomic():
        ApiKey.objects.filter(pk=key.pk).exclude(last_used_on=today).update(last_used_on=today)
