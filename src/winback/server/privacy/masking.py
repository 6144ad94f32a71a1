"""Masking comments that are here already, and attributes that are sentences: counted first, then done, in chunks; what
people found in comments stays found.

All versions of a comment are masked, seen or not, so that undoing an import brings back none. What was not read in
(rejected rows) is masked by form alone. Words are looked for with the names the workspace knows now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from winback.server.database import atomic
from winback.server.feedback.masking import COMMENTS, Masking, is_sentence
from winback.server.feedback.models import Feedback
from winback.server.imports.asked import SINGLE
from winback.server.jobs.actions import enqueue
from winback.server.jobs.models import Job
from winback.server.privacy.actions import overwriting
from winback.server.sources.actions import mark_dirty
from winback.server.sources.models import RejectedRow
from winback.server.themes.models import Coding, Reading, Theme
from winback.server.themes.rules import words_digest
from winback.server.workspaces import audit
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Workspace
from winback.text.masking import Masked, merged

TASK = "privacy.mask"
AT_ONCE = 1_000
_NOTHING: Mapping[str, int] = {}


@dataclass(frozen=True)
class Came:
    """How far a walk over the comments has come: after which row, and what was found so far."""

    after: int = 0
    rows: int = 0
    counts: Mapping[str, int] = field(default_factory=lambda: dict(_NOTHING))


def ask(*, by: Access, write: bool) -> Job:
    """Have what is here counted, or masked."""
    with atomic():
        verb = "masking of comments begun" if write else "personal data in comments counted"
        audit.record(verb=verb, target=by.workspace.slug, by=by)
        key = f"{'mask' if write else 'count'} {by.workspace.pk}"
        return enqueue(task=TASK, workspace_id=by.workspace.pk, key=key, workspace=by.workspace.pk, write=write)


def last(workspace: Workspace) -> Job | None:
    """The last time something was counted or masked here."""
    return Job.objects.filter(task=TASK, workspace_id=workspace.pk).order_by("-id").first()


def comments_of(workspace: Workspace) -> QuerySet[Feedback]:
    """Every answer that may say something, seen or not."""
    return Feedback.objects.filter(workspace=workspace).exclude(comment="", attributes={})


def some(*, workspace: Workspace, masking: Masking, came: Came, write: bool) -> Came | None:
    """Look at the next comments, and mask them if `write`; None at the end."""
    fields = (
        "id",
        "comment",
        "attributes",
        "customer_id",
        "respondent",
        "updated_at",
        "local_date",
        "source_id",
        "external_id",
    )
    with overwriting(), atomic():
        found = comments_of(workspace).filter(id__gt=came.after).order_by("id").only(*fields)
        rows = list((found.select_for_update(no_key=True, of=("self",)) if write else found)[:AT_ONCE])
        if not rows:
            return None
        masking.learn({row.customer_id for row in rows if row.customer_id is not None})
        masked = []
        for row in rows:
            who = row.customer_id, row.respondent
            masked.append((row, masking.one(row.comment, *who), masking.sentences(row.attributes, *who)))
        hit = [(row, one, more) for row, one, more in masked if one.found or more]
        if hit and write:
            for row, _, more in hit:
                row.attributes = {**row.attributes, **{name: one.text for name, one in more.items()}}
            _write(workspace, [(row, one) for row, one, _ in hit])
    counts: Counter[str] = Counter({COMMENTS: len(hit)})
    for _, one, more in hit:
        for each in (one, *more.values()):
            counts.update(each.counts())
    said = sum(bool(row.comment) or any(map(is_sentence, row.attributes.values())) for row in rows)
    return Came(rows[-1].pk, came.rows + said, merged(came.counts, counts))


def rejected(*, workspace: Workspace, masking: Masking) -> int:
    """Mask rejected rows of answers that are kept; returns how many changed."""
    found = RejectedRow.objects.filter(run__workspace=workspace, run__table="feedback").select_related("run")
    changed = []
    for row in found.iterator(chunk_size=2000):
        ids = {str(row.run.mapping.get("columns", {}).get(role, "")) for role in SINGLE}
        after, message = masking.row(row.row, ids), masking.text(row.message)[:500]
        if (after, message) != (row.row, row.message):
            row.row, row.message = after, message
            changed.append(row)
    for start in range(0, len(changed), AT_ONCE):
        with overwriting(), atomic():
            RejectedRow.objects.bulk_update(changed[start : start + AT_ONCE], ["row", "message"], batch_size=200)
    return len(changed)


def end(*, workspace: Workspace, counts: Mapping[str, Any], rows: int) -> None:
    """Note what was masked."""
    with atomic():
        audit.record(verb="comments masked", target=workspace.slug, workspace=workspace, looked_at=rows, **counts)


def _write(workspace: Workspace, hit: Sequence[tuple[Feedback, Masked]]) -> None:
    """The masked words, the days to be written again, and the readings of these comments moved with them."""
    now = timezone.now()
    moves: dict[tuple[int, str, int], tuple[Masked, int]] = {}
    seen: dict[tuple[int, str, Any], None] = {}
    for row, masked in hit:
        digest = words_digest(row.comment)
        moves[row.source_id, row.external_id, digest] = masked, words_digest(masked.text)
        seen[row.source_id, row.external_id, row.updated_at] = None
        row.comment, row.updated_at = masked.text, now
    Feedback.objects.bulk_update([row for row, _ in hit], ["comment", "attributes", "updated_at"], batch_size=200)
    mark_dirty(workspace=workspace, table="feedback", days={row.local_date for row, _ in hit})
    seen_now = set(Feedback.objects.visible(workspace).filter(pk__in=[row.pk for row, _ in hit]).values_list("pk", flat=True))  # fmt: skip
    _move_quotations(workspace, {(row.source_id, row.external_id): masked for row, masked in hit if row.pk in seen_now})
    ids = sorted({row.external_id for row, _ in hit})
    for start in range(0, len(ids), 500):
        for reading in Reading.objects.filter(workspace=workspace, external_id__in=ids[start : start + 500]):
            key = reading.source_id, reading.external_id
            # of several versions with the same words the one that was read may not be the first that is masked
            if moved := moves.get((*key, reading.digest)):
                _move(reading, *moved)
            if (*key, reading.seen) in seen:
                reading.seen = now
            reading.save(update_fields=["digest", "seen"])


def _move_quotations(workspace: Workspace, masked: Mapping[tuple[int, str], Masked]) -> None:
    """The places that themes, and what is suggested for them, quote in these comments, as they are now."""

    def moved(place: dict[str, Any]) -> dict[str, Any]:
        one = masked.get((place["source"], place["external_id"]))
        if one is None or place.get("start") is None:
            return place
        return {**place, "start": one.moved(place["start"]), "end": one.moved(place["end"], end=True)}

    for theme in Theme.objects.filter(workspace=workspace).select_for_update(no_key=True):
        examples = [moved(place) for place in theme.examples]
        suggestion = theme.suggestion and {
            **theme.suggestion, "places": [moved(place) for place in theme.suggestion.get("places", ())],
        }  # fmt: skip
        if (examples, suggestion) != (theme.examples, theme.suggestion):
            theme.examples, theme.suggestion = examples, suggestion
            theme.save(update_fields=["examples", "suggestion"])


def _move(reading: Reading, masked: Masked, digest: int) -> None:
    """The places in a comment that themes were found at, as they are now."""
    reading.digest = digest
    placed = list(Coding.objects.filter(reading=reading, start__isnull=False))
    for coding in placed:
        assert coding.start is not None
        assert coding.end is not None
        coding.start, coding.end = masked.moved(coding.start), masked.moved(coding.end, end=True)
    Coding.objects.bulk_update(placed, ["start", "end"])


def worded(counts: Mapping[str, int]) -> str:
    """Counts in words: "12 comments: phone 9, name 4"."""
    kinds = ", ".join(
        f"{kind} {count:,}" for kind, count in sorted(counts.items(), key=lambda one: -one[1]) if kind != COMMENTS
    )
    number = counts.get(COMMENTS, 0)
    return f"{number:,} {'comment' if number == 1 else 'comments'}{f': {kinds}' if kinds else ''}"
