"""From findings to alarms: one that is there already goes on, what people know of is passed by, a new one is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from copy import copy
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from winback.charts.labels import segment as name_of
from winback.server.runs.models import AnalysisRun
from winback.server.themes.models import Theme
from winback.server.watch import telling, themed
from winback.server.watch.burning import end, go_on, over_by
from winback.server.watch.models import BURNING, Alarm, AlarmEvent, SegmentOwner, Watch
from winback.server.watch.rules import DISMISSED_GAP, Fire, kin, matched, near, nested, owners_of, part_of
from winback.server.workspaces import audit
from winback.server.workspaces.models import User, Workspace

if TYPE_CHECKING:
    from winback.server.watch.looking import Seen

REMEMBERED = dt.timedelta(days=400)  # alarms that a finding may still be the fire of
FIGURES = (
    "answers",
    "bad",
    "expected",
    "share",
    "expected_share",
    "low",
    "high",
    "p",
    "q",
    "score",
    "folded",
    "provisional",
)


def raise_alarms(workspace: Workspace, watch: Watch, fields: dict[str, Any], seen: Seen, run: AnalysisRun) -> None:
    locked = Alarm.objects.select_for_update(of=("self",)).select_related("theme")
    recent = locked.filter(workspace=workspace, until__gte=seen.leaves.last_day - REMEMBERED)
    everything = list(recent.order_by("id"))
    mine = [alarm for alarm in everything if (alarm.sort, alarm.measure) == (watch.sort, watch.measure)]
    if watch.measure == "themes":
        for alarm in themed.follow(workspace, mine):
            mine.remove(alarm)
            if alarm.state in BURNING:
                end(alarm, "unwatched")
    themes = {theme.key: theme for theme in Theme.objects.filter(workspace=workspace)} if seen.counted else {}
    others = [alarm for alarm in everything if alarm not in mine and alarm.state != "ended"]
    found = [
        Fire(part_of(row["by"], row["segment"]), row["since"], row["until"], row["score"], theme=row["theme"] or "")
        for row in seen.findings
    ]
    pairs = matched(found, [fire_of(alarm) for alarm in mine], fields["every"])
    there, new = list(mine), []  # before this look, and by it
    for i, row in enumerate(seen.findings):
        if i in pairs:
            alarm = mine[pairs[i]]
            if alarm.state != "ended" or _burns_again(alarm, row, seen, fields["day"]):
                _found_again(alarm, row, run)
        elif _is_known(found[i], mine, fields["every"]) or _is_part(found[i], row, there, seen):
            continue
        else:
            theme = themes.get(row["theme"] or "")
            alarm = _new(workspace, watch, {**fields, "theme": theme}, row, found[i], others, run)
            mine.append(alarm)
            new.append(alarm)
    for alarm in mine:
        if alarm.state in BURNING:
            go_on(alarm, seen, today=fields["day"], told=alarm not in new)
    for alarm in new:  # what is over by now is history: it is shown, and nobody is called to it
        if alarm.state in BURNING and alarm.beside is None:
            telling.tell(alarm=alarm, owners=telling.owners_for(alarm), today=fields["day"])


def _is_known(fire: Fire, alarms: Sequence[Alarm], every: str) -> bool:
    """Whether a finding shows what people know already: it began before then, in a segment within theirs or around it."""
    return any(
        alarm.known_until is not None and fire.since <= alarm.known_until and near(fire, fire_of(alarm), every)
        and kin(fire, fire_of(alarm))
        for alarm in alarms
    )  # fmt: skip


def _is_part(fire: Fire, row: Any, alarms: Sequence[Alarm], seen: Seen) -> bool:
    """Whether most of a finding burns in the segment of an alarm that people were told of already."""
    from winback.server.watch.merging import MOSTLY, burning_in

    leaves = seen.of(row["theme"])
    return any(
        alarm.state != "ended"
        and near(fire, fire_of(alarm), seen.leaves.every)
        and burning_in(leaves, row, {"by": alarm.by, "segment": alarm.segment}) >= MOSTLY
        for alarm in alarms
    )


def fire_of(alarm: Alarm) -> Fire:
    """An alarm as a fire: until it is over it burns as far as it was looked at, and what was dismissed as far as it was seen."""
    gap = DISMISSED_GAP if alarm.state == "dismissed" else Fire.gap
    last = max(alarm.until, alarm.known_until or alarm.until)
    if alarm.state != "ended":
        last = max(last, alarm.through)
    theme = alarm.theme.key if alarm.theme else ""
    return Fire(part_of(alarm.by, alarm.segment), alarm.since, last, alarm.score, gap, theme)


def figures_of(row: Any) -> dict[str, Any]:
    """A finding as the fields of an alarm."""
    return {
        **{name: row[name] for name in FIGURES}, "by": row["by"], "segment": row["segment"], "since": row["since"],
        "until": row["until"], "period": row["period"], "effect": row["odds_ratio"], "course": row["course"],
        "causes": row["causes"], "customers": row["customers"], "revenue": row["revenue"],
        "money_kind": row["money_kind"],
    }  # fmt: skip


def _new(
    workspace: Workspace, watch: Watch, fields: dict[str, Any], row: Any, fire: Fire, others: Sequence[Alarm],
    run: AnalysisRun,
) -> Alarm:  # fmt: skip
    """A fire nobody has been told of; beside another where people know it by another sort of survey or measure."""
    also = next(
        (
            alarm.pk
            for alarm in others
            if near(fire, fire_of(alarm), fields["every"])
            and (fire.part == part_of(alarm.by, alarm.segment) or nested(fire.part, part_of(alarm.by, alarm.segment)))
        ),
        None,
    )
    said = SegmentOwner.objects.filter(workspace=workspace).order_by("id").values_list("attribute", "value", "user_id")
    owners = owners_of(row["by"], row["segment"], said)
    alarm = Alarm.objects.create(
        workspace=workspace, sort=watch.sort, measure=watch.measure, title=fields["title"], survey=fields["survey"],
        every=fields["every"], through=row["until"], began=row["since"], found_run=run, run=run, beside=also,
        owner=User.objects.filter(pk=owners[0]).first() if owners else None, theme=fields["theme"], **figures_of(row),
    )  # fmt: skip
    AlarmEvent.objects.create(alarm=alarm, verb="found")
    audit.record(verb="flare-up found", target=str(alarm.pk), workspace=workspace, run=run.pk)
    return alarm


def _burns_again(alarm: Alarm, row: Any, seen: Seen, today: dt.date) -> bool:
    """Whether a finding says that a fire that was over burns again: not where what came after its window is calm."""
    now = copy(alarm)
    for name, value in (figures_of(row) if alarm.known_until is None else {}).items():
        setattr(now, name, value)
    return not over_by(now, seen, today=today)


def _found_again(alarm: Alarm, row: Any, run: AnalysisRun) -> None:
    """The same fire as it stands now. What people know of it stays as they saw it; new evidence is told beside it."""
    fields: dict[str, Any] = {"run": run, "updated_at": timezone.now(), "through": max(alarm.through, row["until"])}
    same = part_of(alarm.by, alarm.segment) == part_of(row["by"], row["segment"])
    if alarm.known_until is None:
        if not same:
            AlarmEvent.objects.create(
                alarm=alarm, verb="seen elsewhere", note=f"was {name_of(alarm.segment, alarm.by) or 'everybody'}"[:500]
            )
        fields |= {**figures_of(row), "began": min(alarm.began, row["since"]), "every": run.result["counts"]["every"]}
    elif same and row["since"] > alarm.known_until:
        _burns_on(alarm, row)
    again = alarm.state == "ended"
    if again:
        fields |= {"state": alarm.state_before or "open", "ended_at": None, "ending": "", "state_before": ""}
        AlarmEvent.objects.create(alarm=alarm, verb="burns again")
    for name, value in fields.items():
        setattr(alarm, name, value)
    alarm.save(update_fields=list(fields))
    if again:
        telling.tell_again(alarm=alarm)


def _burns_on(alarm: Alarm, row: Any) -> None:
    """One line of what is new since people know of it, brought up to date as long as nobody does anything."""
    note = f"{row['bad']:g} of {row['answers']} since {row['since']}, where {row['expected']:.0f} were expected"
    last = alarm.events.order_by("-id").first()
    if last is None or last.verb != "burns on":
        AlarmEvent.objects.create(alarm=alarm, verb="burns on", note=note)
    elif last.note != note:
        last.note, last.at = note, timezone.now()
        last.save(update_fields=["note", "at"])
