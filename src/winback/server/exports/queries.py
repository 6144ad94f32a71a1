"""Figures over many rows are read here: a workspace's canonical tables, as far as the one who asks may see."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

from winback.errors import UserError
from winback.server import warehouse
from winback.server.exports.opening import Opening
from winback.server.exports.rules import Sort, pooled, recounted, sorts_of
from winback.server.sources.models import Source
from winback.server.warehouse import Manifest
from winback.server.workspaces.access import Access
from winback.tables import Tables

if TYPE_CHECKING:
    from winback.analysis.tally import AnswerColumns

MOST_KEPT = 256  # scopes of states whose answers are counted
_counts: dict[tuple[str, str, str], Mapping[str, Mapping[str, int]]] = {}


@dataclass(frozen=True)
class Holding:
    """A workspace's tables as far as one may see them: one sort of survey on one scale, customers' attributes joined.

    `tables` are frames of DuckDB or Spark over the Parquet of one manifest; `connection` is the engine they lie on.
    `attributes` are the columns of `tables.feedback` to split by, the company's own before how and about what it asked.
    `version` names the state: the same version, scope and sort give the same figures. `as_of` is when the rows were
    read. `columns` says how answers are to be counted: hand it to the analyses (`nps(tables, **holding.columns)`).
    `themes` are the names under which codings are read: another codebook is another state of `tables.codings`.
    """

    tables: Tables
    attributes: tuple[str, ...]
    version: str
    as_of: dt.datetime
    sorts: tuple[Sort, ...]
    sort: Sort
    connection: Any
    columns: AnswerColumns
    themes: tuple[str, ...] = ()


def manifest_of(access: Access) -> Manifest | None:
    """The state of the Parquet that counts now; None before anything was written."""
    return warehouse.read(warehouse.folder(settings.HOME, access.workspace.pk))


def holding(access: Access, *, sort: str | None = None) -> Holding | None:
    """The tables for figures. None where there are no answers (within the scope); UserError where there is no such sort.

    A scope by segments restricts answers and customers and all that hangs on them, and which sorts there are. Teams and own cases say nothing of
    which answers one may see: with such a scope there are no figures, and None.
    """
    manifest = manifest_of(access)
    if manifest is None or access.scope.teams or access.scope.own:
        return None
    counted, filled = pooled(file.stats for file in manifest.of("feedback"))
    scales = {
        name: (scale, detractors, promoters)
        for name, scale, detractors, promoters in Source.objects.filter(workspace=access.workspace).values_list(
            "name", "scale", "detractors", "promoters"
        )
    }
    sorts = sorts_of(counted, scales)
    if access.scope.segments and sorts:
        sorts = recounted(sorts, _counted_within(access, manifest, filled))
    if not any(one.answers for one in sorts):
        return None
    chosen = next((one for one in sorts if one.key == sort), None) if sort else sorts[0]
    if chosen is None:
        known = ", ".join(one.title for one in sorts)
        raise UserError(f"There are no answers of the sort {sort} here; there are {known}.")
    opening = Opening(access, manifest, filled, chosen)
    workspace = access.workspace
    tables = Tables(**opening.frames(), bands=chosen.bands, currency=workspace.currency, zone=workspace.zone)
    columns: AnswerColumns = {"bands": chosen.bands, "one_source": len(chosen.sources) == 1}
    if opening.weighted:
        columns["weight"] = "weight"
    return Holding(
        tables, tuple(opening.attributes), manifest.id, manifest.as_of, sorts, chosen, opening.engine.connection,
        columns, tuple(f"{key} {name}" for key, name in sorted(opening.called.items())),
    )  # fmt: skip


def _counted_within(
    access: Access, manifest: Manifest, filled: Mapping[str, Mapping[str, int]]
) -> Mapping[str, Mapping[str, int]]:
    """Answers by source and sort of survey within a scope; counted once, since a state never changes under its id."""
    key = (settings.WAREHOUSE_URL, manifest.id, json.dumps(access.scope.stored(), sort_keys=True))
    counted = _counts.get(key)
    if counted is None:
        counted = Opening(access, manifest, filled, None).counted()
        if len(_counts) >= MOST_KEPT:
            _counts.clear()
        _counts[key] = counted
    return counted
