"""How an alarm goes on: what came after its window, the end of a snooze, and when it is over."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from winback.server.watch import telling
from winback.server.watch.models import Alarm, AlarmEvent
from winback.server.watch.rules import LENGTH, course_with, is_over, points

if TYPE_CHECKING:
    from winback.server.watch.looking import Seen


def go_on(alarm: Alarm, seen: Seen, *, today: dt.date, told: bool = True) -> None:
    """What came after an alarm's window, and whether that says that it is over. `told`: whether anybody knows of it."""
    course, later = _after(alarm, seen)
    same_periods = alarm.is_share and alarm.every == seen.leaves.every
    fields: dict[str, Any] = {
        "later_answers": sum(one["answers"] for one in later), "later_bad": sum(one["bad"] for one in later),
        "through": max(seen.leaves.last_day, alarm.until),
        "course": course_with(alarm.course, course) if same_periods else alarm.course,
    }  # fmt: skip
    over = over_by(alarm, seen, today=today)
    for name, value in fields.items():
        setattr(alarm, name, value)
    alarm.save(update_fields=list(fields))
    if over:
        end(alarm, over, told=told)
    elif alarm.state == "snoozed" and alarm.snoozed_until and alarm.snoozed_until < today:
        wake(alarm, today=today)


def wake(alarm: Alarm, *, today: dt.date) -> None:
    """A snooze is over and it still burns: whoever has it, or owns its segment, is told again."""
    alarm.state, alarm.snoozed_until = "open", None
    alarm.save(update_fields=["state", "snoozed_until"])
    AlarmEvent.objects.create(alarm=alarm, verb="snooze over")
    alarm.tellings.all().delete()
    owners = telling.owners_for(alarm)
    telling.tell(alarm=alarm, owners=[*owners, *([alarm.assigned_to_id] if alarm.assigned_to_id else [])], today=today)


def end(alarm: Alarm, why: str, *, told: bool = True) -> None:
    """It is over; what it was until then is kept, in case it burns again."""
    alarm.state_before, alarm.state, alarm.ending, alarm.ended_at = alarm.state, "ended", why, timezone.now()
    alarm.save(update_fields=["state_before", "state", "ending", "ended_at"])
    AlarmEvent.objects.create(alarm=alarm, verb=why)
    if told:
        telling.tell_over(alarm=alarm, why=why)


def _after(alarm: Alarm, seen: Seen) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The counts of an alarm's segment in every period, and in those after its window."""
    from winback.server.watch.counting import by_period

    course = by_period(seen.of(alarm.theme.key if alarm.theme else None), alarm.by, alarm.segment)
    return course, [one for one in course if dt.date.fromisoformat(one["period"]) > alarm.until]


def over_by(alarm: Alarm, seen: Seen, *, today: dt.date) -> str:
    """Why an alarm is over by what is known now, as `rules.is_over` says, or "withdrawn"; "" while it is not."""
    from winback.server.watch.counting import counted

    leaves, (_, later) = seen.of(alarm.theme.key if alarm.theme else None), _after(alarm, seen)
    now = counted(leaves, alarm.by, alarm.segment, alarm.since, alarm.until)
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
