"""The days of answers, reckoned again when the workspace has moved to another time zone.

Those that came row by row, with a moment. A file's days are as the file was read: its dates may be days without a time.
"""

from __future__ import annotations

from winback.server.database import atomic
from winback.server.feedback.models import Feedback
from winback.server.feedback.rules import local_date
from winback.server.sources.actions import mark_dirty
from winback.server.workspaces.models import Workspace

AT_ONCE = 1_000


def rezone(*, workspace: Workspace, after: int) -> tuple[int, int] | None:
    """Reckon the days of the next rows after this id; the id it has come to and how many changed, None at the end."""
    with atomic():
        found = Feedback.objects.filter(workspace=workspace, run__live=True, occurred_at__isnull=False, id__gt=after)
        rows = list(
            found.select_for_update(no_key=True, of=("self",)).order_by("id").only("id", "occurred_at", "local_date")[:AT_ONCE]
        )  # fmt: skip
        days, changed = set(), []
        for row in rows:
            if row.occurred_at is not None and (day := local_date(row.occurred_at, workspace.zone)) != row.local_date:
                days |= {row.local_date, day}
                row.local_date = day
                changed.append(row)
        if changed:
            Feedback.objects.bulk_update(changed, ["local_date"], batch_size=200)
            mark_dirty(workspace=workspace, table="feedback", days=days)
    return (rows[-1].pk, len(changed)) if rows else None
