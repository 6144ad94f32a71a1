"""What the audit, saved views and settings may hold of a customer: names that somebody searched, exported or noted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

from winback.server.redaction import Person
from winback.server.workspaces.models import ApiKey, AuditEvent, Membership, SavedView, Welcome, Workspace
from winback.server.workspaces.queries import colleagues

MODELS = (AuditEvent, SavedView, Workspace, Membership, ApiKey, Welcome)


def erase(*, person: Person) -> dict[str, int]:
    """Take the person's names out of the audit (that something was done stays) and out of saved views."""
    events = 0
    for event in _events(person):
        target, detail = (_without(person, value) for value in (event.target, event.detail))
        AuditEvent.objects.filter(pk=event.pk).update(target=target, detail=detail)
        events += 1
    views = [
        view.pk
        for view in SavedView.objects.filter(workspace_id=person.workspace_id)
        if person.holds([unquote_plus(view.query), view.name])
    ]
    SavedView.objects.filter(pk__in=views).delete()
    for model in (Membership, ApiKey, Welcome):
        for pk, scope in model._default_manager.filter(workspace_id=person.workspace_id).values_list("pk", "scope"):
            if person.holds(scope):
                model._default_manager.filter(pk=pk).update(scope=person.without(scope))
    workspace = Workspace.objects.get(pk=person.workspace_id)
    allowed = [line for line in workspace.allow_list.splitlines() if not person.in_text(line)]
    if "\n".join(allowed) != workspace.allow_list:
        Workspace.objects.filter(pk=workspace.pk).update(allow_list="\n".join(allowed))
    return {"audit": events, "saved views": len(views)}


def export(*, person: Person) -> dict[str, list[dict[str, Any]]]:
    return {
        "audit": [
            {"at": event.at, "did": event.verb, "to": event.target, "detail": event.detail} for event in _events(person)
        ]
    }


def forget(*, workspace_id: int, before: dt.datetime, most: int) -> int:
    """Delete events older than a moment."""
    old = AuditEvent.objects.filter(workspace_id=workspace_id, at__lt=before)
    ids = list(old.values_list("pk", flat=True)[:most])
    AuditEvent.objects.filter(pk__in=ids).delete()
    return len(ids)


def _events(person: Person) -> Iterator[AuditEvent]:
    """Events that name the person. Where a customer works here too, what they did or had done as a colleague is not meant."""
    working = colleagues(person.workspace_id)
    for event in AuditEvent.objects.filter(workspace_id=person.workspace_id).iterator(chunk_size=2000):
        said = [_outside(event.target, working), _outside(event.detail, working)]
        if person.holds(said) or person.holds(_readable(said)):
            yield event


def _outside(value: Any, working: frozenset[str]) -> Any:
    """The same but for texts that are nothing but a colleague's address: these speak of the colleague."""
    if isinstance(value, str):
        return "" if value.lower() in working else value
    if isinstance(value, dict):
        return {name: _outside(one, working) for name, one in value.items()}
    return [_outside(one, working) for one in value] if isinstance(value, list) else value


def _without(person: Person, value: Any) -> Any:
    """The same without the person's names, as they stand or as an address spells them (Ann+Zo%C3%AB)."""
    left = person.without(value)
    readable = _readable(left)
    return person.without(readable) if person.holds(readable) else left


def _readable(value: Any) -> Any:
    if isinstance(value, str):
        return unquote_plus(value)
    if isinstance(value, dict):
        return {_readable(name): _readable(one) for name, one in value.items()}
    return [_readable(one) for one in value] if isinstance(value, list) else value
