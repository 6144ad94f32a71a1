"""Reads for the pages about people: what a scope can be made of."""

from __future__ import annotations

from winback.server.customers.models import CustomerProfile
from winback.server.workspaces.models import Workspace

MOST_VALUES = 50  # suggestions, not the whole list: an attribute may have 100,000 values
LOOKED_AT = 2_000


def attributes(workspace: Workspace) -> list[str]:
    """The attributes a scope may name: those the pages split by, else those of the latest customers."""
    if workspace.attributes:
        return [str(name) for name in workspace.attributes]
    return sorted(suggestions(workspace))


def suggestions(workspace: Workspace) -> dict[str, list[str]]:
    """Values for each attribute of customers, from the latest ones: what a form offers to choose from."""
    found: dict[str, dict[str, int]] = {}
    latest = CustomerProfile.objects.visible(workspace).order_by("-id").values_list("attributes", flat=True)
    for held in latest[:LOOKED_AT]:
        for name, value in held.items():
            if value not in (None, ""):
                values = found.setdefault(str(name), {})
                values[str(value)] = values.get(str(value), 0) + 1
    return {name: sorted(values, key=lambda v: (-values[v], v))[:MOST_VALUES] for name, values in sorted(found.items())}
