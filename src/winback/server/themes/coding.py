"""Writes of readings: what a person finds in a comment, and what is settled where two found different themes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from winback.errors import UserError
from winback.server.database import atomic
from winback.server.feedback.models import Feedback
from winback.server.feedback.queries import feedback_for
from winback.server.sources.actions import mark_dirty
from winback.server.themes.actions import nodes_of
from winback.server.themes.models import Coding, DeskLease, Reading, Skipped, Theme
from winback.server.themes.rules import ends, excerpt, is_double, words_digest
from winback.server.themes.words import Key
from winback.server.workspaces import audit
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Workspace

Span = tuple[int, int]


class Meanwhile(UserError):  # noqa: N818 (it reads as what happened)
    """What is on somebody's screen is not so any more. Nothing was saved; `chosen` is what can still be saved."""

    def __init__(self, sentence: str, chosen: Sequence[int]) -> None:
        super().__init__(sentence)
        self.chosen = tuple(chosen)


@dataclass(frozen=True)
class Coded:
    """A reading that was saved, and what has to be told about it: themes that had been merged meanwhile."""

    reading: Reading
    notes: tuple[str, ...] = ()


def code(
    *, access: Access, key: Key, themes: Sequence[int], digest: int, spans: Mapping[int, Span] | None = None
) -> Coded:
    """Save which themes a person finds in a comment, main theme first; none is an answer too.

    `digest` is of the words the person saw, `spans` say where in them a theme stands. Saving again replaces one's own
    reading. Raises Meanwhile where the words were changed or a theme retired since; a merged theme counts as the one it
    went into. Raises Http404 outside the scope.
    """
    if access.user is None:
        raise UserError("Comments are coded by people; an API key is none.")
    with atomic():
        row = _held(access, key)
        chosen, notes = _resolved(access.workspace, row, themes, digest)
        others = Reading.objects.filter(source_id=key[0], external_id=key[1], kind="person", digest=digest)
        others = others.exclude(coder=access.user)
        reading = _write(row, "person", access, digest, chosen, _followed(access.workspace, spans or {}))
        if (first := others.order_by("at", "id").first()) is not None:
            Reading.objects.filter(pk__in=[first.pk, reading.pk]).update(double="done")
        elif is_double(*key, access.workspace.double_coding):
            Reading.objects.filter(pk=reading.pk).update(double="waits")
        stand(row=row, digest=digest)
        DeskLease.objects.filter(source_id=key[0], external_id=key[1], user=access.user).delete()
        Skipped.objects.filter(source_id=key[0], external_id=key[1], user=access.user).delete()
        audit.record(verb="comment coded", target=f"feedback {row.pk}", by=access, themes=len(chosen))
    return Coded(reading, tuple(notes))


def settle(*, access: Access, key: Key, themes: Sequence[int], digest: int) -> Coded:
    """Say which themes count where two people found different ones: by a third person, or by a manager."""
    if access.user is None:
        raise UserError("Disagreements are settled by people; an API key is none.")
    with atomic():
        row = _held(access, key)
        two = Reading.objects.filter(source_id=key[0], external_id=key[1], kind="person", digest=digest)
        if two.filter(coder=access.user).exists() and not access.may("manager"):
            raise PermissionDenied("You coded this comment yourself: a third person, or a manager, settles it.")
        if two.count() < 2:
            raise UserError("Two people have not read these words: there is nothing to settle.")
        chosen, notes = _resolved(access.workspace, row, themes, digest)
        reading = _write(row, "settled", access, digest, chosen, _spans(two))
        stand(row=row, digest=digest)
        audit.record(verb="disagreement settled", target=f"feedback {row.pk}", by=access, themes=len(chosen))
    return Coded(reading, tuple(notes))


def found_by(*, access: Access, key: Key, pk: int) -> list[int]:
    """The themes that one of a comment's readings found. Raises UserError where it is there no more."""
    row = row_of(access, key)
    reading = Reading.objects.filter(pk=pk, source_id=row.source_id, external_id=row.external_id).first()
    if reading is None:
        raise UserError("That reading is not there any more. Look at the disagreements again.")
    return list(reading.codings.order_by("place").values_list("theme_id", flat=True))


def row_of(access: Access, key: Key) -> Feedback:
    """The visible row of a comment. Raises Http404 where this access may not see it."""
    row: Feedback | None = feedback_for(access).filter(source_id=key[0], external_id=key[1]).first()
    if row is None:
        raise Http404("There is no such comment.")
    return row


def _held(access: Access, key: Key) -> Feedback:
    """The row of a comment as it is once nobody else writes it: who waited for an erasure does not code what it took."""
    row = row_of(access, key)
    return row if locked([row]) else row_of(access, key)


def locked(rows: Sequence[Feedback]) -> list[Feedback]:
    """Keep others who code these comments, people or the model, waiting until this transaction ends.

    Without it two who save in one moment would both find their reading to be the first. Returns those of the rows that
    are as they were read: not written again, and not erased.
    """
    there = Feedback.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk").select_for_update(no_key=True)
    now = {pk: as_read for pk, *as_read in there.values_list("pk", "external_id", "updated_at")}
    return [row for row in rows if now.get(row.pk) == [row.external_id, row.updated_at]]


def stand(*, row: Feedback, digest: int) -> None:
    """Have the right reading of a comment stand: what was settled, else the first person's, else the model's.

    Who stands and corrects themselves goes on standing. Readings of other words do not stand, nor do they wait for a second
    person. Marks the day to be exported again; call it in a transaction.
    """
    readings = list(Reading.objects.filter(source_id=row.source_id, external_id=row.external_id))
    order = {"settled": 0, "person": 1, "model": 2}
    fit = sorted((r for r in readings if r.digest == digest), key=lambda r: (order[r.kind], not r.stands, r.at, r.pk))
    chosen = fit[0] if fit else None
    old = [r.pk for r in readings if r.double == "waits" and r.digest != digest]
    if old:
        Reading.objects.filter(pk__in=old).update(double="")
    gone = [r.pk for r in readings if r.stands and r is not chosen]
    if gone:
        Reading.objects.filter(pk__in=gone).update(stands=False)
    if chosen is not None and not chosen.stands:
        Reading.objects.filter(pk=chosen.pk).update(stands=True)
    mark_dirty(workspace=Workspace(pk=row.workspace_id), table="codings", days=[row.local_date])


def _write(
    row: Feedback, kind: str, access: Access, digest: int, themes: Sequence[int], spans: Mapping[int, Span]
) -> Reading:
    key: dict[str, Any] = {"source_id": row.source_id, "external_id": row.external_id, "kind": kind}
    if kind == "person":
        key["coder"] = access.user
    values = {
        "workspace_id": row.workspace_id, "digest": digest, "seen": row.updated_at, "at": timezone.now(),
        "coder": access.user, "double": "",
        "outcome": "assigned" if themes else "rejected",
    }  # fmt: skip
    reading, made = Reading.objects.update_or_create(
        **key, defaults=values, create_defaults={**values, "stands": False}
    )
    if not made:
        reading.codings.all().delete()
    suggested = _spans(Reading.objects.filter(source_id=row.source_id, external_id=row.external_id, kind="model"))
    codings = []
    for place, theme in enumerate(themes):
        start, end = spans.get(theme) or suggested.get(theme) or (None, None)
        if not excerpt(row.comment, start, end):
            start = end = None
        codings.append(Coding(reading=reading, theme_id=theme, place=place, start=start, end=end))
    Coding.objects.bulk_create(codings)
    return reading


def _spans(readings: QuerySet[Reading]) -> dict[int, Span]:
    """Where these readings say that a theme stands."""
    found = Coding.objects.filter(reading__in=readings).order_by("-reading__at")
    places = found.values_list("theme_id", "start", "end")
    return {theme: (start, end) for theme, start, end in places if start is not None and end is not None}


def _followed(workspace: Workspace, spans: Mapping[int, Span]) -> dict[int, Span]:
    """Words that were marked for a theme carry the one it was merged into; what was marked for that one itself comes first."""
    last = ends(nodes_of(workspace))
    moved = {end: span for pk, span in spans.items() if (end := last.get(pk)) is not None}
    return {**moved, **spans}


def _resolved(workspace: Workspace, row: Feedback, themes: Sequence[int], digest: int) -> tuple[list[int], list[str]]:
    """The themes that count for those chosen, and what is to be told."""
    last = ends(nodes_of(workspace))
    names = dict(Theme.objects.filter(workspace=workspace).values_list("pk", "name"))
    unknown = [pk for pk in themes if pk not in last]
    if unknown:
        raise Http404("There is no such theme.")
    found = [end for pk in themes if (end := last[pk]) is not None]
    chosen = list(dict.fromkeys(found))
    if words_digest(row.comment) != digest:
        raise Meanwhile("The words of this comment were changed by an import meanwhile. Here they are as they stand now; nothing was saved.", chosen)  # fmt: skip
    gone = [names[pk] for pk in themes if last[pk] is None]
    if gone:
        raise Meanwhile(f'"{gone[0]}" was retired while you coded. Nothing was saved; your other choices are still ticked.', chosen)  # fmt: skip
    notes = [f'"{names[pk]}" has been merged into "{names[end]}" meanwhile: it was coded as that.' for pk in themes if (end := last[pk]) is not None and end != pk]  # fmt: skip
    return chosen, notes
