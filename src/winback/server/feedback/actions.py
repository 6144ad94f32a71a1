"""The one door for feedback that comes row by row: the API, surveys, calls. Files come through server/imports."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from winback.errors import UserError
from winback.scales import Bands
from winback.server.customers.actions import ensure_customers
from winback.server.database import atomic
from winback.server.feedback.models import Feedback
from winback.server.feedback.rules import NewFeedback, checked, digest, local_date
from winback.server.sources.actions import live_run, mark_dirty
from winback.server.sources.models import Source
from winback.server.sources.rules import Recorded
from winback.server.workspaces import audit
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Workspace

WRITTEN = (
    "occurred_at", "local_date", "customer", "respondent", "score", "kind", "survey", "channel", "touchpoint",
    "journey_stage", "product", "language", "comment", "money", "weight", "attributes", "digest", "updated_at",
)  # fmt: skip


def record(*, workspace: Workspace, source: Source, rows: Sequence[NewFeedback], by: Access | None = None) -> Recorded:
    """Take pieces of feedback: each is made, or changed where its source and external id are known, or left as it is.

    Rows that cannot be taken are refused one by one and cost the others nothing. Doing the same again changes nothing.
    One audit event for all. `occurred_at` of rows without a time is now.
    """
    bands = Bands.of(source.scale, detractors=source.detractors or None, promoters=source.promoters or None)
    now = timezone.now()
    good: dict[str, tuple[NewFeedback, int]] = {}
    refused: list[tuple[int, str]] = []
    for place, row in enumerate(rows):
        try:
            good[row.external_id] = (checked(row, bands), digest(row))  # the last of two with one id is what counts
        except UserError as error:
            refused.append((place, str(error)))
    with atomic():
        run = live_run(source=source)
        there = {
            external_id: (hashed, day)
            for external_id, hashed, day in Feedback.objects.filter(
                source=source, run=run, external_id__in=list(good)
            ).values_list("external_id", "digest", "local_date")
        }
        wanted = {key: row for key, (row, hashed) in good.items() if key not in there or there[key][0] != hashed}
        customers = ensure_customers(
            workspace=workspace, run=run, external_ids={row.customer for row in wanted.values() if row.customer}
        )
        days = {there[key][1] for key in wanted if key in there}
        made = []
        for key, row in wanted.items():
            moment = row.occurred_at or now
            day = local_date(moment, workspace.zone)
            days.add(day)
            made.append(
                Feedback(
                    workspace=workspace, source=source, run=run, external_id=key, occurred_at=moment, local_date=day,
                    customer_id=customers.get(row.customer), respondent=row.respondent, score=row.score, kind=row.kind,
                    survey=row.survey, channel=row.channel, touchpoint=row.touchpoint, journey_stage=row.journey_stage,
                    product=row.product, language=row.language, comment=row.comment, money=row.money, weight=row.weight,
                    attributes=dict(row.attributes), digest=good[key][1], updated_at=now,
                )
            )  # fmt: skip
        if made:
            Feedback.objects.bulk_create(
                made,
                update_conflicts=True,
                unique_fields=["source", "external_id", "run"],
                update_fields=WRITTEN,
                batch_size=1000,
            )
            mark_dirty(workspace=workspace, table="feedback", days=days)
        result = Recorded(
            new=sum(key not in there for key in wanted),
            changed=sum(key in there for key in wanted),
            same=len(good) - len(wanted),
            refused=tuple(refused),
        )
        if len(rows) > 1:
            audit.record(
                verb="feedback recorded", target=source.name, by=by, workspace=workspace,
                new=result.new, changed=result.changed, same=result.same, refused=len(refused),
            )  # fmt: skip
    return result
