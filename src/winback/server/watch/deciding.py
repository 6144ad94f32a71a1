"""What people do with an alarm: take it on, give it to somebody, snooze it, dismiss it, judge it; and take that back.

Each says which state of the alarm it was decided on (`seen`): who comes second reads what the first did, instead of
undoing it unawares.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from winback.errors import UserError
from winback.report.words import full_day
from winback.server.database import atomic
from winback.server.watch import telling
from winback.server.watch.models import BURNING, REASONS, VERDICTS, Alarm, AlarmEvent, SegmentOwner
from winback.server.watch.planning import today_in
from winback.server.watch.rules import within_scope
from winback.server.workspaces import audit
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Membership
from winback.server.workspaces.rules import Scope

LONGEST_SNOOZE = 92  # days
LONGEST_NOTE = 500


def take(*, by: Access, alarm: Alarm, seen: int, note: str = "") -> Alarm:
    """Take an alarm on: it is in hand, and evidence of it begins anew from here."""
    with atomic():
        held = _held(by, alarm, seen)
        _must_burn(held)
        mine = by.user.pk if by.user else None
        return _done(
            by, held, "took it on", note, state="acknowledged", taken_by_id=mine, snoozed_until=None,
            assigned_to_id=mine or held.assigned_to_id, known_until=held.through,
        )  # fmt: skip


def dismiss(*, by: Access, alarm: Alarm, seen: int, reason: str, note: str = "") -> Alarm:
    """Say that an alarm needs nothing, and why; who finds the same fire again is not told. Raises UserError without a reason."""
    if reason not in REASONS:
        raise UserError("Say why it is dismissed: that is how the watch is judged later.")
    with atomic():
        held = _held(by, alarm, seen)
        _must_burn(held)
        return _done(
            by,
            held,
            "dismissed it",
            note,
            state="dismissed",
            reason=reason,
            snoozed_until=None,
            known_until=held.through,
        )


def assign(*, by: Access, alarm: Alarm, seen: int, email: str) -> Alarm:
    """Give an alarm to a colleague, who is told. Raises UserError for somebody who may not see it."""
    with atomic():
        held = _held(by, alarm, seen)
        found = Membership.objects.filter(workspace=by.workspace, user__email=email).select_related("user").first()
        if found is None or not within_scope(Scope.of(found.scope), held.by, held.segment):
            raise UserError(f'"{email}" is nobody here who may see this flare-up.')
        _must_burn(held)
        changed = _done(by, held, "gave it to", str(found.user), assigned_to_id=found.user.pk)
        if by.user is None or found.user.pk != by.user.pk:
            telling.tell_assigned(alarm=changed, user=found.user, by=by)
        return changed


def snooze(*, by: Access, alarm: Alarm, seen: int, until: dt.date) -> Alarm:
    """Have an alarm wait until after a day; then it is told again if it still burns. Raises UserError for a day that is none."""
    today = today_in(by.workspace)
    if not today <= until <= today + dt.timedelta(days=LONGEST_SNOOZE):
        raise UserError(f"Choose a day from today to {today + dt.timedelta(days=LONGEST_SNOOZE)}.")
    with atomic():
        held = _held(by, alarm, seen)
        _must_burn(held)
        return _done(by, held, "snoozed it", f"until {full_day(until)}", state="snoozed", snoozed_until=until)


def judge(*, by: Access, alarm: Alarm, seen: int, verdict: str) -> Alarm:
    """Say whether there was something behind it: real, not real, or can't tell."""
    if verdict not in VERDICTS:
        raise UserError(f"Say {', '.join(VERDICTS[:-1])} or {VERDICTS[-1]}.")
    with atomic():
        held = _held(by, alarm, seen)
        return _done(by, held, "says", verdict, verdict=verdict)


def note(*, by: Access, alarm: Alarm, text: str) -> None:
    """Write down what is being done. Notes stand beside each other, so that no two are in each other's way."""
    text = text.strip()
    if not text or len(text) > LONGEST_NOTE:
        raise UserError(f"Write a note of at most {LONGEST_NOTE} characters.")
    with atomic():
        AlarmEvent.objects.create(alarm=alarm, by=by.user, verb="noted", note=text)
        audit.record(verb="flare-up noted", target=str(alarm.pk), by=by)


def undo(*, by: Access, alarm: Alarm, seen: int) -> Alarm:
    """Take back the last thing that was done: one's own, or as a manager anybody's. Raises UserError where there is none."""
    with atomic():
        held = _held(by, alarm, seen)
        last = held.events.filter(before__isnull=False, undone_at=None).order_by("-id").first()
        if last is None:
            raise UserError("There is nothing to undo.")
        if not may_undo(by, last):
            raise UserError(f"{last.by or 'Somebody'} {last.verb}; ask them, or a manager, to undo it.")
        before = {name: _as_stored(name, value) for name, value in (last.before or {}).items()}
        if held.state == "ended" and "state" in before:  # the watch has ended it meanwhile: that stays
            before["state_before"] = before.pop("state")
        AlarmEvent.objects.filter(pk=last.pk).update(undone_at=timezone.now())
        return _done(by, held, "undid", f"“{last.verb}” of {last.by or 'somebody'}", undoable=False, **before)


def may_undo(by: Access, event: AlarmEvent) -> bool:
    return by.may("manager") or (by.user is not None and event.by_id == by.user.pk)


def own(*, by: Access, attribute: str, value: str, email: str) -> SegmentOwner:
    """Say who owns a segment: alarms there go to them. Raises UserError for who may not see it, or a blank segment."""
    attribute, value = attribute.strip(), value.strip()
    if not (0 < len(attribute) <= 120 and 0 < len(value) <= 200):
        raise UserError("Say which attribute, such as region, and which of its values, such as North.")
    found = Membership.objects.filter(workspace=by.workspace, user__email=email).select_related("user").first()
    if found is None or not within_scope(Scope.of(found.scope), [attribute], [value]):
        raise UserError(f'"{email}" is nobody here who may see {attribute} {value}.')
    with atomic():
        owner, made = SegmentOwner.objects.get_or_create(
            workspace=by.workspace, user=found.user, attribute=attribute, value=value
        )
        if made:
            audit.record(verb="segment owner named", target=found.user.email, by=by, attribute=attribute, value=value)
    return owner


def disown(*, by: Access, pk: int) -> None:
    """Take an owner away; from then on alarms there go to the other owners, or to the managers."""
    with atomic():
        owner = SegmentOwner.objects.select_related("user").filter(workspace=by.workspace, pk=pk).first()
        if owner is not None:
            audit.record(
                verb="segment owner taken away",
                target=owner.user.email,
                by=by,
                attribute=owner.attribute,
                value=owner.value,
            )
            owner.delete()


def _held(by: Access, alarm: Alarm, seen: int) -> Alarm:
    """The alarm, locked, if it is still as it was seen. Raises UserError with who did what meanwhile."""
    held = Alarm.objects.select_for_update().get(pk=alarm.pk, workspace=by.workspace)
    if held.changes != seen:
        last = held.events.filter(by__isnull=False).exclude(verb="noted").order_by("-id").first()
        did = f"{last.by} {last.verb}{f' ({last.note})' if last.note else ''}" if last else "it changed"
        raise UserError(f"Meanwhile {did}. Look at it again, then decide.")
    return held


def _must_burn(alarm: Alarm) -> None:
    if alarm.state not in BURNING:
        raise UserError(
            "This flare-up is dismissed. Undo that first." if alarm.state == "dismissed" else "This flare-up is over."
        )


def _done(by: Access, alarm: Alarm, verb: str, note: str = "", *, undoable: bool = True, **fields: Any) -> Alarm:
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise UserError(f"The note is longer than {LONGEST_NOTE} characters.")
    before = {name: _plain(getattr(alarm, name)) for name in fields}
    for name, value in fields.items():
        setattr(alarm, name, value)
    alarm.changes += 1
    alarm.save(update_fields=[*(name.removesuffix("_id") for name in fields), "changes"])
    AlarmEvent.objects.create(alarm=alarm, by=by.user, verb=verb, note=note, before=before if undoable else None)
    audit.record(verb=f"flare-up: {verb}", target=str(alarm.pk), by=by)
    return alarm


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _as_stored(name: str, value: Any) -> Any:
    return dt.date.fromisoformat(value) if name.endswith("_until") and value else value
