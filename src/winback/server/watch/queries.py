"""Reads of alarms and of what is watched, within what the asker may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from winback.server.feedback.queries import feedback_for
from winback.server.themes.models import Theme
from winback.server.watch.models import (
    BURNING,
    MEASURES,
    Alarm,
    AlarmEvent,
    SegmentOwner,
    TellingChoice,
    Watch,
    WatchPlan,
)
from winback.server.watch.rules import within_scope
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Membership, User
from winback.server.workspaces.rules import Scope

MOST_OPEN = 200
HISTORY = 100  # on one page
NEEDED = 9  # periods with answers before the first can be judged, as looking.NEEDED says


def alarms_for(access: Access, rows: QuerySet[Alarm] | None = None) -> list[Alarm]:
    """The alarms this access may see: those whose whole segment lies in its scope."""
    if access.scope.own or access.scope.teams:
        return []
    found = Alarm.objects.filter(workspace=access.workspace) if rows is None else rows
    found = found.select_related("owner", "assigned_to", "taken_by", "workspace", "theme")
    if access.scope.everything:
        return list(found)
    return [alarm for alarm in found if within_scope(access.scope, alarm.by, alarm.segment)]


def alarm_for(access: Access, pk: int) -> Alarm:
    """One alarm. Raises Http404 where this access may not see it."""
    found = alarms_for(access, Alarm.objects.filter(workspace=access.workspace, pk=pk))
    if not found:
        raise Http404("There is no such flare-up.")
    return found[0]


def burning(access: Access) -> list[Alarm]:
    """What burns now, most money first, snoozed ones last. Each fire once: of a dismissed one nothing is left."""
    rows = Alarm.objects.filter(workspace=access.workspace, state__in=BURNING)
    found = alarms_for(access, rows.order_by("-found_at", "-id")[:MOST_OPEN])
    leads = Alarm.objects.filter(workspace=access.workspace, pk__in=[alarm.beside for alarm in found if alarm.beside])
    known = {alarm.pk for alarm in alarms_for(access, leads.exclude(state="ended"))}
    alone = [alarm for alarm in found if alarm.beside not in known]
    order = {"open": 0, "acknowledged": 0, "snoozed": 1}
    return sorted(alone, key=lambda a: (order[a.state], -(a.revenue or 0), -a.score, a.pk))


def pressing(access: Access) -> list[Alarm]:
    """What burns now without what is snoozed: what people are to see without asking for it."""
    return [alarm for alarm in burning(access) if alarm.state != "snoozed"]


def also(access: Access, alarms: Sequence[Alarm]) -> dict[int, list[Alarm]]:
    """For each of these alarms those that are the same fire, seen elsewhere. One query for all."""
    rows = Alarm.objects.filter(workspace=access.workspace, beside__in=[alarm.pk for alarm in alarms])
    found: dict[int, list[Alarm]] = {}
    for one in alarms_for(access, rows.order_by("id")):
        found.setdefault(one.beside or 0, []).append(one)
    return found


def lead_of(access: Access, alarm: Alarm) -> Alarm | None:
    """The alarm of the same fire that people were told of, where this one stands beside it."""
    rows = Alarm.objects.filter(workspace=access.workspace, pk=alarm.beside or 0)
    return next(iter(alarms_for(access, rows)), None)


def past(access: Access, *, before: int | None = None) -> tuple[list[Alarm], int | None]:
    """A page of those that are over or dismissed, newest first, and where the next page begins."""
    rows = Alarm.objects.filter(workspace=access.workspace, state__in=["dismissed", "ended"])
    if before is not None:
        rows = rows.filter(pk__lt=before)
    taken = list(rows.order_by("-id")[: HISTORY + 1])
    more = taken[HISTORY - 1].pk if len(taken) > HISTORY else None
    chosen = Alarm.objects.filter(pk__in=[alarm.pk for alarm in taken[:HISTORY]])
    return alarms_for(access, chosen.order_by("-id")), more


@dataclass(frozen=True)
class Proved:
    """How many alarms proved real, as people say; `low` and `high` hold the share at 95 % (Wilson), None without any."""

    real: int
    not_real: int
    cannot_tell: int
    unsaid: int
    share: float | None
    low: float | None
    high: float | None


def proved(access: Access) -> Proved:
    """What people said of all alarms they may see. Those who can't tell stand apart: they say nothing of the share."""
    rows = Alarm.objects.filter(workspace=access.workspace, beside=None).only("by", "segment", "verdict", "workspace")
    if access.scope.own or access.scope.teams:
        said: list[str] = []
    else:
        told = rows.values_list("by", "segment", "verdict")
        said = [verdict for by, segment, verdict in told if within_scope(access.scope, by, segment)]
    real, unreal = said.count("real"), said.count("not real")
    if not real + unreal:
        return Proved(0, 0, said.count("can't tell"), said.count(""), None, None, None)
    from winback.stats.intervals import share_interval

    low, high = share_interval(real, real + unreal)
    return Proved(
        real, unreal, said.count("can't tell"), said.count(""), real / (real + unreal), float(low), float(high)
    )


def watches(access: Access) -> list[Watch]:
    """What is watched: detractors first, themes last, the sort with most segments first."""
    rows = Watch.objects.filter(workspace=access.workspace).exclude(version="", as_of=None)
    return sorted(rows, key=lambda one: (MEASURES.index(one.measure), -one.segments, one.sort))


def listed(access: Access, watch: Watch) -> list[dict[str, Any]]:
    """The watched segments that this access may see: name, answers a period, smallest rise, expected share, theme."""
    names = ("by", "segment", "answers", "noticeable", "expected_share", "theme")
    rows = [dict(zip(names, row, strict=True)) for row in watch.listed]
    if watch.measure == "themes":
        called = dict(Theme.objects.filter(workspace=access.workspace).values_list("key", "name"))
        rows = [{**row, "theme": called.get(row["theme"], "")} for row in rows]
    return [row for row in rows if within_scope(access.scope, row["by"], row["segment"])]


def plan_for(access: Access) -> WatchPlan | None:
    return WatchPlan.objects.filter(workspace=access.workspace).first()


def nothing_watched(access: Access, found: Sequence[Watch]) -> str:
    """Why nothing is watched: "own", "empty", "waiting", "no dates", "too little", or "" where something is."""
    if access.scope.own or access.scope.teams:
        return "own"
    if any(not one.trouble for one in found):
        return ""
    if found:
        return "no dates" if all(one.trouble == "no dates" for one in found) else "too little"
    if not feedback_for(access).filter(score__isnull=False).exists():
        return "empty"
    return "waiting"


def weeks_more(watch: Watch) -> int:
    """How many periods with answers are still to come before the first can be judged."""
    return max(NEEDED - watch.periods, 1)


def events_of(alarm: Alarm) -> list[AlarmEvent]:
    """What happened to an alarm, oldest first."""
    return list(alarm.events.select_related("by").order_by("at", "id"))


def colleagues(access: Access, alarm: Alarm) -> list[User]:
    """Whom an alarm may be given to: those who may see it, and do something."""
    rows = Membership.objects.filter(workspace=access.workspace, user__is_active=True).exclude(role="viewer")
    found = rows.select_related("user").order_by("user__name", "user__email")
    return [row.user for row in found if within_scope(Scope.of(row.scope), alarm.by, alarm.segment)]


def owners(access: Access) -> list[SegmentOwner]:
    rows = SegmentOwner.objects.filter(workspace=access.workspace).select_related("user")
    return list(rows.order_by("attribute", "value", "user__name", "id"))


def telling_of(access: Access) -> str:
    """How the asker wants to be told."""
    if access.user is None:
        return "never"
    said = TellingChoice.objects.filter(workspace=access.workspace, user=access.user).values_list("how", flat=True)
    return str(said.first() or "at once")
