"""Small companies for the tests of exports: what a line says, everything else sensible."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import winback as wb
from tests.server.factories import Cast
from winback.server.customers.models import Customer, CustomerProfile
from winback.server.exports.actions import place_of, refresh
from winback.server.exports.queries import Holding, holding
from winback.server.feedback.actions import record
from winback.server.feedback.models import Feedback
from winback.server.feedback.rules import NewFeedback
from winback.server.sources.actions import ensure_source, live_run, mark_dirty
from winback.server.sources.models import Source
from winback.server.warehouse import Manifest
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Workspace
from winback.server.workspaces.rules import Scope


def answer(key: str, score: float | None, day: str = "2026-09-01", **more: Any) -> NewFeedback:
    """An answer at noon, UTC, of that day."""
    moment = dt.datetime.fromisoformat(day + ("T12:00:00" if len(day) == 10 else "")).replace(tzinfo=dt.UTC)
    return NewFeedback(external_id=key, score=score, occurred_at=moment, **more)


def told(workspace: Workspace, rows: Sequence[NewFeedback], *, source: str = "api", **scale: str) -> None:
    found = ensure_source(workspace=workspace, name=source, kind="api")
    if scale:
        Source.objects.filter(pk=found.pk).update(**scale)
        found = Source.objects.get(pk=found.pk)
    taken = record(workspace=workspace, source=found, rows=rows)
    assert not taken.refused, taken.refused


def known(workspace: Workspace, customer: str, **attributes: str) -> CustomerProfile:
    """Say of a customer, who has answered or not, what its attributes are."""
    run = live_run(source=ensure_source(workspace=workspace, name="crm", kind="api", table="customers"))
    row, _ = Customer.objects.get_or_create(workspace=workspace, external_id=customer)
    for old in CustomerProfile.objects.visible(workspace).filter(customer=row):
        old.delete()
    mark_dirty(workspace=workspace, table="customers")
    return CustomerProfile.objects.create(workspace=workspace, run=run, customer=row, attributes=attributes)


def fresh(workspace: Workspace) -> Manifest:
    manifest = refresh(workspace=workspace)
    assert manifest is not None
    return manifest


def on_disk(workspace: Workspace) -> set[str]:
    place = place_of(workspace)
    return {path.relative_to(place).as_posix() for path in place.glob("**/*.parquet")}


def keys(manifest: Manifest, table: str = "feedback") -> dict[str, int]:
    found: dict[str, int] = {}
    for file in manifest.of(table):
        found[file.key] = found.get(file.key, 0) + file.rows
    return found


def answers(workspace: Workspace) -> int:
    return Feedback.objects.visible(workspace).count()


def opened(cast: Cast, who: str = "hanna", sort: str | None = None) -> Holding:
    fresh(cast.larkspur)
    found = holding(cast.access(who), sort=sort)
    assert found is not None
    return found


def scoped(cast: Cast, **segments: tuple[str, ...]) -> Holding | None:
    return holding(Access(cast.larkspur, "member", Scope(segments)))


def rows(frame: Any, *names: str) -> list[tuple[Any, ...]]:
    return sorted(frame.select(*(f'"{name}"' for name in names)).fetchall(), key=str)


def nps(held: Holding) -> float:
    return float(wb.nps(held.tables, minimum=1, **held.columns).rows()[0]["nps"])
