"""Who is told of an alarm, and how: one mail at once or one a day, and the webhooks. Everything goes through the outbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from winback.charts.labels import segment as name_of
from winback.report.words import plural
from winback.server.database import atomic
from winback.server.outbox import actions as outbox
from winback.server.watch.models import Alarm, SegmentOwner, Telling, TellingChoice, WatchPlan
from winback.server.watch.rules import owners_of, within_scope
from winback.server.watch.saying import concerned, headline, sentence, where
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Membership, User, Workspace
from winback.server.workspaces.rules import Scope, at_least

DIGEST_AT = 8  # o'clock in the workspace's zone
STALE = dt.timedelta(days=56)  # what ended so long ago is history: it is shown, and nobody is called to it


def owners_for(alarm: Alarm) -> list[int]:
    said = SegmentOwner.objects.filter(workspace_id=alarm.workspace_id).order_by("id")
    return owners_of(alarm.by, alarm.segment, said.values_list("attribute", "value", "user_id"))


def people_for(alarm: Alarm, owners: Sequence[int]) -> list[User]:
    """Who is to hear of an alarm: its owners, else the managers, else the administrators; those who may see it."""
    rows = Membership.objects.filter(workspace_id=alarm.workspace_id, user__is_active=True).select_related("user")
    seeing = [
        row
        for row in rows.order_by("user__name", "user__email")
        if within_scope(Scope.of(row.scope), alarm.by, alarm.segment)
    ]
    mine = [row.user for row in seeing if row.user_id in owners]
    managers = [row.user for row in seeing if row.role == "manager"]
    return mine or managers or [row.user for row in seeing if at_least(row.role, "manager")]


def tell(*, alarm: Alarm, owners: Sequence[int], today: dt.date) -> int:
    """Have people and webhooks told of a new alarm, each once; part of the action that finds it. How many people."""
    if alarm.through < today - STALE:
        return 0
    people = people_for(alarm, owners)
    told = [user for user in people if Telling.objects.get_or_create(alarm=alarm, user=user)[1]]
    _at_once(alarm, told)
    outbox.announce(workspace=alarm.workspace, event="alarm.opened", data=document(alarm))
    return len(told)


def tell_over(*, alarm: Alarm, why: str) -> None:
    """Webhooks are told that an alarm is over; whose mail still waits for the digest hears nothing of it."""
    alarm.tellings.filter(sent_at=None).delete()
    if alarm.beside is None:  # of one that stands beside another nobody was told
        outbox.announce(workspace=alarm.workspace, event="alarm.ended", data={**document(alarm), "why": why})


def tell_again(*, alarm: Alarm) -> None:
    """Webhooks are told that an alarm that was over burns again, under its number; people know of it."""
    if alarm.beside is None:
        outbox.announce(workspace=alarm.workspace, event="alarm.opened", data=document(alarm))


def tell_assigned(*, alarm: Alarm, user: User, by: Access) -> None:
    """Tell somebody that an alarm is theirs now."""
    Telling.objects.update_or_create(alarm=alarm, user=user, defaults={"sent_at": None})
    _at_once(alarm, [user], assigned_by=by)


def _at_once(alarm: Alarm, users: Iterable[User], assigned_by: Access | None = None) -> None:
    users = list(users)
    how = choices(alarm.workspace, users)
    now = timezone.now()
    for user in users:
        if how[user.pk] == "at once":
            mail(alarm.workspace, user, [alarm], assigned_by=assigned_by)
        if how[user.pk] != "digest":
            Telling.objects.filter(alarm=alarm, user=user).update(sent_at=now)


def choices(workspace: Workspace, users: Iterable[User]) -> dict[int, str]:
    """How each of these wants to be told; at once unless said otherwise."""
    users = list(users)
    said = dict(TellingChoice.objects.filter(workspace=workspace, user__in=users).values_list("user_id", "how"))
    return {user.pk: said.get(user.pk, "at once") for user in users}


def choose(*, by: Access, how: str) -> None:
    """Say how one wants to be told here."""
    from winback.errors import UserError
    from winback.server.watch.models import TELLING

    if how not in TELLING:
        raise UserError(f'"{how}" is no way of being told: {", ".join(TELLING)}.')
    if by.user is None:
        raise UserError("Mails go to people; an API key has no address.")
    with atomic():
        TellingChoice.objects.update_or_create(workspace=by.workspace, user=by.user, defaults={"how": how})


def digest_due(workspace: Workspace, *, now: dt.datetime) -> bool:
    """Whether the day's mail is to be made: once a day, from eight o'clock there."""
    there = now.astimezone(ZoneInfo(workspace.zone))
    plan = WatchPlan.objects.filter(workspace=workspace).first()
    return plan is not None and there.hour >= DIGEST_AT and plan.digest_on != there.date()


def digest(*, workspace: Workspace, now: dt.datetime) -> int:
    """One mail a person with everything that waits for the digest; returns how many mails."""
    with atomic():
        plan = WatchPlan.objects.select_for_update().get(workspace=workspace)
        day = now.astimezone(ZoneInfo(workspace.zone)).date()
        if plan.digest_on == day:
            return 0
        WatchPlan.objects.filter(pk=plan.pk).update(digest_on=day)
        burning = ("open", "acknowledged")  # what was dismissed or snoozed meanwhile waits, in case that is undone
        waiting = Telling.objects.filter(alarm__workspace=workspace, alarm__state__in=burning, sent_at=None)
        waiting = waiting.select_related("alarm", "user")
        by_user: dict[User, list[Alarm]] = {}
        for one in waiting.order_by("user_id", "-alarm__revenue", "-alarm__score"):
            by_user.setdefault(one.user, []).append(one.alarm)
        members = {row.user_id: Scope.of(row.scope) for row in Membership.objects.filter(workspace=workspace)}
        sent = 0
        for user, alarms in by_user.items():
            shown = [
                alarm
                for alarm in alarms
                if user.pk in members and within_scope(members[user.pk], alarm.by, alarm.segment)
            ]
            if shown and user.is_active:
                mail(workspace, user, shown)
                sent += 1
        waiting.update(sent_at=now)
    return sent


def mail(workspace: Workspace, user: User, alarms: Sequence[Alarm], assigned_by: Access | None = None) -> None:
    """Put a mail about these alarms into the outbox."""
    lines = [
        {"headline": headline(alarm), "said": [said for said in (sentence(alarm), where(alarm), concerned(alarm)) if said],
         "href": link(alarm)}
        for alarm in alarms
    ]  # fmt: skip
    first = headline(alarms[0])
    subject = first if len(lines) == 1 else f"{plural(len(lines), 'flare-up')}: {first}"
    body = render_to_string(
        "watch/alarm.txt", {"lines": lines, "workspace": workspace, "user": user, "by": assigned_by and assigned_by.user,
                            "all": f"{settings.BASE_URL}{reverse('flareups', args=[workspace.slug])}"},
    )  # fmt: skip
    about = f"alarm:{alarms[0].pk}" if len(alarms) == 1 else "alarms"
    outbox.put(
        workspace=workspace, kind="mail", address=user.email, subject=subject, body=body, about=about, by=assigned_by
    )


def link(alarm: Alarm) -> str:
    return f"{settings.BASE_URL}{reverse('flareup', args=[alarm.workspace.slug, alarm.pk])}"


def document(alarm: Alarm) -> dict[str, Any]:
    """An alarm as tools hear of it: for webhooks and the API. Counts of a segment, nobody's answer."""
    return {
        "id": alarm.pk, "workspace": alarm.workspace.slug, "href": link(alarm), "headline": headline(alarm),
        "sentence": sentence(alarm), "segment": dict(zip(alarm.by, alarm.segment, strict=True)),
        "name": name_of(alarm.segment, alarm.by) or "Everybody", "theme": alarm.theme.name if alarm.theme else None, "survey": alarm.title, "measure": alarm.measure,
        "every": alarm.every, "since": alarm.since.isoformat(), "until": alarm.until.isoformat(),
        "through": alarm.through.isoformat(), "answers": alarm.answers, "bad": alarm.bad, "expected": alarm.expected,
        "share": alarm.share, "expected_share": alarm.expected_share, "effect": alarm.effect, "low": alarm.low,
        "high": alarm.high, "p": alarm.p, "q": alarm.q, "later_answers": alarm.later_answers,
        "later_bad": alarm.later_bad, "customers": alarm.customers,
        "revenue": None if alarm.revenue is None else str(alarm.revenue), "state": alarm.state,
        "found_at": alarm.found_at.isoformat(), "ended_at": alarm.ended_at.isoformat() if alarm.ended_at else None,
        "real": alarm.verdict or None, "assigned_to": alarm.assigned_to.email if alarm.assigned_to else None,
        "run": alarm.run_id,
    }  # fmt: skip
