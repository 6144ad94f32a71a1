"""What is watched and when: a workspace's plan, whether a look is due, and asking for one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.utils import timezone

from winback.errors import UserError
from winback.server.database import atomic
from winback.server.exports.queries import manifest_of
from winback.server.jobs.actions import enqueue
from winback.server.watch import themed
from winback.server.watch.models import EVERY, MEASURES, Watch, WatchPlan
from winback.server.workspaces import audit
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Workspace
from winback.server.workspaces.rules import Scope

LEAST_APART = dt.timedelta(minutes=15)  # answers may come every second; a period is a day at least


def whole(workspace: Workspace) -> Access:
    """The watch sees everything; what it finds is shown to each within their scope."""
    return Access(workspace, "admin", Scope(), None, "winback")


def plan_of(workspace: Workspace) -> WatchPlan:
    return WatchPlan.objects.get_or_create(workspace=workspace)[0]


def change_plan(*, by: Access, measures: Sequence[str], every: str) -> None:
    """Say what is watched, and by which period; everything is looked at anew. Raises UserError for what is neither."""
    wanted = [name for name in MEASURES if name in measures]
    if not wanted or set(measures) - set(MEASURES):
        raise UserError(f"Choose at least one thing to watch: {', '.join(MEASURES)}.")
    if every not in EVERY:
        raise UserError(f'"{every}" is no period; it may be {", ".join(EVERY)}.')
    with atomic():
        plan = WatchPlan.objects.select_for_update().get(pk=plan_of(by.workspace).pk)
        was = f"{', '.join(measures_of(plan))} by {plan.every}"
        plan.measures, plan.every, plan.version = wanted, every, ""
        plan.save(update_fields=["measures", "every", "version"])
        Watch.objects.filter(workspace=by.workspace).exclude(measure__in=wanted).delete()
        Watch.objects.filter(workspace=by.workspace).update(version="")
        audit.record(verb="watch changed", by=by, was=was, now=f"{', '.join(wanted)} by {every}")
        request(workspace=by.workspace)


def measures_of(plan: WatchPlan) -> list[str]:
    return [name for name in MEASURES if name in plan.measures] or ["detractors", "themes"]


def today_in(workspace: Workspace, now: dt.datetime | None = None) -> dt.date:
    return (now or timezone.now()).astimezone(ZoneInfo(workspace.zone)).date()


def is_due(workspace: Workspace, *, now: dt.datetime) -> bool:
    """Whether something came in, was taken back, or a day began, since the last look; not more often than makes sense."""
    manifest = manifest_of(whole(workspace))
    if manifest is None:
        return False
    plan = WatchPlan.objects.filter(workspace=workspace).first()
    if plan is None or plan.watched_at is None:
        return True
    new = plan.version != themed.state_of(workspace, manifest.id) or plan.day != today_in(workspace, now)
    return new and now - plan.watched_at >= LEAST_APART


def request(*, workspace: Workspace) -> None:
    """Have the workspace looked at in the background."""
    enqueue(task="watch.run", workspace_id=workspace.pk, key=str(workspace.pk), workspace=workspace.pk)
