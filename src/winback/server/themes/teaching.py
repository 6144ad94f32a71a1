"""When what people coded is learned: at once for the comment on a desk, and within minutes for all that the model read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from winback.errors import UserError
from winback.server.database import atomic
from winback.server.feedback.models import Feedback
from winback.server.jobs.actions import enqueue
from winback.server.jobs.models import Job
from winback.server.themes import versions
from winback.server.themes.engine import engine_book, learned_of, taught_by
from winback.server.themes.models import Reading
from winback.server.themes.queries import version
from winback.server.workspaces import audit
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Workspace

ENOUGH = 5  # codings after which all is read again, though people go on coding
QUIET = dt.timedelta(minutes=2)  # without a coding, after which one is enough; and between two readings at least
PACE = dt.timedelta(minutes=1) / 10_000  # between two readings, for each comment that is read again
AT_ONCE = 500  # comments coded by people that are learned from while somebody waits: half a second of work


@dataclass(frozen=True)
class Taught:
    """What people coded since the comments were last read, and when that was; None where they never were."""

    comments: int
    latest: dt.datetime | None
    read_at: dt.datetime | None

    @property
    def lacking(self) -> int:
        """How many more have to be coded until the model begins to sort by a codebook that was made by hand."""
        return max(versions.FIRST - self.comments, 0) if self.read_at is None else 0


def since(workspace: Workspace) -> Taught:
    """What has been coded since the last reading. Second readings count where they are the ones that stand."""
    last = version(workspace)
    rows = versions.coded_since(workspace, last)
    found = rows.aggregate(n=Count("id"), latest=Max("at"))
    return Taught(found["n"], found["latest"], last.made_at if last else None)


def due(workspace: Workspace, *, now: dt.datetime | None = None) -> bool:
    """Whether what the model read should be read again by what was coded since.

    Not at every coding: that would read all for each of them. A large workspace, which takes longer, rests longer.
    """
    now = now or timezone.now()
    taught = since(workspace)
    if taught.read_at is None:
        return versions.may_learn(workspace)
    if taught.latest is None or now - taught.read_at < QUIET:
        return False
    if taught.comments < ENOUGH and now - taught.latest < QUIET:
        return False
    return now - taught.read_at >= PACE * _read(workspace).count()


def read_again(*, access: Access) -> Job:
    """Have all that the model read be read again now. Raises UserError where nobody has coded anything to learn from."""
    workspace = access.workspace
    with atomic():
        taught = since(workspace)
        if not taught.comments:
            raise UserError(
                "Nothing has been coded since the comments were read last: they would be read as they were."
            )
        audit.record(verb="comments read again", target="codebook", by=access, coded=taught.comments)
        if taught.read_at is None:
            return enqueue(
                task="themes.learn",
                workspace_id=workspace.pk,
                key=f"{workspace.pk} now",
                workspace=workspace.pk,
                least=1,
            )
        versions.learn(workspace=workspace)
        return enqueue(task="themes.assign", workspace_id=workspace.pk, key=str(workspace.pk), workspace=workspace.pk)


def read_now(row: Feedback) -> list[dict[str, Any]] | None:
    """What the model finds in a comment with all that was coded up to now: as rows of `assign` that name a theme.

    None where the reading that is kept knows as much, or where learning would keep somebody waiting: there are very many
    codings, or vectors that come from elsewhere.
    """
    from winback.analysis.codebook import assign

    workspace = row.workspace
    if since(workspace).latest is None or _coded(workspace)[: AT_ONCE + 1].count() > AT_ONCE:
        return None
    book = engine_book(workspace)
    if book is None or not book.model.startswith("static"):
        return None
    learned = taught_by(book, learned_of(workspace, but=(row.source_id, row.external_id)))
    found = assign([row.comment], book, learned=learned).to_pylist()
    return [one for one in found if one["theme"] is not None]


def _coded(workspace: Workspace) -> QuerySet[Reading]:
    return versions.coded_since(workspace, None)


def _read(workspace: Workspace) -> QuerySet[Reading]:
    return Reading.objects.filter(workspace=workspace, kind="model", stands=True)
