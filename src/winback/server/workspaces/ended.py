"""Rights that have ended stay ended when a backup is put back: they stand in the journal, which is in no backup.

Keys, invitations, memberships that were taken or made less, passwords. The line is written before the right ends: if that
comes to nothing, a restored backup is stricter than need be, never laxer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils import timezone

from winback.server import journal
from winback.server.database import atomic
from winback.server.workspaces import audit
from winback.server.workspaces.models import ApiKey, Membership, User, Welcome, Workspace

NOBODYS = 0  # instead of a workspace: a password is its owner's alone
WHY = "had ended since the backup was made"


def key(there: ApiKey) -> None:
    journal.note(workspace_id=there.workspace_id, kind="key", whose=there.prefix)


def invitation(there: Welcome) -> None:
    journal.note(workspace_id=there.workspace_id, kind="invitation", whose=there.digest)


def membership(there: Membership) -> None:
    """Somebody is out, or has less than before."""
    journal.note(workspace_id=there.workspace_id, kind="membership", whose=there.user.email.lower())


def membership_again(there: Membership) -> None:
    """Somebody is in, or has more than before: what was written of them no longer holds."""
    journal.note(workspace_id=there.workspace_id, kind="membership", whose=there.user.email.lower(), again=True)


def password(there: User) -> None:
    journal.note(workspace_id=NOBODYS, kind="password", whose=there.email.lower())


@dataclass
class Replayed:
    """What was ended again; `left_in`: workspaces whose only administrator had lost that right, and kept it."""

    keys: int = 0
    invitations: int = 0
    memberships: int = 0
    passwords: int = 0
    left_in: list[str] = field(default_factory=list)


def replay(*, since: dt.datetime) -> Replayed:
    """End again what ended after `since`, the moment of the backup that is put back."""
    from winback.server.workspaces.keys import open_keys  # which tells this module of every end

    done = Replayed()
    lines = [line for line in journal.lines() if line.moment >= since]
    if not lines:
        return done
    secret = journal.key()
    last = {(line.workspace, line.kind.removesuffix(journal.AGAIN), line.digest): line for line in lines}
    ended = {place for place, line in last.items() if not line.kind.endswith(journal.AGAIN)}

    def meant(workspace_id: int, kind: str, whose: str) -> bool:
        return (workspace_id, kind, journal.digest(secret, workspace_id, kind, whose)) in ended

    with atomic():
        for one in ApiKey.objects.filter(revoked_at__isnull=True).select_related("workspace"):
            if meant(one.workspace_id, "key", one.prefix):
                ApiKey.objects.filter(pk=one.pk).update(revoked_at=timezone.now())
                open_keys.forget(one.digest)
                audit.record(verb="key revoked", target=one.name, workspace=one.workspace, prefix=one.prefix, why=WHY)
                done.keys += 1
        for open_one in Welcome.objects.filter(accepted_at=None, withdrawn_at=None).select_related("workspace"):
            if meant(open_one.workspace_id, "invitation", open_one.digest):
                Welcome.objects.filter(pk=open_one.pk).update(withdrawn_at=timezone.now())
                audit.record(verb="invitation withdrawn", target=open_one.email, workspace=open_one.workspace, why=WHY)
                done.invitations += 1
        for workspace in Workspace.objects.order_by("slug"):
            _members(workspace, meant, done)
        for user in User.objects.all():
            if user.has_usable_password() and meant(NOBODYS, "password", user.email.lower()):
                user.set_unusable_password()
                user.save(update_fields=["password"])
                audit.record(verb="password voided", target=user.email, why="was changed since the backup was made")
                done.passwords += 1
    return done


def _members(workspace: Workspace, meant: Callable[[int, str, str], bool], done: Replayed) -> None:
    here = Membership.objects.filter(workspace=workspace).select_related("user")
    gone = [one for one in here if meant(workspace.pk, "membership", one.user.email.lower())]
    left = [one for one in here if one not in gone]
    if gone and not any(one.role == "admin" and not one.scope for one in left):
        for one in gone:
            if one.role == "admin" and not one.scope:  # nobody else could let anybody in
                done.left_in.append(f"{workspace.slug}: {one.user.email}")
        gone = [one for one in gone if one.role != "admin" or one.scope]
    for one in gone:
        Membership.objects.filter(pk=one.pk).delete()
        audit.record(verb="member removed", target=one.user.email, workspace=workspace, role=one.role, why=WHY)
        done.memberships += 1
