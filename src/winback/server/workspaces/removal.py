"""Taking a workspace away with everything in it: rows of every model, folders, jobs. In small transactions.

Which rows belong to a workspace is read off the models: each has a path of foreign keys to Workspace (a test fails for
one that has none and is not named in NOT_OURS). Children go before their parents, a few thousand at a time, so that
nobody waits for the database meanwhile.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

from winback.server.database import atomic
from winback.server.workspaces.models import User, Workspace

# models that belong to nobody's workspace
NOT_OURS = frozenset({"User", "Workspace"})
# folders of a workspace below WINBACK_HOME; whoever keeps files adds theirs
FOLDERS: tuple[str, ...] = ("warehouse/{id}", "files/{id}")
CHUNK = 1_000
WORDS = {
    "feedback": "answers and other feedback", "customer": "customers", "contact": "contacts",
    "customerperiod": "months of money", "departure": "departures", "invitation": "invitations", "syncrun": "imports", "outboxmessage": "messages",
    "membership": "memberships", "apikey": "keys", "auditevent": "lines of the audit",
}  # fmt: skip


def paths() -> dict[type[models.Model], str]:
    """For each model that belongs to a workspace the lookup that says to which, children before parents."""
    ours = {model.__name__: model for model in apps.get_app_config("winback").get_models()}
    found: dict[str, str] = {}
    for name, model in ours.items():
        lookup = _lookup(model, seen=frozenset())
        if lookup and name not in NOT_OURS:
            found[name] = lookup
    order = TopologicalSorter(
        {name: {child for child in found if child != name and _points(ours[child], ours[name])} for name in found}
    )
    return {ours[name]: found[name] for name in order.static_order()}


def _points(child: type[models.Model], parent: type[models.Model]) -> bool:
    return any(isinstance(f, models.ForeignKey) and f.related_model is parent for f in child._meta.get_fields())


def _lookup(model: type[models.Model], seen: frozenset[str]) -> str | None:
    """The shortest chain of foreign keys from a model to Workspace."""
    ways: list[str] = []
    for field in model._meta.get_fields():
        if field.name == "workspace_id" and not field.is_relation:
            ways.append("workspace_id")
        if not isinstance(field, models.ForeignKey) or field.name in seen:
            continue
        target = field.related_model
        if target is Workspace:
            ways.append(field.name)
        elif target not in (User, model, "self") and not field.null:
            further = _lookup(target, seen | {field.name})
            if further:
                ways.append(f"{field.name}__{further}")
    return min(ways, key=lambda way: (way.count("__"), way), default=None)


def what_would_go(workspace: Workspace) -> list[tuple[str, int]]:
    """What people know of what a workspace holds, counted."""
    counts = []
    for model, lookup in paths().items():
        words = WORDS.get(model._meta.model_name or "")
        if words:
            counts.append((words, model._default_manager.filter(**{lookup: workspace.pk}).count()))
    order = list(WORDS.values())
    return sorted(counts, key=lambda pair: order.index(pair[0]))


def remove_rows(workspace_id: int, *, keep_job: int | None = None) -> Iterator[int]:
    """Delete what belongs to a workspace, a chunk at each step, which yields how many rows; the workspace itself last."""
    for model, lookup in paths().items():
        rows: Any = model._base_manager.filter(**{lookup: workspace_id})
        if keep_job is not None and model._meta.model_name == "job":
            rows = rows.exclude(pk=keep_job)
        while True:
            with atomic():
                # in whatever order the index has them: sorting what is left at each step would take ever so long
                ids = list(rows.order_by().values_list("pk", flat=True)[:CHUNK])
                if ids:
                    chunk: Any = model._base_manager.filter(pk__in=ids)
                    # children are gone already, so that Django need not look for them row by row
                    chunk._raw_delete(chunk.db)
            if not ids:
                break
            yield len(ids)
    with atomic():
        gone = Workspace.objects.filter(pk=workspace_id).delete()[0]
    if gone:
        yield gone


def remove_folders(workspace_id: int) -> None:
    """Delete the workspace's files. Raises OSError where the system does not let us."""
    for template in FOLDERS:
        folder = Path(settings.HOME) / template.format(id=workspace_id)
        if folder.exists():
            shutil.rmtree(folder)
