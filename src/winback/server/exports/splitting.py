"""Which attributes figures are split by: as the workspace lists them, else as a report on the same files has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from winback.connectors.csvfile.mapping import MOST_ATTRIBUTES
from winback.server.customers.models import Segmentation
from winback.server.sources.models import SyncRun
from winback.server.workspaces.models import Workspace


def attributes_shown(
    workspace: Workspace, sources: Sequence[str], *, own: Sequence[str], plain: Sequence[str], joined: Sequence[str]
) -> list[str]:
    """What to split by, hidden ones left out.

    `own` are attributes of the answers of these sources, `plain` canonical columns, `joined` attributes of customers.
    """
    known = [*own, *plain, *joined]
    found = [name for name in workspace.attributes if name in known]
    found = found or _as_in_a_report(workspace, sources, own, plain, joined)
    said = Segmentation.objects.filter(workspace=workspace).values_list("attribute", "hidden", "position")
    hidden = {name for name, out, _ in said if out}
    places = {name: place for name, _, place in said}
    found = [name for name in found if name not in hidden]
    return sorted(found, key=lambda name: places.get(name, 0)) if any(places.values()) else found


def _as_in_a_report(
    workspace: Workspace, sources: Sequence[str], own: Sequence[str], plain: Sequence[str], joined: Sequence[str]
) -> list[str]:
    """The answers' attributes in the order of their file, then as many of the customers' as a report takes."""
    told = _told(workspace, source__name__in=sources, table="feedback")
    mine = [name for name in told if name in own or name in plain]
    mine += [name for name in own if name not in mine] + ([] if told else list(plain))
    order = _told(workspace, table="customers")
    theirs = [name for name in joined if not name.endswith(" (customers)")]
    theirs.sort(key=lambda name: order.index(name) if name in order else len(order))
    return [*mine, *theirs[: max(MOST_ATTRIBUTES - len(mine), 0)]] if order else [*mine, *theirs]


def _told(workspace: Workspace, **of: Any) -> list[str]:
    """Attributes as files named them, those of the latest first."""
    runs = SyncRun.objects.filter(workspace=workspace, live=False, state="published", **of)
    found: dict[str, None] = {}
    for options in runs.order_by("-published_at", "-id").values_list("options", flat=True)[:100]:
        found |= dict.fromkeys(_in_its_order(options.get("told", {})))
    return list(found)


def _in_its_order(told: Mapping[str, Any]) -> list[str]:
    """The attributes of a file in its order: those that are canonical columns by the names they have here."""
    others = iter(told.get("attributes", ()))
    roles = {column: role for role, column in told.get("plain", {}).items()}
    named = [roles.get(column) or next(others, "") for column in told.get("columns_read", {}).get("by", ())]
    return [name for name in (*named, *others) if name]
