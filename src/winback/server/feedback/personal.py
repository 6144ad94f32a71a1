"""What a person has said. Erased, the score, its day and its segments stay, as nobody's."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from winback.server.customers.queries import attribute
from winback.server.database import atomic
from winback.server.feedback.models import Feedback, FeedbackTold
from winback.server.redaction import Person
from winback.server.sources.actions import mark_dirty
from winback.server.workspaces.models import Workspace

MODELS = (Feedback, FeedbackTold)
ALIKE = 5  # others who share a value: with fewer, it could be told who it was
FREE = ("channel", "touchpoint", "journey_stage", "product")


def of(person: Person) -> QuerySet[Feedback]:
    """Everything the person has said, seen or not."""
    mine = Q(customer_id__in=person.customer_ids) | Q(respondent__in=person.people)
    return Feedback.objects.filter(mine, workspace_id=person.workspace_id)


def erased_ids(person: Person) -> dict[tuple[int, str], str]:
    """The id that each of the person's answers will have, by source and id: one for all versions of an answer."""
    keys = dict.fromkeys(of(person).order_by("id").values_list("source_id", "external_id"))
    return {key: f"erased-{person.token}-{place}" for place, key in enumerate(keys)}


def erase(*, person: Person) -> dict[str, int]:
    """Take away words, ids and whatever few others share; mark the days to be exported again.

    Asked again, it takes what came in since.
    """
    workspace = Workspace.objects.get(pk=person.workspace_id)
    days = set()
    ids = erased_ids(person)
    rows = list(of(person).exclude(external_id__startswith=f"erased-{person.token}-").order_by("id"))
    shared: dict[tuple[str, str], bool] = {}
    own = {row.pk for row in rows}
    for row in rows:
        days.add(row.local_date)
        row.comment = ""
        row.external_id = ids[row.source_id, row.external_id]
        row.respondent = f"erased-{person.token}" if row.respondent else ""
        row.attributes = {
            name: value
            for name, value in row.attributes.items()
            if not person.holds([name, value]) and _shared(workspace, name, value, own, shared)
        }
        for name in FREE:
            setattr(row, name, "" if person.holds(getattr(row, name)) else getattr(row, name))
        row.digest = 0
        row.updated_at = timezone.now()
    written = ["comment", "external_id", "respondent", "attributes", *FREE, "digest", "updated_at"]
    with atomic():
        Feedback.objects.bulk_update(rows, written, batch_size=200)
        if days:
            mark_dirty(workspace=workspace, table="feedback", days=days)
    return {"answers": len(rows)}


def _shared(workspace: Workspace, name: str, value: Any, own: set[int], known: dict[tuple[str, str], bool]) -> bool:
    """Whether several others have this value: then it says of which group somebody was, and not who."""
    key = (name, str(value))
    if key not in known:
        others = Feedback.objects.filter(workspace=workspace).annotate(told=attribute(name)).filter(told=str(value))
        known[key] = len(set(others.values_list("pk", flat=True)[: ALIKE + len(own)]) - own) >= ALIKE
    return known[key]


def export(*, person: Person) -> dict[str, list[dict[str, Any]]]:
    rows = of(person).select_related("source").order_by("occurred_at", "id")
    return {"answers": [_plain(row) for row in rows]}


def forget(*, workspace_id: int, before: dt.date, most: int) -> int:
    """Blank the words of answers given before a day; of those without a day, whose file came before it."""
    workspace = Workspace.objects.get(pk=workspace_id)
    undated = Q(local_date__isnull=True, run__created_at__date__lt=before)
    old = Feedback.objects.filter(Q(local_date__lt=before) | undated, workspace=workspace).exclude(comment="")
    found = dict(old.values_list("pk", "local_date")[:most])
    if found:
        with atomic():
            Feedback.objects.filter(pk__in=list(found)).update(comment="", updated_at=timezone.now())
            mark_dirty(workspace=workspace, table="feedback", days=set(found.values()))
    return len(found)


def _plain(row: Feedback) -> dict[str, Any]:
    return {
        "source": row.source.name, "id": row.external_id, "said": row.occurred_at or row.local_date,
        "person": row.respondent, "score": row.score, "kind": row.kind, "survey": row.survey, "channel": row.channel,
        "touchpoint": row.touchpoint, "journey stage": row.journey_stage, "product": row.product,
        "language": row.language, "comment": row.comment, "money": row.money, "attributes": row.attributes,
    }  # fmt: skip
