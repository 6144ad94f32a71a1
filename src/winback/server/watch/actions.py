"""The watch's own writes: one look at a time is kept whole, with its run, its alarms and whom they are told to.

A look that is cut short by a crash has written nothing and is done again; one that was kept is not kept twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from winback import __version__
from winback.charts.labels import segment as name_of
from winback.errors import UserError
from winback.server.database import atomic
from winback.server.exports.queries import holding, manifest_of
from winback.server.jobs.actions import enqueue
from winback.server.runs.models import AnalysisRun
from winback.server.themes.models import Theme
from winback.server.watch import reduced, telling, themed
from winback.server.watch.models import BURNING, EVERY, MEASURES, Alarm, AlarmEvent, SegmentOwner, Watch, WatchPlan
from winback.server.watch.rules import (
    DISMISSED_GAP,
    Fire,
    course_with,
    is_over,
    kin,
    matched,
    near,
    nested,
    owners_of,
    part_of,
    points,
)
from winback.server.workspaces import audit
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import User, Workspace
from winback.server.workspaces.rules import Scope

if TYPE_CHECKING:
    from winback.server.watch.looking import Seen

LEAST_APART = dt.timedelta(minutes=15)  # answers may come every second; a period is a day at least
FIRST, MOST = 8, 13  # periods judged by the first look, and by one after a long time
REMEMBERED = dt.timedelta(days=400)  # alarms that a finding may still be the fire of
KEPT = dt.timedelta(days=7)  # looks that decided nothing that anybody still sees
LISTED = 400  # watched segments that are kept to be shown, those with most answers
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
                _end(alarm, "unwatched" if alarm.measure not in wanted else "withdrawn")
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
    from winback.server.watch.rules import LENGTH

    if watch.through is None or watch.every != plan.every:
        return FIRST
    return min(max((today - watch.through).days // LENGTH[plan.every] + 2, 2), MOST)


def keep(*, workspace: Workspace, watch: Watch, fields: dict[str, Any], seen: Seen) -> None:
    """Write down one look: the run it can be computed from again, new alarms, and how it goes with the old ones."""
    from winback.server.watch.looking import NEEDED

    with atomic():
        held = Watch.objects.select_for_update().get(pk=watch.pk)
        if (held.version, held.day) == (fields["version"], fields["day"]):
            return  # another worker, taken for dead, has kept this look meanwhile
        rows = [{name: row[name] for name in row if name not in ("course", "causes")} for row in seen.findings]
        run = AnalysisRun.objects.create(
            workspace=workspace, name=reduced.NAME, params=dict(seen.params), as_of=fields["as_of"], version=__version__,
            seed=seen.leaves.first + seen.periods - 1, input_hash=reduced.input_hash(seen.kept),
            result={"counts": dict(seen.kept), "found": [{k: _plain(v) for k, v in row.items()} for row in rows]},
        )  # fmt: skip
        _alarms(workspace, held, fields, seen, run)
        listed, typical = _listed(seen)
        judged = bool(seen.found.judged)
        Watch.objects.filter(pk=held.pk).update(
            **fields, run=run, trouble="" if judged else "too little", periods=min(seen.periods, 32_000),
            through=seen.leaves.last_day, segments=seen.found.watched.num_rows, thin=seen.found.thin, listed=listed,
            typical=typical if seen.periods >= NEEDED else None,
        )  # fmt: skip


def _listed(seen: Seen) -> tuple[list[list[Any]], float | None]:
    """The segments with most answers: attributes, values, answers a period, noticeable, expected share, key of the theme."""
    rows = sorted(seen.found.watched.to_pylist(), key=lambda row: -row["answers"])
    rises = sorted(row["noticeable"] for row in rows if row["noticeable"] is not None)
    listed = [
        [
            row["by"],
            row["segment"],
            *(_rounded(row[name]) for name in ("answers", "noticeable", "expected_share")),
            row["theme"],
        ]
        for row in rows[:LISTED]
    ]
    return listed, rises[len(rises) // 2] if rises else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | float | bool | str | list | None) else str(value)


def _alarms(workspace: Workspace, watch: Watch, fields: dict[str, Any], seen: Seen, run: AnalysisRun) -> None:
    locked = Alarm.objects.select_for_update(of=("self",)).select_related("theme")
    recent = locked.filter(workspace=workspace, until__gte=seen.leaves.last_day - REMEMBERED)
    everything = list(recent.order_by("id"))
    mine = [alarm for alarm in everything if (alarm.sort, alarm.measure) == (watch.sort, watch.measure)]
    if watch.measure == "themes":
        for alarm in themed.follow(workspace, mine):
            mine.remove(alarm)
            if alarm.state in BURNING:
                _end(alarm, "unwatched")
    themes = {theme.key: theme for theme in Theme.objects.filter(workspace=workspace)} if seen.counted else {}
    others = [alarm for alarm in everything if alarm not in mine and alarm.state in BURNING]
    found = [
        Fire(part_of(row["by"], row["segment"]), row["since"], row["until"], row["score"], theme=row["theme"] or "")
        for row in seen.findings
    ]
    pairs = matched(found, [fire_of(alarm) for alarm in mine], fields["every"])
    there = list(mine)  # before this look
    for i, row in enumerate(seen.findings):
        if i in pairs:
            alarm = mine[pairs[i]]
            _found_again(alarm, row, run)
        elif _is_known(found[i], mine, fields["every"]) or _is_part(found[i], row, there, seen):
            continue
        else:
            theme = themes.get(row["theme"] or "")
            alarm = _new(workspace, watch, {**fields, "theme": theme}, row, found[i], others, run)
            mine.append(alarm)
    for alarm in mine:
        if alarm.state in BURNING:
            _gone_on(alarm, seen, today=fields["day"])


def _is_known(fire: Fire, alarms: Sequence[Alarm], every: str) -> bool:
    """Whether a finding shows what people know already: it began before then, in a segment within theirs or around it."""
    return any(
        alarm.known_until is not None and fire.since <= alarm.known_until and near(fire, fire_of(alarm), every)
        and kin(fire, fire_of(alarm))
        for alarm in alarms
    )  # fmt: skip


def _is_part(fire: Fire, row: Any, alarms: Sequence[Alarm], seen: Seen) -> bool:
    """Whether most of a finding burns in the segment of an alarm that people were told of already."""
    from winback.server.watch.looking import MOSTLY, burning_in

    leaves = seen.of(row["theme"])
    return any(
        alarm.state != "ended"
        and near(fire, fire_of(alarm), seen.leaves.every)
        and burning_in(leaves, row, {"by": alarm.by, "segment": alarm.segment}) >= MOSTLY
        for alarm in alarms
    )


def fire_of(alarm: Alarm) -> Fire:
    gap = DISMISSED_GAP if alarm.state == "dismissed" else Fire.gap
    last = max(alarm.until, alarm.known_until or alarm.until)
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
    """A fire nobody has been told of; told now, unless it is one that burns in another sort of survey already."""
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
    if also is None:
        telling.tell(alarm=alarm, owners=owners, today=fields["day"])
    return alarm


def _found_again(alarm: Alarm, row: Any, run: AnalysisRun) -> None:
    """The same fire as it stands now. What people know of it stays as they saw it; new evidence is told beside it."""
    fields: dict[str, Any] = {"run": run, "updated_at": timezone.now()}
    same = part_of(alarm.by, alarm.segment) == part_of(row["by"], row["segment"])
    if alarm.known_until is None:
        if not same:
            AlarmEvent.objects.create(
                alarm=alarm, verb="seen elsewhere", note=f"was {name_of(alarm.segment, alarm.by) or 'everybody'}"[:500]
            )
        fields |= {**figures_of(row), "began": min(alarm.began, row["since"]), "every": run.result["counts"]["every"]}
    elif same and row["since"] > alarm.known_until:
        note = f"{row['bad']:g} of {row['answers']} since {row['since']}, where {row['expected']:.0f} were expected"
        if not alarm.events.filter(verb="burns on", note=note).exists():
            AlarmEvent.objects.create(alarm=alarm, verb="burns on", note=note)
    if alarm.state == "ended":
        fields |= {
            "state": "acknowledged" if alarm.state_before == "acknowledged" else "open",
            "ended_at": None,
            "ending": "",
            "state_before": "",
        }
        AlarmEvent.objects.create(alarm=alarm, verb="burns again")
    for name, value in fields.items():
        setattr(alarm, name, value)
    alarm.save(update_fields=list(fields))


def _gone_on(alarm: Alarm, seen: Seen, *, today: dt.date) -> None:
    """What came after an alarm's window, and whether that says that it is over."""
    from winback.server.watch.looking import by_period, counted

    leaves = seen.of(alarm.theme.key if alarm.theme else None)
    course = by_period(leaves, alarm.by, alarm.segment)
    same_periods = alarm.is_share and alarm.every == seen.leaves.every
    later = [one for one in course if dt.date.fromisoformat(one["period"]) > alarm.until]
    fields: dict[str, Any] = {
        "later_answers": sum(one["answers"] for one in later), "later_bad": sum(one["bad"] for one in later),
        "through": max(seen.leaves.last_day, alarm.until),
        "course": course_with(alarm.course, course) if same_periods else alarm.course,
    }  # fmt: skip
    if alarm.state == "snoozed" and alarm.snoozed_until and alarm.snoozed_until < today:
        fields |= {"state": "open", "snoozed_until": None}
        AlarmEvent.objects.create(alarm=alarm, verb="snooze over")
        alarm.tellings.all().delete()  # who was told may be told again: it burns, and nobody has taken it on
        telling.tell(alarm=alarm, owners=telling.owners_for(alarm), today=today)
    over = _over(alarm, later, counted(leaves, alarm.by, alarm.segment, alarm.since, alarm.until), today)
    for name, value in fields.items():
        setattr(alarm, name, value)
    alarm.save(update_fields=list(fields))
    if over:
        _end(alarm, over)


def _end(alarm: Alarm, why: str) -> None:
    """It is over; what it was until then is kept, in case it burns again."""
    alarm.state_before, alarm.state, alarm.ending, alarm.ended_at = alarm.state, "ended", why, timezone.now()
    alarm.save(update_fields=["state_before", "state", "ending", "ended_at"])
    AlarmEvent.objects.create(alarm=alarm, verb=why)
    telling.tell_over(alarm=alarm, why=why)


def _over(alarm: Alarm, later: Sequence[dict[str, Any]], now: tuple[int, float], today: dt.date) -> str:
    from winback.server.watch.rules import LENGTH

    hot = (
        None
        if alarm.expected_share is None
        else alarm.expected_share + points(alarm.expected_share, alarm.effect) / 100
    )
    answers, bad = now
    if answers < alarm.answers and alarm.measure != "silence":
        left = is_over(alarm.measure, bad=bad, answers=answers, expected=alarm.expected_share, burning=hot, quiet=0)
        if left or answers <= alarm.answers / 2:
            return "withdrawn"
    length = dt.timedelta(days=LENGTH[alarm.every])
    past = [one for one in later if dt.date.fromisoformat(one["period"]) + length <= today]
    return is_over(
        alarm.measure, bad=sum(one["bad"] for one in past), answers=sum(one["answers"] for one in past),
        expected=alarm.expected_share, burning=hot, quiet=len(past),
    )  # fmt: skip
