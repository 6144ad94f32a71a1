"""The watch at work: what there is to look at, one look, and what is noted when all of it was looked at."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from winback.server.database import atomic
from winback.server.exports.queries import holding, manifest_of
from winback.server.runs.models import AnalysisRun
from winback.server.watch import reduced, themed
from winback.server.watch.burning import end
from winback.server.watch.keeping import keep
from winback.server.watch.models import BURNING, Alarm, Watch, WatchPlan
from winback.server.watch.planning import measures_of, plan_of, today_in, whole
from winback.server.watch.rules import LENGTH
from winback.server.workspaces.models import Workspace

FIRST, MOST = 8, 13  # periods judged by the first look, and by one after a long time
KEPT = dt.timedelta(days=7)  # looks that decided nothing that anybody still sees


def parts_of(workspace: Workspace) -> list[tuple[str, str]]:
    """What there is to look at: each sort of survey for each measure, themes last and once there is a codebook."""
    found = holding(whole(workspace))
    if found is None:
        return []
    there = found.tables.codings is not None and bool(themed.keys_of(workspace))
    measures = [one for one in measures_of(plan_of(workspace)) if one != "themes" or there]
    return [(sort.key, measure) for sort in found.sorts if sort.answers for measure in measures]


def watch_now(*, workspace: Workspace, now: dt.datetime | None = None) -> None:
    """Look at everything here and now, as the jobs do one after another."""
    manifest = manifest_of(whole(workspace))
    version = themed.state_of(workspace, manifest.id) if manifest else ""
    for sort, measure in parts_of(workspace):
        look(workspace=workspace, sort=sort, measure=measure, now=now)
    finish(workspace=workspace, version=version, now=now)


def finish(*, workspace: Workspace, version: str, now: dt.datetime | None = None) -> None:
    """Note that this state of the warehouse and the codebook was watched, and let go of what nobody will look at again."""
    now = now or timezone.now()
    with atomic():
        plan = plan_of(workspace)
        WatchPlan.objects.filter(pk=plan.pk).update(version=version, day=today_in(workspace, now), watched_at=now)
        parts = parts_of(workspace)
        Watch.objects.filter(workspace=workspace).exclude(sort__in={sort for sort, _ in parts}).delete()
        wanted = [one for one in measures_of(plan) if one != "themes" or themed.keys_of(workspace)]
        for alarm in Alarm.objects.select_for_update().filter(workspace=workspace, state__in=BURNING):
            if (alarm.sort, alarm.measure) not in parts:
                end(alarm, "unwatched" if alarm.measure not in wanted else "withdrawn")
        used: set[int] = set()
        for model, field in ((Alarm, "run_id"), (Alarm, "found_run_id"), (Watch, "run_id")):
            rows = model._default_manager.filter(workspace=workspace).exclude(**{field: None})
            used |= set(rows.values_list(field, flat=True))
        old = AnalysisRun.objects.filter(workspace=workspace, name=reduced.NAME, made_at__lt=now - KEPT)
        old.exclude(pk__in=used).delete()


def look(*, workspace: Workspace, sort: str, measure: str, now: dt.datetime | None = None) -> None:
    """Look at one sort of survey, and keep what was seen. Nothing is done where this state was looked at already."""
    plan, today = plan_of(workspace), today_in(workspace, now)
    found = holding(whole(workspace), sort=sort)
    if found is None:
        return
    of_themes = measure == "themes"
    version = themed.state_of(workspace, found.version) if of_themes else found.version
    watch, _ = Watch.objects.get_or_create(workspace=workspace, sort=sort, measure=measure)
    if (watch.version, watch.day) == (version, today) or (of_themes and themed.reading(workspace)):
        return
    from winback.analysis.frames import names_of
    from winback.server.watch import looking

    fields: dict[str, Any] = {
        "title": found.sort.title, "survey": "" if found.sort.alone else found.sort.survey or "", "every": plan.every,
        "version": version, "day": today, "as_of": found.as_of,
    }  # fmt: skip
    if "local_date" not in names_of(found.tables.feedback):
        with atomic():
            Watch.objects.filter(pk=watch.pk).update(**fields, trouble="no dates", listed=[], segments=0)
        return
    known = Alarm.objects.filter(workspace=workspace, sort=sort, measure=measure, known_until__isnull=False)
    told: dict[str, Any] = {
        "every": plan.every, "last": _last(watch, plan, today), "false_rate": plan.false_rate, "today": today
    }  # fmt: skip
    if of_themes:
        told["acknowledged"] = [
            (a.by, a.segment, a.known_until, a.theme.key) for a in known.select_related("theme") if a.theme
        ]
        seen = looking.look_at_themes(found, themed.keys_of(workspace), **told)
    else:
        told["acknowledged"] = [(alarm.by, alarm.segment, alarm.known_until) for alarm in known]
        seen = looking.look(found, measure=measure, **told)
    keep(workspace=workspace, watch=watch, fields=fields, seen=seen)


def _last(watch: Watch, plan: WatchPlan, today: dt.date) -> int:
    """How many periods to judge: those since the last look, the one before them, and the one that runs."""
    if watch.through is None or watch.every != plan.every:
        return FIRST
    return min(max((today - watch.through).days // LENGTH[plan.every] + 2, 2), MOST)
