"""Webhooks hear of feedback that came row by row: how much, from which source, about once a minute."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count

from winback.server.database import atomic
from winback.server.feedback.models import Feedback, FeedbackTold
from winback.server.outbox.actions import announce
from winback.server.outbox.models import WebhookTarget
from winback.server.workspaces.models import Workspace

LEAST = dt.timedelta(seconds=30)  # between two looks: longer than a row is on its way from its number to its commit


def tell(*, now: dt.datetime) -> int:
    """Tell the webhooks of every workspace that has any what came since; returns how many rows they were told of.

    Numbers of rows are given before the rows are there. So what is told of is what had its number at the look before.
    """
    listening = WebhookTarget.objects.filter(off_at__isnull=True, workspace__removing_at__isnull=True)
    ids = sorted(set(listening.values_list("workspace_id", flat=True)))
    with atomic():
        FeedbackTold.objects.exclude(workspace__in=ids).delete()  # who listens again later hears of what comes then
    newest = Feedback.objects.order_by("-id").values_list("id", flat=True).first() or 0
    return sum(_tell(workspace, newest, now) for workspace in Workspace.objects.filter(pk__in=ids))


def _tell(workspace: Workspace, newest: int, now: dt.datetime) -> int:
    with atomic():
        start = {"told": newest, "seen": newest, "looked_at": now}
        state, made = FeedbackTold.objects.select_for_update().get_or_create(workspace=workspace, defaults=start)
        if made or abs(now - state.looked_at) < LEAST:
            return 0
        fresh = Feedback.objects.filter(id__gt=state.told, id__lte=state.seen, workspace=workspace, run__live=True)
        counted = dict(fresh.values_list("source__name").order_by("source__name").annotate(Count("id")))
        state.told, state.seen, state.looked_at = state.seen, max(newest, state.seen), now
        state.save()
        if counted:
            announce(
                workspace=workspace, event="feedback.received", data={"count": sum(counted.values()), "sources": counted}
            )  # fmt: skip
    return sum(counted.values())
